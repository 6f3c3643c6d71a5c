import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RULE_KINDS } from './find-rule-kind.js';
import { renderRulesReference } from './reference.js';

const readme = (kind: string) => readFileSync(new URL(`./${kind}/readme.md`, import.meta.url), 'utf8');

it('docs/rules-reference.md says what the kinds say (vitest -u writes it anew)', async () => {
  const text = renderRulesReference([...RULE_KINDS.values()], readme);
  await expect(text).toMatchFileSnapshot('../../../docs/rules-reference.md');
});
