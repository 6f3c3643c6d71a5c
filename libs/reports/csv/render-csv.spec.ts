import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingRecord } from '#application';
import { findingRecord, reportModel, textOf } from '../report-model.fixture.js';
import { CSV_COLUMNS } from './csv-columns.js';
import { renderCsv } from './render-csv.js';

const csvOf = (findings: readonly FindingRecord[]): Promise<string> =>
  textOf(renderCsv(reportModel({ findings })));

/** Cells as a reader gets them: the guard taken off; an empty cell without quotes is null. */
function read(csv: string): Record<string, string | null>[] {
  return parse(csv, {
    bom: true,
    columns: true,
    record_delimiter: '\r\n',
    cast: (cell, { quoting }) => (quoting ? cell.replace(/^'/, '') : cell === '' ? null : cell),
  });
}

describe('renderCsv', () => {
  it('gives back what went in', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', "'", '=', ' ', ';', '\ufeff', 'ü') }),
    );
    const findings = fc.array(
      fc.record({
        resource: text,
        tag: fc.option(text),
        value: fc.option(text),
        message: text,
        timesReopened: fc.nat(),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(findings, async (changes) => {
        const rows = read(await csvOf(changes.map((change) => findingRecord(change))));

        expect(
          rows.map(({ resource, tag, value, message, timesReopened }) => ({
            resource,
            tag,
            value,
            message,
            timesReopened: Number(timesReopened),
          })),
        ).toEqual(changes);
      }),
      { numRuns: 50 },
    );
  });

  it('guards every text and leaves numbers numbers', async () => {
    const csv = await csvOf([findingRecord({ value: '=1+1', message: '@x', timesReopened: 3 })]);

    expect(csv).toContain(`"'=1+1","'@x"`);
    expect(csv).toContain(',3,');
  });

  it('starts with a byte order mark and a header, and ends each record with CRLF', async () => {
    const csv = await csvOf([findingRecord({ message: 'two\nlines' })]);

    expect(csv.startsWith('\ufeff"severity","state",')).toBe(true);
    expect(csv.endsWith('\r\n')).toBe(true);
    expect(csv.replaceAll('\r\n', '').match(/\n/g)).toHaveLength(1);
  });

  it('is a header alone when nothing was found', async () => {
    const csv = await csvOf([]);

    expect(read(csv)).toEqual([]);
    expect(csv.trim().split(',')).toHaveLength(CSV_COLUMNS.length);
  });

  it('writes every batch once', async () => {
    const ids = Array.from({ length: 1_234 }, (_, index) => `f${index}`);

    const rows = read(await csvOf(ids.map((id) => findingRecord({ id }))));

    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it('says why and until when a finding is suppressed', async () => {
    const at = new Date('2026-11-20T00:00:00.000Z');
    const suppression = {
      reason: 'moving',
      by: 'token:ops',
      at,
      until: new Date('2026-12-01T00:00:00.000Z'),
    };

    const [row] = read(await csvOf([findingRecord({ state: 'SUPPRESSED', suppression })]));

    expect(row).toMatchObject({
      state: 'SUPPRESSED',
      suppressionReason: 'moving',
      suppressionBy: 'token:ops',
      suppressionUntil: '2026-12-01T00:00:00.000Z',
    });
  });
});
