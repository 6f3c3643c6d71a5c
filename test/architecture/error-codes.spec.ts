import { readFileSync } from 'node:fs';
import { ERROR_CODES, type ErrorCode } from '#core';
import { expect, it } from 'vitest';
import { ERROR_TABLE } from '../../apps/api/errors/error-table.js';

const ROW =
  /^\| `(?<reason>[A-Z_]+)`\s+\| `(?<code>[A-Z_]+)`\s+\| (?<status>\d{3})\s+\| [^|\s].+? \| [^|\s].+? \|$/;
const rows = readFileSync('docs/errors.md', 'utf8')
  .split('\n')
  .map((line) => ROW.exec(line)?.groups)
  .filter((groups) => groups !== undefined);

it('docs/errors.md has every reason once, in the order of the code', () => {
  expect(rows.map(({ reason }) => reason)).toEqual(Object.keys(ERROR_CODES));
});

it.each(rows.map(({ reason = '', code, status }) => ({ reason, code, status: Number(status) })))(
  'docs/errors.md tells how $reason leaves the service',
  ({ reason, code, status }) => {
    const leaves = ERROR_TABLE[ERROR_CODES[reason as ErrorCode]];
    expect({ code, status }).toEqual({ code: leaves.code, status: leaves.status });
  },
);
