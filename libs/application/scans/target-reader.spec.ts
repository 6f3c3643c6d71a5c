import { describe, expect, it } from 'vitest';
import type { Connector, InventoryEvent, ListRequest, PointerFact, Policy, Resource, Unjudged } from '#core';
import { aFault, aResource, aTag } from '#testing';
import type { PointerHistory, ScanSession } from '../ports/stores.js';
import type { TargetRecord } from '../records/target.js';
import { ScanTally } from './scan-tally.js';
import { TargetReader } from './target-reader.js';

const AT = new Date('2026-01-01T00:00:00Z');
const unit = (scope: string) => ({ scope, resourceType: 'repository' });
const held = (scope: string, tags = [aTag('v1', null, 'sha256:a')]) => aResource(scope, tags, unit(scope));
const told = (scope: string, ...resources: Resource[]): InventoryEvent => ({
  type: 'resources',
  unit: unit(scope),
  resources,
});
const complete = (scope: string): InventoryEvent => ({ type: 'complete', unit: unit(scope) });
const ALL: InventoryEvent = { type: 'all-scopes' };
const failed = (scope: string | null): InventoryEvent => ({
  type: 'error',
  error: { code: 'REMOTE_UNREACHABLE', message: 'No answer.', scope, retryable: true },
});
const TARGET: TargetRecord = {
  id: 't1',
  name: 'forge',
  platform: 'git',
  location: 'https://forge.example.test',
  config: {},
  credentialId: null,
  rulePacks: null,
  mode: 'READ_ONLY',
  labels: [],
  capabilities: [],
  createdAt: AT,
  openFindings: 0,
  hygieneScore: null,
};

interface Around {
  readonly parts: number;
  readonly before: number;
  readonly seen: number;
}

/** A session that keeps what it is told, in order. */
function recordingSession(around: Around, history: PointerHistory = {}) {
  const calls: [string, ...unknown[]][] = [];
  const note =
    (name: string) =>
    async (...args: unknown[]) =>
      void calls.push([name, ...args]);
  const session: ScanSession = {
    recordResources: async ({ scope }, resources) => void calls.push(['record', scope, resources.length]),
    history: async (resources, facts) => {
      calls.push(['history', resources.length, [...facts].sort()]);
      return resources.map(({ tags }) => tags.map(() => history));
    },
    recordFindings: async (_unit, findings) =>
      void calls.push(['findings', ...findings.map(({ tag }) => tag)]),
    tagCounts: async () => ({ before: 0, seen: 0, suspected: false }),
    suspectUnit: note('suspect'),
    completeUnit: async ({ scope }, spared) => {
      const tags = [...(spared?.tags() ?? [])].map(({ rule, resource, tag }) => `${rule} ${resource} ${tag}`);
      calls.push(['complete', scope, ...tags]);
    },
    countOtherScopes: async (scopes) => {
      calls.push(['count others', ...scopes]);
      return around;
    },
    suspectOtherScopes: async (scopes) => void calls.push(['suspect others', ...scopes]),
    completeOtherScopes: async (scopes) => void calls.push(['complete others', ...scopes]),
    finish: async () => ({ open: 0, new: 0, resolved: 0, bySeverity: [], byRule: [] }),
  };
  return { session, calls };
}

interface Script {
  readonly events: readonly InventoryEvent[];
  readonly resources?: readonly string[] | null;
  readonly facts?: readonly PointerFact[];
  readonly around?: Around;
  readonly history?: PointerHistory;
  /** Of every batch. */
  readonly unjudged?: readonly Unjudged[];
  /** Thrown after the last event. */
  readonly fault?: Error;
}

async function read({ events, resources = null, facts = [], around, history, fault, unjudged = [] }: Script) {
  const { session, calls } = recordingSession(around ?? { parts: 0, before: 0, seen: 0 }, history);
  const requests: ListRequest[] = [];
  const judged: Resource[] = [];
  const connector: Connector = {
    health: () => Promise.reject(new Error('nobody asks')),
    close: async () => {},
    async *listResources(request) {
      requests.push(request);
      yield* events;
      if (fault !== undefined) throw fault;
    },
  };
  const policy: Policy = {
    rules: [],
    factsFor: ({ platform, target }) => new Set(platform === 'git' && target === 'forge' ? facts : []),
    evaluate: () => expect.fail('it is evaluated in parts'),
    *evaluateInParts(batch) {
      judged.push(...batch);
      const findings = batch.flatMap(({ tags }) =>
        tags.flatMap(({ name, digest, pointer }) =>
          pointer?.was === undefined || pointer.was === digest ? [] : [aFault('moved', { tag: name })],
        ),
      );
      for (const finding of findings) yield { findings: [finding], notEvaluated: [], unjudged: [] };
      yield { findings: [], notEvaluated: [], unjudged };
    },
  };
  const tally = new ScanTally();
  const reader = new TargetReader({ target: TARGET, policy, session, tally, at: AT });
  const reading = reader.read(connector, { resources }, new AbortController().signal);
  const thrown: unknown = await reading.then(
    () => null,
    (error: unknown) => error,
  );
  return { calls, requests, judged, tally, thrown };
}

describe('what a policy asks for', () => {
  it('is asked of the connector and of the inventory, and judged with what the connector said', async () => {
    const tag = { ...aTag('v1', null, 'sha256:b'), pointer: { annotated: true } };
    const { calls, requests, judged } = await read({
      events: [told('a', held('a', [tag, aTag('label', 'x')])), complete('a')],
      facts: ['was', 'annotated'],
      history: { was: 'sha256:a', cameBack: false },
    });

    expect([...(requests[0]?.facts ?? [])]).toEqual(['was', 'annotated']);
    expect(judged[0]?.tags).toEqual([
      { ...tag, pointer: { annotated: true, was: 'sha256:a', cameBack: false } },
      aTag('label', 'x'),
    ]);
    expect(calls).toEqual([
      ['record', 'a', 1],
      ['history', 1, ['annotated', 'was']],
      ['findings', 'v1'],
      ['complete', 'a'],
    ]);
  });

  it.each([{ facts: [] }, { facts: ['created', 'manifest'] as const }])(
    'costs no query when it is $facts',
    async ({ facts }) => {
      const { calls, judged } = await read({ events: [told('a', held('a'))], facts });

      expect(calls).toEqual([['record', 'a', 1]]);
      expect(judged).toEqual([held('a')]);
    },
  );
});

it('counts a repository once that is told in pages, and its tags all', async () => {
  const page = (n: number) => held('a', [aTag(`v${n}`, null, 'sha256:a'), aTag(`w${n}`, null, 'sha256:a')]);
  const { tally } = await read({
    events: [told('a', page(1)), told('b', held('b')), told('a', page(2)), told('a', page(3)), complete('a')],
  });

  expect(tally.progress).toMatchObject({ resources: 2, tags: 7 });
});

it('says at the end of a unit, and of no other, what could not be judged of it', async () => {
  const { calls } = await read({
    events: [told('a', held('a')), told('a', held('a')), complete('a'), complete('b')],
    unjudged: [
      { rulePack: 'p', ruleId: 'old', resource: 'a', tag: 'v1', needs: 'a date' },
      { rulePack: 'p', ruleId: 'whole', resource: 'a', tag: undefined, needs: 'a date' },
    ],
  });

  expect(calls.filter(([name]) => name === 'complete')).toEqual([
    ['complete', 'a', 'p/old a v1', 'p/whole a undefined'],
    ['complete', 'b'],
  ]);
});

describe('scopes that nobody told of', () => {
  const around = { parts: 2, before: 100, seen: 50 };

  it('are settled at the end of a reading that said it told of all', async () => {
    const { calls, tally } = await read({
      events: [told('a', held('a')), ALL, complete('b'), failed('c'), complete('a')],
      around,
    });

    expect(calls).toEqual([
      ['record', 'a', 1],
      ['complete', 'b'],
      ['complete', 'a'],
      ['count others', 'a', 'b', 'c'],
      ['complete others', 'a', 'b', 'c'],
    ]);
    expect(tally.status).toBe('PARTIAL');
  });

  it.each<[string, Script]>([
    ['nobody said that it told of all', { events: [complete('a')] }],
    ['some resources were read only', { events: [complete('a'), ALL], resources: ['x'] }],
    ['an error is about the whole target', { events: [complete('a'), failed(null), ALL] }],
    ['a fault ended the reading', { events: [complete('a'), ALL], fault: new Error('gone') }],
  ])('stay when %s', async (_when, script) => {
    const { calls, thrown } = await read({ ...script, around });

    expect(calls).toEqual([['complete', 'a']]);
    expect(thrown).toBe(script.fault ?? null);
  });

  it('are not believed to be gone when that is nearly everything', async () => {
    const { calls, tally } = await read({
      events: [complete('a'), ALL],
      around: { parts: 3, before: 100, seen: 9 },
    });

    expect(calls.map(([name]) => name)).toEqual(['complete', 'count others', 'suspect others']);
    expect(tally.errors).toMatchObject([{ code: 'IMPLAUSIBLE_DROP', scope: null, retryable: true }]);
    expect(tally.errors[0]?.message).toMatch(/had 100 tags.*hold 9;.*Scan again/);
  });

  it('are gone though nothing is left to be read', async () => {
    const { calls, tally } = await read({ events: [ALL], around: { parts: 1, before: 0, seen: 0 } });

    expect(calls.at(-1)).toEqual(['complete others']);
    expect(tally.status).toBe('SUCCEEDED');
  });
});
