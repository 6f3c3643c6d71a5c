import { describe, expect, it } from 'vitest';
import { makePlan, type Prune } from '../plan/make-plan.js';
import { declared, pack, serverState } from '../plan-world.fixture.js';
import type { ServerState } from '../server-state.js';
import { accessFaults } from './access-faults.js';
import { referenceFaults } from './reference-faults.js';

const NONE: Prune = { rest: false, targets: false };
const PRUNE: Prune = { rest: true, targets: false };

function faultsOf(
  texts: Readonly<Record<string, string>>,
  prune = NONE,
  state: Partial<ServerState> = {},
): string[] {
  const server = serverState(state);
  const found = referenceFaults(makePlan(declared(texts), server, prune), server);
  return found.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
}
const target = (name: string, more: string) => `target: ${name}\n${more}\nec2: { regions: [eu-west-1] }`;

describe('names in files', () => {
  it('stand for what is in the directory or on the service', () => {
    const texts = {
      'p.yaml': pack('new'),
      't.yaml': target('api', 'rulePacks: [new, base]'),
      's.yaml': 'schedule: both\ncron: "@daily"\ntargets: [api, web]',
    };
    expect(faultsOf(texts)).toEqual([]);
  });

  it('stand for nothing once it is pruned', () => {
    const texts = { 'p.yaml': pack('base'), 't.yaml': target('api', 'rulePacks: [base, old]') };
    expect(faultsOf(texts)).toEqual([]);
    expect(faultsOf(texts, PRUNE)[0]).toMatch(/^t.yaml:2:19 There is no rule pack "old"/);
  });

  it('are looked for where they are written, at each of them', () => {
    const schedule = 'schedule: both\ncron: "@daily"\ntargets:\n  - web\n  - wbe\n  - nowhere at all';
    expect(faultsOf({ 's.yaml': schedule })).toEqual([
      's.yaml:5:5 There is no target "wbe", neither in the directory nor on the service. Did you mean "web"?',
      's.yaml:6:5 There is no target "nowhere at all", neither in the directory nor on the service.',
    ]);
  });

  it('of credentials stand for one that the platform takes', () => {
    const credentials = new Map([['key', { id: 'c1', name: 'key', kind: 'SSH_KEY' as const }]]);
    const [missing, wrong] = ['credential: kye', 'credential: key'].map((field) =>
      faultsOf({ 't.yaml': target('api', field) }, NONE, { credentials }),
    );
    expect(missing?.[0]).toMatch(/^t.yaml:2:13 There is no credential "kye" .* Did you mean "key"\?$/);
    expect(wrong?.[0]).toMatch(
      /^t.yaml:2:13 ec2 takes a credential of kind AWS_ACCESS_KEY; "key" is SSH_KEY/,
    );
  });
});

describe('what stays', () => {
  it('keeps what it uses', () => {
    expect(faultsOf({ 'p.yaml': pack('base') }, PRUNE)).toEqual([
      expect.stringContaining('The target web is not in the directory and stays; it uses the rule pack old'),
    ]);
    const other = { 't.yaml': target('api', 'mode: WRITE') };
    expect(faultsOf(other, { rest: false, targets: true })).toEqual([
      expect.stringContaining(
        'The schedule nightly is not in the directory and stays; it uses the target web',
      ),
    ]);
  });

  it('keeps nothing once it changes or goes, too', () => {
    const changed = { 'p.yaml': pack('base'), 't.yaml': target('web', 'rulePacks: [base]') };
    expect(faultsOf(changed, PRUNE)).toEqual([]);
    const gone = { ...changed, 't.yaml': target('api', ''), 's.yaml': 'schedule: weekly\ncron: "@weekly"' };
    expect(faultsOf(gone, { rest: true, targets: true })).toEqual([]);
  });
});

describe('the token', () => {
  const words = (viewer: Partial<ServerState['viewer']>, texts: Readonly<Record<string, string>>) => {
    const state = serverState();
    const plan = makePlan(declared(texts), state, NONE);
    return accessFaults(plan, { ...state, viewer: { ...state.viewer, ...viewer } }).map(
      ({ message }) => message,
    );
  };
  const web = { 't.yaml': target('web', 'rulePacks: [old]\nmode: WRITE') };

  it('needs the scope ADMIN when there is something to write', () => {
    expect(words({ scopes: ['READ'] }, web)).toEqual([
      'The token of token:ci lacks the scope ADMIN, which changes need.',
    ]);
    expect(words({ scopes: ['READ'] }, { 'p.yaml': pack('base') })).toEqual([]);
  });

  it('that is narrowed may change its targets only', () => {
    expect(words({ targetIds: ['t1'] }, web)).toEqual([]);
    expect(words({ targetIds: ['t1'] }, { ...web, 'p.yaml': pack('new') })).toEqual([
      expect.stringContaining('It cannot create the rule pack new.'),
    ]);
  });
});
