import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** By rule: a file, and the import that the rule must refuse there. */
const REFUSED: Readonly<Record<string, readonly (readonly [file: string, imported: string])[]>> = {
  'no-circular': [['libs/application/circle-a.ts', './circle-b.js']],
  'no-unlisted': [['libs/application/unlisted.ts', 'not-in-manifest']],
  'no-dead-import': [['libs/application/dead.ts', './nowhere.js']],
  'product-needs-no-dev-packages': [['libs/application/development.ts', 'vitest']],
  'libs-do-not-know-apps': [['libs/config/upwards.ts', '../../apps/api/api.js']],
  'core-is-pure': [['libs/core/impure.ts', '../application/plain.js']],
  'core-npm': [
    ['libs/core/framework.ts', 'rxjs'],
    ['libs/core/reads-files.ts', 'node:fs'],
  ],
  'connectors-are-islands': [['libs/connectors/git/borrows.ts', '../ec2/client.js']],
  'kit-imports-core': [['libs/connector-kit/upwards.ts', '../application/plain.js']],
  'application-is-plain': [['libs/application/stores.ts', '../persistence/store.js']],
  'adapters-import-ports': [['libs/reports/reads-store.ts', '../persistence/store.js']],
  'notifications-import-ports-and-kit': [['libs/notifications/reads-store.ts', '../persistence/store.js']],
  'identity-imports-ports-and-kit': [['libs/identity/reads-store.ts', '../persistence/store.js']],
  'nest-in-apps': [['libs/application/decorated.ts', '@nestjs/common']],
  'apps-do-not-mix': [['apps/worker/borrows.ts', '../api/api.js']],
  'cli-is-a-client': [['apps/cli/reads-store.ts', '../../libs/persistence/store.js']],
  'no-tests-in-product': [
    ['apps/api/uses-server.ts', '../../libs/testing/server.js'],
    ['apps/api/uses-double.ts', './testing/double.js'],
    ['libs/core/uses-fixture.ts', './pack.fixture.js'],
  ],
  'only-connectors-know-aws': [['libs/application/calls-aws.ts', '@aws-sdk/client-ec2']],
  'sql-in-persistence': [['apps/api/queries.ts', 'pg']],
};

const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['libs/core/parses.ts', 'zod'],
  ['libs/core/parse.spec.ts', 'vitest'],
  ['libs/connectors/ec2/client.ts', '@aws-sdk/client-ec2'],
  ['libs/connectors/ec2/kit.ts', '../../connector-kit/guard.js'],
  ['libs/connector-kit/guard.ts', '../core/pure.js'],
  ['libs/application/plain.ts', '../core/pure.js'],
  ['libs/notifications/guarded.ts', '../connector-kit/guard.js'],
  ['libs/persistence/store.ts', 'pg'],
  ['libs/persistence/port.ts', '../application/plain.js'],
  ['libs/testing/server.ts', 'pg'],
  ['apps/api/api.ts', '@nestjs/common'],
  ['apps/all-in-one/both.ts', '../api/api.js'],
];

const OTHER_FILES: Readonly<Record<string, string>> = {
  'libs/application/circle-b.ts': `import './circle-a.js';\n`,
  'libs/core/pure.ts': 'export {};\n',
  'libs/core/pack.fixture.ts': 'export {};\n',
  'apps/api/testing/double.ts': 'export {};\n',
};
const PACKAGES = ['zod', 'rxjs', 'pg', '@nestjs/common', '@aws-sdk/client-ec2'];
const rules = await extractOptions('./.dependency-cruiser.cjs');

describe('the dependency rules', () => {
  let folder: string;
  let found: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagward-rules-'));
    await writeTree(folder);
    const { output } = await cruise(
      ['apps', 'libs'],
      { ...rules, baseDir: folder, outputType: 'json' },
      { extensions: ['.ts', '.js'] },
      { tsConfig: { compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' } } },
    );
    const result = JSON.parse(output as string) as ICruiseResult;
    found = result.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(Object.entries(REFUSED))('%s fires', (rule, cases) => {
    for (const [file] of cases) expect(found).toContain(`${rule} ${file}`);
  });

  it.each(ALLOWED)('%s may import %s', (file) => {
    expect(found.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
  });

  it('are all tried here', () => {
    const names = rules.ruleSet?.forbidden?.map(({ name }) => name);
    expect(names?.sort()).toEqual(Object.keys(REFUSED).sort());
  });
});

async function writeTree(root: string): Promise<void> {
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']));
  await write(
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: versions(PACKAGES),
      devDependencies: versions(['vitest']),
    }),
  );
  for (const name of [...PACKAGES, 'vitest', 'not-in-manifest']) {
    await write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    await write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  for (const [path, text] of Object.entries(OTHER_FILES)) await write(path, text);
  for (const [path, imported] of [...Object.values(REFUSED).flat(), ...ALLOWED]) {
    await write(path, `import '${imported}';\nexport {};\n`);
  }
}
