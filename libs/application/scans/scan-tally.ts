import { HygieneError, type NotEvaluated, type ScanError } from '#core';
import type { ScopeFaults } from '../ports/scan-scopes.js';
import type { ScanProgress } from '../ports/stores.js';
import type { ScanStatus } from '../records/scan.js';

/** Beyond this many a scan's errors say only how many more there were. */
const MAX_ERRORS = 200;

/** What a running scan has counted so far. */
export class ScanTally {
  private done = 0;
  private total: number | null = null;
  private resources = 0;
  private tags = 0;
  private unitsRead = 0;
  private errorsBeyond = 0;
  private readonly errorList: ScanError[] = [];
  private readonly missingFacts = new Map<string, NotEvaluated>();

  get progress(): ScanProgress {
    const { done, total, resources, tags } = this;
    return { done, total, resources, tags };
  }

  countResources(resources: number, tags: number): void {
    this.resources += resources;
    this.tags += tags;
  }

  countProgress(done: number, total: number | null): void {
    this.done = done;
    this.total = total;
  }

  countUnit(): void {
    this.unitsRead += 1;
  }

  addError(error: ScanError): void {
    if (this.errorList.length < MAX_ERRORS) this.errorList.push(error);
    else this.errorsBeyond += 1;
  }

  /** An error that ended the whole scan, or (scope given) the reading of one scope. */
  addFault(error: unknown, scope: string | null = null): void {
    this.addError(
      error instanceof HygieneError
        ? { code: error.code, message: error.message, scope, retryable: error.retryable }
        : {
            code: 'INTERNAL',
            message: 'The scan met a fault of Tagward itself; the log has the details.',
            scope,
            retryable: false,
          },
    );
  }

  addNotEvaluated(entries: readonly NotEvaluated[]): void {
    for (const entry of entries) {
      const key = JSON.stringify([entry.rulePack, entry.ruleId, entry.needs]);
      const known = this.missingFacts.get(key);
      this.missingFacts.set(key, { ...entry, resources: entry.resources + (known?.resources ?? 0) });
    }
  }

  /** What another tally came to, apart from its counts. */
  add(faults: ScopeFaults): void {
    for (const error of faults.errors) this.addError(error);
    this.errorsBeyond += faults.errorsBeyond;
    this.unitsRead += faults.unitsRead;
    this.addNotEvaluated(faults.notEvaluated);
  }

  get faults(): ScopeFaults {
    const { unitsRead, errorList: errors, errorsBeyond, notEvaluated } = this;
    return { unitsRead, errors, errorsBeyond, notEvaluated };
  }

  get errors(): readonly ScanError[] {
    if (this.errorsBeyond === 0) return this.errorList;
    const message = `${this.errorsBeyond} more errors of this scan are not listed.`;
    return [...this.errorList, { code: 'LIMIT_EXCEEDED', message, scope: null, retryable: false }];
  }

  get notEvaluated(): readonly NotEvaluated[] {
    return [...this.missingFacts.values()];
  }

  /** How a scan that came to its end ended: whole, in part, or with nothing read. */
  get status(): Extract<ScanStatus, 'SUCCEEDED' | 'PARTIAL' | 'FAILED'> {
    if (this.errorList.length === 0) return 'SUCCEEDED';
    return this.unitsRead > 0 ? 'PARTIAL' : 'FAILED';
  }
}
