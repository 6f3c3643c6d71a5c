import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connector, InventoryEvent, Policy, Resource } from '#core';
import { fingerprint } from '../crypto/fingerprint.js';
import type { ScanSession } from '../ports/stores.js';
import type { TargetRecord } from '../records/target.js';
import { implausibleDropError, isImplausibleDrop } from './implausible-drop.js';
import type { ScanTally } from './scan-tally.js';

/** Evaluation runs in slices so that it never holds the event loop for long. */
const SLICE = 250;

export interface Reading {
  readonly target: TargetRecord;
  readonly policy: Policy;
  readonly session: ScanSession;
  readonly tally: ScanTally;
  /** The scan's start: `now` of every verdict. */
  readonly at: Date;
}

/** Carries what a connector reads into a scan session, judged by a policy, one event at a time. */
export class TargetReader {
  constructor(private readonly reading: Reading) {}

  async read(connector: Connector, resources: readonly string[] | null, signal: AbortSignal): Promise<void> {
    for await (const event of connector.listResources({ resources, signal })) {
      signal.throwIfAborted();
      await this.take(event);
    }
  }

  private async take(event: InventoryEvent): Promise<void> {
    switch (event.type) {
      case 'resources':
        return this.takeResources(event);
      case 'complete':
        return this.takeUnit(event);
      case 'all-scopes':
        return;
      case 'error':
        return this.reading.tally.addError(event.error);
      case 'progress':
        return this.reading.tally.countProgress(event.done, event.total);
    }
  }

  private async takeResources({
    unit,
    resources,
  }: Extract<InventoryEvent, { type: 'resources' }>): Promise<void> {
    const { session, tally } = this.reading;
    await session.recordResources(unit, resources);
    tally.countResources(
      resources.length,
      resources.reduce((sum, { tags }) => sum + tags.length, 0),
    );
    for (let start = 0; start < resources.length; start += SLICE) {
      const found = this.judge(resources.slice(start, start + SLICE));
      if (found.length > 0) await session.recordFindings(unit, found);
      await nextTurn();
    }
  }

  private judge(slice: readonly Resource[]) {
    const { target, policy, tally, at } = this.reading;
    const context = { platform: target.platform, target: target.name, now: at };
    const { findings, notEvaluated } = policy.evaluate(slice, context);
    tally.addNotEvaluated(notEvaluated);
    return findings.map((finding) => ({ ...finding, id: fingerprint(target.id, finding) }));
  }

  private async takeUnit({ unit }: Extract<InventoryEvent, { type: 'complete' }>): Promise<void> {
    const { session, tally } = this.reading;
    const counts = await session.tagCounts(unit);
    if (isImplausibleDrop(counts)) {
      await session.suspectUnit(unit);
      tally.addError(implausibleDropError(unit, counts));
      return;
    }
    await session.completeUnit(unit);
    tally.countUnit();
  }
}
