import { didYouMean, isMap, parseRulePack, readDocument, runPackTests, type Diagnostic } from '#core';
import type { FileFault } from '../../failure.js';
import { Source, type DeclaredPack, type DeclaredSchedule, type DeclaredTarget } from './declared.js';
import type { SourceFile, SourceFiles } from './read-directory.js';
import { readSchedule } from './read-schedule.js';
import { readTarget } from './read-target.js';

/** Everything that a directory says there is to be. */
export interface Declarations {
  readonly packs: readonly DeclaredPack[];
  readonly targets: readonly DeclaredTarget[];
  readonly schedules: readonly DeclaredSchedule[];
  readonly faults: readonly FileFault[];
  readonly warnings: readonly FileFault[];
}

/** The field that says what a document is, and its name. */
const KINDS = ['pack', 'target', 'schedule'] as const;

/** Reads every file, and says everything that is wrong at once. @param now for the packs' own tests, and for schedules */
export function readDeclarations({ files, faults }: SourceFiles, now: Date): Declarations {
  const read = new Reading(now);
  for (const file of files) read.add(file);
  const { packs, targets, schedules, warnings } = read;
  const all = [...faults, ...read.faults, ...[packs, targets, schedules].flatMap(takenNames)];
  return { packs, targets, schedules, warnings, faults: all.sort(byPlace) };
}

function byPlace(a: FileFault, b: FileFault): number {
  const [from, to] = [a.file ?? '', b.file ?? ''];
  if (from !== to) return from < to ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

class Reading {
  readonly packs: DeclaredPack[] = [];
  readonly targets: DeclaredTarget[] = [];
  readonly schedules: DeclaredSchedule[] = [];
  readonly faults: FileFault[] = [];
  readonly warnings: FileFault[] = [];

  constructor(private readonly now: Date) {}

  add(file: SourceFile): void {
    const { document, faults } = readDocument(file.text);
    if (document === null) return this.addFaults(file, faults);
    const source = new Source(file.path, document);
    const { root } = document;
    const keys = isMap(root) ? Object.keys(root) : [];
    const [kind, second] = KINDS.filter((name) => keys.includes(name));
    if (kind === undefined || second !== undefined) {
      this.faults.push(source.fault([], unknownKind(keys, second !== undefined)));
    } else if (kind === 'pack') this.addPack(file, source);
    else {
      this.addFaults(file, faults);
      if (kind === 'target') this.addTarget(source);
      else this.addSchedule(source);
    }
  }

  private addPack({ path, text }: SourceFile, source: Source): void {
    const { pack, diagnostics } = parseRulePack(text);
    const all = pack === null ? diagnostics : [...diagnostics, ...runPackTests(pack, this.now)];
    for (const { line, column, message, severity } of all) {
      const isFault = severity === 'critical' || severity === 'high';
      (isFault ? this.faults : this.warnings).push({ file: path, line, column, message });
    }
    if (pack !== null) this.packs.push({ kind: 'rule-pack', name: pack.name, source, document: text });
  }

  private addTarget(source: Source): void {
    const { target, faults } = readTarget(source);
    this.faults.push(...faults);
    if (target !== null) this.targets.push(target);
  }

  private addSchedule(source: Source): void {
    const { schedule, faults } = readSchedule(source, this.now);
    this.faults.push(...faults);
    if (schedule !== null) this.schedules.push(schedule);
  }

  private addFaults({ path }: SourceFile, diagnostics: readonly Diagnostic[]): void {
    for (const { line, column, message } of diagnostics)
      this.faults.push({ file: path, line, column, message });
  }
}

function unknownKind(keys: readonly string[], isSeveral: boolean): string {
  if (isSeveral) return `A document has one of ${KINDS.join(', ')}, not several; write a file for each.`;
  const near = keys.map((key) => didYouMean(key, KINDS)).find((hint) => hint !== '') ?? '';
  return `This is no rule pack (pack: …), target (target: …) or schedule (schedule: …).${near}`;
}

/** A name stands for one thing of its kind. */
function takenNames(declared: readonly (DeclaredPack | DeclaredTarget | DeclaredSchedule)[]): FileFault[] {
  const first = new Map<string, string>();
  return declared.flatMap(({ kind, name, source }) => {
    const taken = first.get(name);
    if (taken === undefined) {
      first.set(name, source.file);
      return [];
    }
    const field = kind === 'rule-pack' ? 'pack' : kind;
    return [source.fault([field], `The name ${JSON.stringify(name)} is already taken by ${taken}.`)];
  });
}
