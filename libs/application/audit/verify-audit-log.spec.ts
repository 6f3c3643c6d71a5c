import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../records/audit.js';
import { AUDIT_GENESIS, auditHash } from './audit-hash.js';
import { VerifyAuditLog, type ExpectedHead } from './verify-audit-log.js';

function chainOf(length: number): AuditEvent[] {
  const chain: AuditEvent[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const event = {
      sequence,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, sequence)),
      actor: 'token:ci',
      action: 'scan.start',
      subject: `target:${sequence}`,
      details: { zeta: 1, alpha: 'ü', nested: { b: [1, null], a: true } },
      previousHash: chain.at(-1)?.hash ?? AUDIT_GENESIS,
    };
    chain.push({ ...event, hash: auditHash(event) });
  }
  return chain;
}

function verify(events: readonly AuditEvent[], expected: ExpectedHead = {}) {
  async function* stream(): AsyncGenerator<AuditEvent> {
    yield* events;
  }
  return new VerifyAuditLog({ stream }).execute(expected);
}

/** Every way one attacker with the table in hand may tamper with an event, its hash made right again or not. */
const tampering = fc.constantFrom<(event: AuditEvent) => AuditEvent>(
  (event) => ({ ...event, actor: 'someone-else' }),
  (event) => ({ ...event, details: {} }),
  (event) => ({ ...event, at: new Date(0) }),
  (event) => ({ ...event, hash: 'f'.repeat(64) }),
  (event) => ({ ...event, sequence: event.sequence + 1 }),
);

describe('VerifyAuditLog', () => {
  it('accepts an empty log and a whole chain', async () => {
    expect(await verify([])).toEqual({ ok: true, events: 0, brokenAt: null, head: AUDIT_GENESIS });
    const chain = chainOf(5);
    expect(await verify(chain)).toEqual({ ok: true, events: 5, brokenAt: null, head: chain[4]?.hash });
  });

  it('names the first event that was edited', async () => {
    const chain = chainOf(8);
    await fc.assert(
      fc.asyncProperty(fc.nat(7), tampering, async (index, tamper) => {
        const edited = chain.map((event, at) => (at === index ? tamper(event) : event));
        expect(await verify(edited)).toMatchObject({ ok: false, brokenAt: index + 1 });
      }),
    );
  });

  it('sees an edit whose own hash was made right again, at the next link', async () => {
    const chain = chainOf(4);
    const forged = { ...chain[1]!, actor: 'someone-else' };
    const edited = chain.with(1, { ...forged, hash: auditHash(forged) });

    expect(await verify(edited)).toMatchObject({ ok: false, brokenAt: 3 });
  });

  it('sees events cut out of the middle and swapped ones', async () => {
    const chain = chainOf(5);

    expect(await verify(chain.toSpliced(2, 1))).toMatchObject({ ok: false, brokenAt: 3 });
    expect(await verify([chain[1]!, chain[0]!])).toMatchObject({ ok: false, brokenAt: 1 });
  });

  it('sees a cut tail when given the exported head, and only then', async () => {
    const chain = chainOf(5);
    const cut = chain.slice(0, 3);

    expect(await verify(cut)).toMatchObject({ ok: true, events: 3 });
    expect(await verify(cut, { expectedHead: chain[4]!.hash })).toMatchObject({ ok: false, brokenAt: 4 });
    expect(await verify(cut, { expectedSequence: 5 })).toMatchObject({ ok: false, brokenAt: 4 });
    expect(await verify(chain, { expectedSequence: 3, expectedHead: chain[2]!.hash })).toMatchObject({
      ok: true,
    });
    expect(await verify(chain, { expectedSequence: 3, expectedHead: chain[3]!.hash })).toMatchObject({
      ok: false,
      brokenAt: 3,
    });
  });
});
