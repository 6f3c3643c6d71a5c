import { describe, expect, it } from 'vitest';
import { declared, pack, serverState } from '../plan-world.fixture.js';
import { inOrderOfWriting, makePlan, type Prune } from './make-plan.js';
import { isWrite } from './step.js';

const NONE: Prune = { rest: false, targets: false };
const ALL: Prune = { rest: true, targets: true };

function planned(texts: Readonly<Record<string, string>>, prune: Prune): string[] {
  const plan = makePlan(declared(texts), serverState(), prune);
  return inOrderOfWriting(plan).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}

const NEW = {
  's.yaml': 'schedule: weekly\ncron: "@weekly"',
  't.yaml': 'target: api\nrulePacks: [new]\nec2: { regions: [eu-west-1] }',
  'p.yaml': pack('new'),
};

describe('a plan', () => {
  it('makes what is needed before what needs it, and takes away the other way round', () => {
    expect(planned(NEW, ALL)).toEqual([
      ...['create rule-pack new', 'create target api', 'create schedule weekly'],
      ...['delete schedule nightly', 'delete target web', 'delete rule-pack base', 'delete rule-pack old'],
    ]);
  });

  it('takes nothing away unless told, and targets only when that is said', () => {
    expect(planned(NEW, NONE).filter((step) => step.startsWith('delete'))).toEqual([]);
    expect(planned(NEW, { rest: true, targets: false })).not.toContain('delete target web');
    expect(planned(NEW, { rest: false, targets: true }).filter((step) => step.startsWith('delete'))).toEqual([
      'delete target web',
    ]);
  });

  it('takes nothing away of a kind that the directory has nothing of', () => {
    expect(planned({ 'p.yaml': pack('base') }, ALL)).toEqual([
      'unchanged rule-pack base',
      'delete rule-pack old',
    ]);
    expect(planned({ 't.yaml': NEW['t.yaml'] }, ALL)).toEqual(['create target api', 'delete target web']);
    expect(planned({}, ALL)).toEqual([]);
  });

  it('sees no difference in what is only written otherwise', () => {
    const same = {
      'p.yaml': pack('old'),
      't.yaml':
        'ec2: { regions: [eu-west-1, eu-west-1] }\nrulePacks: [old]\nmode: READ_ONLY\nlabels: []\ntarget: web',
      's.yaml':
        '{ "schedule": "nightly", "targets": ["web", "web"], "cron": "0 2 * * *", "enabled": "true" }',
    };
    const plan = makePlan(declared(same), serverState(), NONE);
    expect(inOrderOfWriting(plan).filter(isWrite)).toEqual([]);
  });

  it('says that of a pack only comments differ', () => {
    const { packs } = makePlan(declared({ 'p.yaml': `# New\n${pack('base')}` }), serverState(), NONE);
    expect(packs).toMatchObject([
      { action: 'update', differences: [], notes: ['Only comments, layout or order differ.'] },
    ]);
  });

  it('shows a stored pack that cannot be read any more as a whole', () => {
    const packs = new Map([['base', { name: 'base', version: 1, document: 'pack: [' }]]);
    const plan = makePlan(declared({ 'p.yaml': pack('base') }), serverState({ packs }), NONE);
    expect(plan.packs).toMatchObject([{ action: 'update', differences: [{ path: '', before: 'pack: [' }] }]);
  });

  it('leaves credentials out where the token may not list them', () => {
    const texts = {
      't.yaml': 'target: web\nrulePacks: [old]\ncredential: aws\nec2: { regions: [eu-west-1] }',
    };
    const seen = makePlan(declared(texts), serverState(), NONE).targets;
    const unseen = makePlan(declared(texts), serverState({ credentials: null }), NONE).targets;
    expect(seen).toMatchObject([{ differences: [{ path: 'credential', before: null, after: 'aws' }] }]);
    expect(unseen).toMatchObject([{ action: 'unchanged' }]);
  });
});
