/** Who may import whom. The reasons are in docs/adr/0002-layout-and-dependency-rule.md. */
const spec = '\\.(spec|fixture)\\.ts$';
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-circular', 'Cycles hide who owns what.', {}, { circular: true }),
    forbid(
      'no-unlisted',
      'A package that is used is listed in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid('no-dead-import', 'What is imported is there.', {}, { couldNotResolve: true }),
    forbid(
      'product-needs-no-dev-packages',
      'The service runs on a tree without development packages.',
      {
        path: '^(apps|libs)/',
        pathNot: `${spec}|^libs/testing/|^apps/[^/]+/testing/|/conformance/|^apps/all-in-one/quickstart/`,
      },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    forbid('libs-do-not-know-apps', 'Apps are made of libs.', { path: '^libs/' }, { path: '^(apps|test)/' }),
    forbid(
      'core-is-pure',
      'The core is a function of its input: no other lib, no framework, no I/O.',
      { path: '^libs/core/', pathNot: spec },
      { path: '^(libs/(?!core/)|apps/)' },
    ),
    forbid(
      'core-npm',
      'The core knows zod, yaml, re2js, semver and nothing else of npm or node.',
      { path: '^libs/core/', pathNot: spec },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'],
        pathNot: 'node_modules/(zod|yaml|re2js|semver|damerau-levenshtein)/',
      },
    ),
    forbid(
      'connectors-are-islands',
      'A connector imports the core and the connector kit, never another connector.',
      { path: '^libs/connectors/([^/]+)/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(core|connector-kit)/|^libs/connectors/$1/' },
    ),
    forbid(
      'kit-imports-core',
      'The connector kit imports the core only.',
      { path: '^libs/connector-kit/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(core|connector-kit)/' },
    ),
    forbid(
      'application-is-plain',
      'Use cases import the core and their ports.',
      { path: '^libs/application/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(core|application)/' },
    ),
    forbid(
      'adapters-import-ports',
      'Persistence, queue and reports import the core and the ports of the application.',
      { path: '^libs/(persistence|queue|reports)/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(core|application)/|^libs/$1/' },
    ),
    forbid(
      'notifications-import-ports-and-kit',
      'Notifications import the core, the ports of the application and the connector kit.',
      { path: '^libs/notifications/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(core|application|connector-kit|notifications)/' },
    ),
    forbid(
      'identity-imports-ports-and-kit',
      'Identity imports the core, the ports of the application and the connector kit.',
      { path: '^libs/identity/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(core|application|connector-kit|identity)/' },
    ),
    forbid(
      'nest-in-apps',
      'Only apps carry Nest.',
      { path: '^libs/' },
      { path: 'node_modules/(@nestjs|nestjs-)' },
    ),
    forbid(
      'apps-do-not-mix',
      'An app does not import another; all-in-one is both.',
      { path: '^apps/(api|worker|cli)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    forbid(
      'cli-is-a-client',
      'The command knows a service by its REST API, and shares the words with it: no store, no queue, no wiring.',
      { path: '^apps/cli/', pathNot: spec },
      { path: '^libs/', pathNot: '^libs/(core|application|connectors|config)/' },
    ),
    forbid(
      'no-tests-in-product',
      'Test code stays in tests.',
      {
        path: '^(apps|libs)/',
        pathNot: `${spec}|^libs/testing/|/conformance/|^apps/[^/]+/testing/|^apps/all-in-one/quickstart/`,
      },
      { path: `${spec}|^libs/testing/|/conformance/|^apps/[^/]+/testing/|^test/` },
    ),
    forbid(
      'only-connectors-know-aws',
      'Platform SDKs stay in their connector.',
      { path: '^(apps|libs)/', pathNot: `^libs/connectors/ec2/|${spec}|^libs/testing/` },
      { path: 'node_modules/@(aws-sdk|smithy)/' },
    ),
    forbid(
      'sql-in-persistence',
      'The only SQL is in libs/persistence; the queue gets BullMQ its own pool.',
      { path: '^(apps|libs)/', pathNot: `^libs/(persistence|queue)/|${spec}|^libs/testing/` },
      { path: 'node_modules/(pg|kysely)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['tagward:source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
