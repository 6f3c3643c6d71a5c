import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRulePack } from '../policy/parse-rule-pack.js';
import { runPackTests } from '../policy/run-pack-tests.js';
import { RULE_KINDS } from './find-rule-kind.js';

const here = new URL('.', import.meta.url);
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const readme = (kind: string) => readFileSync(new URL(`./${kind}/readme.md`, here), 'utf8');

describe('the catalog of kinds', () => {
  it('has a line for every folder and a folder for every line', () => {
    expect([...RULE_KINDS.keys()].sort()).toEqual([...folders].sort());
    for (const [name, kind] of RULE_KINDS) expect(kind.name).toBe(name);
  });

  it.each(folders)('%s: the example of its readme loads, and its cases hold', (name) => {
    const example = /```yaml\n([\s\S]*?)```/.exec(readme(name))?.[1] ?? '';
    const { pack, diagnostics } = parseRulePack(example);
    expect(diagnostics).toEqual([]);
    if (pack === null) throw new Error('no pack');
    expect(pack.rules.map(({ kind }) => kind)).toContain(name);
    expect(pack.tests.length).toBeGreaterThan(0);
    // A kind that waits for its fact has nothing to find yet, and says so.
    const says = pack.tests.some((test) => [...(test.expect ?? []), ...(test.notEvaluated ?? [])].length > 0);
    expect(says).toBe(true);
    expect(runPackTests(pack, new Date('2026-01-01T00:00:00Z'))).toEqual([]);
  });

  it.each(folders)('%s: its readme names every parameter and every fix', (name) => {
    const kind = RULE_KINDS.get(name);
    for (const param of kind?.params ?? []) expect(readme(name)).toContain(`\`${param.name}\``);
    for (const fix of kind?.fixes ?? []) expect(readme(name)).toContain(`\`${fix}\``);
  });
});
