const text = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string' } },
};
const level = { enum: ['none', 'note', 'warning', 'error'] };
const index = { type: 'integer', minimum: -1 };
const bag = { type: 'object' };
const time = { type: 'string', format: 'date-time', pattern: 'Z$' };
const list = (items: object, unique = false) => ({
  type: 'array',
  items,
  ...(unique ? { uniqueItems: true } : {}),
});
const object = (required: readonly string[], properties: Record<string, object>) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const logical = object([], {
  name: { type: 'string' },
  fullyQualifiedName: { type: 'string' },
  kind: { type: 'string' },
});
const location = object([], {
  physicalLocation: object([], {
    artifactLocation: object([], { uri: { type: 'string', format: 'uri-reference' } }),
    region: object([], { startLine: { type: 'integer', minimum: 1 } }),
  }),
  logicalLocations: list(logical, true),
});
const reference = object([], { id: { type: 'string' }, index });
const notification = object(['message'], {
  message: text,
  level,
  descriptor: reference,
  associatedRule: reference,
  locations: list(location, true),
});
const rule = object(['id'], {
  id: { type: 'string' },
  shortDescription: text,
  fullDescription: text,
  help: text,
  defaultConfiguration: object([], { level }),
  properties: object([], {
    tags: list({ type: 'string' }, true),
    severity: { type: 'string' },
    'security-severity': { type: 'string', pattern: '^\\d+\\.\\d$' },
  }),
});
const result = object(['message'], {
  ruleId: { type: 'string' },
  ruleIndex: index,
  level,
  message: text,
  locations: list(location),
  partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
  properties: bag,
});

/** What the OASIS schema of SARIF 2.1.0 says of the parts that are written; nothing else may be. */
export const SARIF_PARTS = object(['version', 'runs'], {
  $schema: { type: 'string', format: 'uri' },
  version: { enum: ['2.1.0'] },
  runs: list(
    object(['tool'], {
      tool: object(['driver'], {
        driver: object(['name'], {
          name: { type: 'string' },
          version: { type: 'string' },
          rules: list(rule, true),
        }),
      }),
      automationDetails: object([], { id: { type: 'string' } }),
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      invocations: list(
        object(['executionSuccessful'], {
          executionSuccessful: { type: 'boolean' },
          exitCodeDescription: { type: 'string' },
          startTimeUtc: time,
          endTimeUtc: time,
          toolExecutionNotifications: list(notification),
          toolConfigurationNotifications: list(notification),
        }),
        true,
      ),
      properties: bag,
      results: list(result),
    }),
  ),
});
