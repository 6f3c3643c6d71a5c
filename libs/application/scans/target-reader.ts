import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connector, InventoryEvent, ListRequest, PointerFact, Policy, ReadUnit, Resource } from '#core';
import { fingerprint } from '../crypto/fingerprint.js';
import type { ScanSession } from '../ports/stores.js';
import type { TargetRecord } from '../records/target.js';
import { implausibleDropError, isImplausibleDrop } from './implausible-drop.js';
import { OtherScopes } from './other-scopes.js';
import { ResourceCounter } from './resource-counter.js';
import type { ScanTally } from './scan-tally.js';
import { slicesOf } from './slices.js';
import { ToldScopes } from './told-scopes.js';
import { UnjudgedUnits } from './unjudged-tags.js';
import { withHistory } from './with-history.js';

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
  /** What was told of so far, by all readings of this reader. */
  readonly told = new ToldScopes();
  private readonly facts: ReadonlySet<PointerFact>;
  private readonly counter = new ResourceCounter();
  private readonly unjudged = new UnjudgedUnits();

  constructor(private readonly reading: Reading) {
    const { policy, target } = reading;
    this.facts = policy.factsFor({ platform: target.platform, target: target.name });
  }

  /** Scopes that are gone are settled at the end: a fault that comes before it must not look like the end of a list. */
  async read(
    connector: Connector,
    limits: Pick<ListRequest, 'resources' | 'scopes'>,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const event of connector.listResources({ ...limits, facts: this.facts, signal })) {
      signal.throwIfAborted();
      await this.take(event);
    }
    const { resources, scopes = null } = limits;
    if (resources === null && scopes === null && this.told.areAll)
      await new OtherScopes(this.reading).settle(this.told.scopes);
  }

  private async take(event: InventoryEvent): Promise<void> {
    this.told.note(event);
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
      this.counter.count(unit, resources),
      resources.reduce((sum, { tags }) => sum + tags.length, 0),
    );
    for (const slice of slicesOf(resources)) {
      for (const found of this.judge(unit, await this.remembered(slice))) {
        if (found.length > 0) await session.recordFindings(unit, found);
        await nextTurn();
      }
    }
  }

  private async remembered(slice: readonly Resource[]): Promise<readonly Resource[]> {
    return withHistory(slice, this.facts, (part) => this.reading.session.history(part, this.facts));
  }

  private *judge(unit: ReadUnit, slice: readonly Resource[]) {
    const { target, policy, tally, at } = this.reading;
    const context = { platform: target.platform, target: target.name, now: at };
    for (const { findings, notEvaluated, unjudged } of policy.evaluateInParts(slice, context)) {
      tally.addNotEvaluated(notEvaluated);
      this.unjudged.add(unit, unjudged);
      yield findings.map((finding) => ({ ...finding, id: fingerprint(target.id, finding) }));
    }
  }

  private async takeUnit({ unit }: Extract<InventoryEvent, { type: 'complete' }>): Promise<void> {
    const { session, tally } = this.reading;
    this.counter.forget(unit);
    const spared = this.unjudged.take(unit);
    const counts = await session.tagCounts(unit);
    if (isImplausibleDrop(counts)) {
      await session.suspectUnit(unit);
      tally.addError(implausibleDropError(unit, counts));
      return;
    }
    await session.completeUnit(unit, spared);
    tally.countUnit();
  }
}
