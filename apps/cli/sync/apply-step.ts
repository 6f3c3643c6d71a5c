import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Refusal } from '../api/refusal.js';
import type { RestClient } from '../api/rest-client.js';
import { packRow, scheduleRow, storedPack, targetRow, type TargetRow } from '../api/rows.js';
import { Conflict, Failure } from '../failure.js';
import type { DeclaredTarget } from './files/declared.js';
import { fieldOf } from './plan/differences.js';
import type { Action, PackStep, ScheduleStep, Step, TargetStep } from './plan/step.js';
import type { ServerState } from './server-state.js';

const nothing = z.undefined();
const anything = z.unknown();

/** Writes steps of a plan, one by one. What the API does not bind to a version is read once more right before it is written. */
export class StepWriter {
  private readonly targetIds: Map<string, string>;

  constructor(
    private readonly client: RestClient,
    private readonly state: ServerState,
  ) {
    this.targetIds = new Map([...state.targets.values()].map(({ name, id }) => [name, id]));
  }

  /** @throws Conflict when somebody else changed it since the plan was made, Failure when it does not go through */
  async write(step: Step): Promise<void> {
    try {
      if (step.kind === 'rule-pack') await this.writePack(step);
      else if (step.kind === 'target') await this.writeTarget(step);
      else await this.writeSchedule(step);
    } catch (error) {
      if (error instanceof Refusal && error.isConflict) throw changedMeanwhile(step);
      if (error instanceof Conflict) throw error;
      if (error instanceof Refusal || error instanceof Failure) throw stoppedAt(step, error);
      throw error;
    }
  }

  private async writePack(step: PackStep): Promise<void> {
    const path = `/rule-packs/${encodeURIComponent(step.name)}`;
    const { declared, current } = step;
    if (declared === null) {
      if ((await this.find(path, packRow))?.version !== current?.version) throw changedMeanwhile(step);
      return void (await this.client.call({ method: 'DELETE', path }, nothing));
    }
    const headers: Record<string, string> =
      current === null ? { 'if-none-match': '*' } : { 'if-match': `"${current.version}"` };
    try {
      await this.client.call({ method: 'PUT', path, body: declared.document, headers }, storedPack);
    } catch (error) {
      const isConflict = error instanceof Refusal && error.isConflict;
      // Of two runs side by side the later one finds what it wanted.
      if (isConflict && (await this.find(path, packRow))?.document === declared.document) return;
      throw error;
    }
  }

  private async writeTarget(step: TargetStep): Promise<void> {
    const { declared, current } = step;
    if (current === null) {
      if (declared === null) return;
      const body = { name: declared.name, ...this.targetBody(declared) };
      const made = await this.client.call({ method: 'POST', path: '/targets', body }, targetRow);
      this.targetIds.set(made.name, made.id);
      return;
    }
    const path = `/targets/${encodeURIComponent(current.id)}`;
    const now = await this.find(path, targetRow);
    if (now === null || !isDeepStrictEqual(settings(now), settings(current))) throw changedMeanwhile(step);
    if (declared === null) return void (await this.client.call({ method: 'DELETE', path }, nothing));
    const changed = new Set(step.differences.map(fieldOf));
    if (changed.has('credential')) changed.add('credentialId');
    const body = Object.fromEntries(
      Object.entries(this.targetBody(declared)).filter(([field]) => changed.has(field)),
    );
    await this.client.call({ method: 'PATCH', path, body }, targetRow);
  }

  private targetBody({ mode, credential, rulePacks, labels, platform, config }: DeclaredTarget) {
    const credentialId = credential === null ? undefined : this.state.credentials?.get(credential)?.id;
    return {
      mode,
      ...(credentialId === undefined ? {} : { credentialId }),
      ...(rulePacks === null ? {} : { rulePacks }),
      labels,
      [platform]: config,
    };
  }

  private async writeSchedule(step: ScheduleStep): Promise<void> {
    const { declared, current } = step;
    const rows = await this.client.list('/schedules', scheduleRow);
    const now = rows.find(({ name }) => name === step.name) ?? null;
    if (!isDeepStrictEqual(now, current)) throw changedMeanwhile(step);
    if (declared === null) {
      const path = `/schedules/${encodeURIComponent(current?.id ?? '')}`;
      return void (await this.client.call({ method: 'DELETE', path }, nothing));
    }
    const { name, cron, timezone, targets, labels, report, enabled } = declared;
    const targetIds = targets.map((target) => this.targetIds.get(target));
    const body = { name, cron, timezone, targetIds, labels, report, enabled };
    await this.client.call({ method: 'POST', path: '/schedules', body }, anything);
  }

  private async find<T>(path: string, row: z.ZodType<T>): Promise<T | null> {
    try {
      return await this.client.call({ method: 'GET', path }, row);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return null;
      throw error;
    }
  }
}

/** A scan changes how many findings there are, and nothing that a plan is made of. */
const settings = ({ openFindings: _counted, ...rest }: TargetRow) => rest;

const TO_BE = {
  create: 'to be created',
  update: 'to be changed',
  delete: 'to be removed',
  unchanged: 'to be left',
} as const satisfies Record<Action, string>;

function stoppedAt(step: Step, cause: Error): Failure {
  return new Failure(`Stopped at the ${wordsOf(step)}, ${TO_BE[step.action]}: ${cause.message}`, { cause });
}

const wordsOf = ({ kind, name }: Step): string => `${kind.replace('-', ' ')} ${JSON.stringify(name)}`;

function changedMeanwhile(step: Step): Conflict {
  return new Conflict(
    `Conflict: somebody else changed the ${wordsOf(step)} since it was read. Run the same command again, and look at the difference.`,
  );
}
