import { describe, expect, it } from 'vitest';
import { SCOPES, type Scope, type Viewer } from '../records/access.js';
import { OPERATIONS } from './catalog.js';
import type { OperationName } from './outputs.js';
import type { OperationSpec } from './operation-spec.js';
import { Operations, type OperationHandlers } from './operations.js';

const NAMES = Object.keys(OPERATIONS) as OperationName[];
const reached = new Error('the handler was reached');
const handlers = Object.fromEntries(
  NAMES.map((name) => [name, () => Promise.reject(reached)]),
) as unknown as OperationHandlers;
const operations = new Operations(handlers);

function viewer(scopes: readonly Scope[], targetIds: readonly string[] | null = null): Viewer {
  return { subject: 'token:test', source: 'TOKEN', scopes, targetIds };
}
const outcomeOf = (name: OperationName, who: Viewer) =>
  operations.run(name, who, {}).then(
    () => 'passed',
    (error: unknown) => (error === reached ? 'passed' : ((error as { code?: string }).code ?? String(error))),
  );
const GRANTS: Record<Scope, readonly Scope[]> = {
  READ: ['READ'],
  SCAN: ['READ', 'SCAN'],
  REMEDIATE: ['READ', 'REMEDIATE'],
  ADMIN: SCOPES,
};

describe('Operations', () => {
  it.each(NAMES)('%s is open to exactly the scopes that grant it', async (name) => {
    const { scope }: OperationSpec = OPERATIONS[name];
    for (const granted of SCOPES) {
      const allowed = scope === null || GRANTS[granted].includes(scope);
      const outcome = await outcomeOf(name, viewer([granted]));
      expect(outcome === 'SCOPE_MISSING', `${name} with ${granted}: ${outcome}`).toBe(!allowed);
    }
  });

  it.each(NAMES)('%s refuses a narrowed token where it reaches beyond targets', async (name) => {
    const outcome = await outcomeOf(name, viewer(['ADMIN'], ['t']));

    expect(outcome === 'SCOPE_MISSING').toBe(OPERATIONS[name].narrowed === 'refused');
  });

  it('audits every mutation and no query', () => {
    for (const name of NAMES) {
      const spec: OperationSpec = OPERATIONS[name];
      expect(spec.audit === null, name).toBe(spec.kind === 'query');
    }
  });

  it('gives every operation a REST door of its own', () => {
    const doors = NAMES.map((name) => `${OPERATIONS[name].rest.method} ${OPERATIONS[name].rest.path}`);

    expect(new Set(doors).size).toBe(doors.length);
  });

  it('says every fault of an input at once, with its path', async () => {
    const input = { name: '', mode: 'MAYBE', labels: [{ key: 'a' }], surprise: 1 };

    await expect(operations.run('createTarget', viewer(['ADMIN']), input)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      faults: expect.arrayContaining([
        expect.objectContaining({ path: 'name' }),
        expect.objectContaining({ path: 'mode' }),
        expect.objectContaining({ path: 'labels.0.value' }),
        expect.objectContaining({ message: expect.stringContaining('surprise') }),
      ]),
    });
  });

  it.each([0, -1, 201, 1_000_000, 'NaN', '1e1', '0x10', ' 5 ', '', true, [5]])(
    'refuses a page of %j rows',
    async (first) => {
      await expect(operations.run('findings', viewer(['READ']), { first })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    },
  );

  it.each([true, '', [], '1e0', 2 ** 31, '2147483648', 1.5, -1])(
    'refuses %j as a version',
    async (version) => {
      const refused = { code: 'INPUT_INVALID' };
      const admin = viewer(['ADMIN']);

      await expect(operations.run('rulePack', admin, { name: 'p', version })).rejects.toMatchObject(refused);
      await expect(
        operations.run('putRulePack', admin, { name: 'p', document: '', expectedVersion: version }),
      ).rejects.toMatchObject(refused);
    },
  );

  it('takes numbers as a query string writes them', async () => {
    await expect(operations.run('findings', viewer(['READ']), { first: '5' })).rejects.toBe(reached);
    await expect(
      operations.run('verifyAuditLog', viewer(['ADMIN']), { expectedSequence: '9007199254740991' }),
    ).rejects.toBe(reached);
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
    '+010000-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
  ])('refuses %s, which no store holds', async (until) => {
    await expect(
      operations.run('suppressFinding', viewer(['SCAN']), { id: 'f', reason: 'r', until }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', faults: [expect.objectContaining({ path: 'until' })] });
  });

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])('takes %s as a date', async (until) => {
    await expect(
      operations.run('suppressFinding', viewer(['SCAN']), { id: 'f', reason: 'r', until }),
    ).rejects.toBe(reached);
  });
});
