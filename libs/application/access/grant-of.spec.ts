import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPES, type ClaimRule } from '../records/access.js';
import { grantOf } from './grant-of.js';

const rule = (when: ClaimRule['when'], more: Partial<ClaimRule> = {}): ClaimRule => ({
  ...{ when, scopes: ['READ'], targetIds: null },
  ...more,
});
const holds = (claims: Record<string, unknown>, when: ClaimRule['when']) =>
  grantOf(claims, [rule(when)]) !== null;

describe('what claims are granted', () => {
  it.each<[Record<string, unknown>, ClaimRule['when']]>([
    [{ groups: 'platform' }, { groups: 'platform' }],
    [{ groups: ['staff', 'platform'] }, { groups: 'platform' }],
    [{ realm_access: { roles: ['platform'] } }, { 'realm_access.roles': 'platform' }],
    [{ 'https://acme.example.com/roles': ['platform'] }, { 'https://acme.example.com/roles': 'platform' }],
    [{ scope: 'openid tags:read' }, { scope: 'tags:read' }],
    [{ scp: 'tags:read openid' }, { scp: 'tags:read' }],
    [
      { email_verified: true, level: 3 },
      { email_verified: true, level: 3 },
    ],
    [
      { repository: 'acme/shop', ref: 'refs/heads/main' },
      { repository: 'acme/shop', ref: 'refs/heads/main' },
    ],
  ])('%j has %j', (claims, when) => {
    expect(holds(claims, when)).toBe(true);
  });

  it.each<[Record<string, unknown>, ClaimRule['when']]>([
    [{}, { groups: 'platform' }],
    [{ groups: 'platforms' }, { groups: 'platform' }],
    [{ groups: 'Platform' }, { groups: 'platform' }],
    [{ groups: 'staff platform' }, { groups: 'platform' }],
    [{ groups: [['platform']] }, { groups: 'platform' }],
    [{ groups: { platform: true } }, { groups: 'platform' }],
    [{ scope: 'tags:readonly' }, { scope: 'tags:read' }],
    [{ email_verified: 'true' }, { email_verified: true }],
    [{ level: '3' }, { level: 3 }],
    [{ repository: 'acme/shop' }, { repository: 'acme/shop', ref: 'refs/heads/main' }],
    [{ a: 'text' }, { 'a.length': 4 }],
    [{ groups: ['platform'] }, { 'groups.0': 'platform' }],
    [{}, { 'constructor.name': 'Object' }],
    [JSON.parse('{"__proto__": {"groups": "platform"}}') as Record<string, unknown>, { groups: 'platform' }],
  ])('%j has not %j', (claims, when) => {
    expect(holds(claims, when)).toBe(false);
  });

  it('is what the first rule that holds says, and nothing of the others', () => {
    const narrow = rule({ groups: 'team' }, { scopes: ['ADMIN'], targetIds: ['t1'] });
    const wide = rule({ groups: 'staff' }, { scopes: ['READ'] });
    const claims = { groups: ['staff', 'team'] };
    expect(grantOf(claims, [narrow, wide])).toMatchObject({ scopes: ['ADMIN'], targetIds: ['t1'] });
    expect(grantOf(claims, [wide, narrow])).toMatchObject({ scopes: ['READ'], targetIds: null });
    expect(grantOf({ groups: ['guests'] }, [narrow, wide])).toBeNull();
  });

  it('is always the grant of one rule, all of whose claims the token has', () => {
    const claim = fc.constantFrom('groups', 'roles', 'sub');
    const value = fc.constantFrom('a', 'b', 'c');
    const rules = fc.array(
      fc.record({
        when: fc.dictionary(claim, value, { minKeys: 1 }),
        scopes: fc.subarray([...SCOPES], { minLength: 1 }),
        targetIds: fc.option(fc.array(value, { minLength: 1 })),
      }),
    );
    const claims = fc.dictionary(claim, fc.oneof(value, fc.array(value)));
    fc.assert(
      fc.property(claims, rules, (given, all) => {
        const grant = grantOf(given, all);
        const has = ({ when }: ClaimRule) =>
          Object.entries(when).every(([name, wanted]) => [given[name]].flat().some((one) => one === wanted));
        expect(grant).toBe(all.find(has) ?? null);
      }),
    );
  });
});
