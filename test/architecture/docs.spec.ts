import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { VARIABLES, type Variable } from '#config';
import { CONNECTORS } from '#connectors';
import { rulePackJsonSchema } from '#core';
import { REPORT_JSON_SCHEMA } from '#reports';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

/**
 * What docs say of code is made from the code. After a change of either, write the files anew:
 * `npm run test:unit -- test/architecture/docs.spec.ts -u`
 */
describe('generated parts of the docs', () => {
  it('the least permissions of EC2 are the actions that the connector calls', async () => {
    const actions = CONNECTORS.ec2?.descriptor.permissions ?? [];
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'TagwardReadsTags', Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
    };

    expect(actions.length).toBeGreaterThan(50);
    expect(actions.every((action) => action.startsWith('ec2:Describe') || action.startsWith('ec2:Get'))).toBe(
      true,
    );
    await expectSection('docs/getting-started-ec2.md', 'policy', [
      '```json',
      JSON.stringify(policy, null, 2),
      '```',
    ]);
  });

  it.each([
    ['of JSON reports is the one that they are of', 'report.schema.json', REPORT_JSON_SCHEMA],
    ['of rule packs is made of what reads them', 'rule-pack.schema.json', rulePackJsonSchema()],
  ])('the published schema %s', async (_words, file, made) => {
    const path = fileURLToPath(new URL(`../../docs/${file}`, import.meta.url));
    const style = await resolveConfig(path);
    const schema = await format(JSON.stringify(made), { ...style, filepath: path });
    await expect(schema).toMatchFileSnapshot(path);
  });

  it('every variable that the configuration reads is in the table', async () => {
    const rows = Object.entries(VARIABLES as Record<string, Variable>).map(
      ([name, variable]) => `| \`${name}\` | ${variable.meaning} | ${variable.default} |`,
    );

    await expectSection('docs/operations.md', 'variables', [
      '| variable | meaning | default |',
      '|---|---|---|',
      ...rows,
    ]);
  });
});

/** The file's part between `<!-- name -->` and `<!-- /name -->` is these lines. */
async function expectSection(file: string, name: string, lines: readonly string[]): Promise<void> {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = readFileSync(path, 'utf8');
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  expect(start, `${file} has ${open}`).toBeGreaterThan(-1);
  const made = `${text.slice(0, start)}${open}\n\n${lines.join('\n')}\n\n${text.slice(end)}`;
  const style = await resolveConfig(path);
  await expect(await format(made, { ...style, filepath: path })).toMatchFileSnapshot(path);
}
