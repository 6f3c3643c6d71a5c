import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { parseRulePack } from './parse-rule-pack.js';
import { runPackTests } from './run-pack-tests.js';

const NOW = new Date('2026-01-01T00:00:00Z');

function starter() {
  const text = readFileSync(new URL('../../../packs/starter-labels.yaml', import.meta.url), 'utf8');
  const { pack, diagnostics } = parseRulePack(text);
  expect(diagnostics).toEqual([]);
  if (pack === null) throw new Error('no pack');
  return pack;
}

describe('the starter pack', () => {
  it('loads without a diagnostic, and its own cases hold', () => {
    expect(runPackTests(starter(), NOW)).toEqual([]);
  });

  it('finds in an ordinary account what everybody has', () => {
    const pack = starter();
    const policy = compilePolicy([{ name: pack.name, version: 1, pack }], [pack]);
    const found = Object.entries({
      a: { Name: 'test-role', Environment: 'Development', CostCenter: 'TeamB' },
      b: { Env: 'Prod', custodian_snapshot: '' },
      c: { maid_status: 'Resource does not meet policy: stop@2024/04/05', Owner: 'owner-b' },
    }).flatMap(([resource, tags]) => {
      const list = Object.entries(tags).map(([name, value]) => ({
        name,
        value,
        digest: null,
        createdAt: null,
      }));
      const base = { scope: 's', resourceType: 'instance', createdAt: null, managedBy: null, facts: {} };
      const { findings } = policy.evaluate([{ ...base, resource, tags: list }], {
        platform: 'ec2',
        target: 't',
        now: NOW,
      });
      return findings.map((finding) => `${finding.resource} ${finding.ruleId} ${finding.tag ?? ''}`);
    });
    expect(found).toEqual([
      'a cost-center-key CostCenter',
      'a environment-key Environment',
      'a must-have-owner owner',
      'b empty-values custodian_snapshot',
      'b environment-key Env',
      'b must-have-owner owner',
      'c finished-projects maid_status',
      'c must-have-owner owner',
      'c owner-key Owner',
    ]);
  });
});
