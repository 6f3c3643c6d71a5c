import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { type FindingRecord, REPORT_FORMATS, type ReportFormat } from '#application';
import { SEVERITIES } from '#core';
import { findingRowIds, findingRows, foreignTextIn, textIn } from './html/parsed-page.fixture.js';
import { pageTexts } from './pdf/pdf-text.fixture.js';
import { renderReport } from './render-report.js';
import { findingRecord, reportModel, textOf } from './report-model.fixture.js';
import { recordsOf, sheetOf, workbookOf } from './xlsx/workbook.fixture.js';

const ROWS = 5_000;
const MOST_ROWS_HELD = 150;
const LONGEST_CHUNK = 150_000;

function manyFindings(count: number): FindingRecord[] {
  return Array.from({ length: count }, (_, index) =>
    findingRecord({
      id: `row-${index}`,
      severity: SEVERITIES[index % SEVERITIES.length] ?? 'info',
      resource: `i-${index}`,
      tag: ` <tag> "${index}" `,
      value: index % 2 === 0 ? '=1' : 'prod',
      message: `Fault ${index}.`,
    }),
  );
}

/** A source that counts what was pulled from it and knows whether it was closed. */
function watchedSource(count: number) {
  const watch = { pulled: 0, closed: false };
  async function* rows(): AsyncGenerator<FindingRecord> {
    try {
      for (const finding of manyFindings(count)) {
        watch.pulled += 1;
        yield finding;
      }
    } finally {
      watch.closed = true;
    }
  }
  return { watch, rows };
}

describe('renderReport', () => {
  it('tells the same of a finding to people, spreadsheets and programs', async () => {
    const model = reportModel({ findings: manyFindings(250) });
    const [page, csv, json] = await Promise.all([
      textOf(renderReport('HTML', model)),
      textOf(renderReport('CSV', model)),
      textOf(renderReport('JSON', model)),
    ]);
    const fromJson = (JSON.parse(json).findings as Record<string, string>[]).map((row) => [
      row['severity'],
      row['target'],
      row['resource'],
      row['tag'],
      row['value'],
      row['message'],
    ]);
    const fromCsv = parse(csv, { bom: true, columns: true }).map((row) => {
      const { severity, target, resource, tag, value, message } = row as Record<string, string>;
      return [severity, target, resource, tag, value?.replace(/^'/, ''), message];
    });
    const fromPage = findingRows(page).map(([severity, ...cells]) => [
      severity && textIn(severity).toUpperCase(),
      ...cells.slice(0, 5).map(foreignTextIn),
    ]);

    expect(fromJson).toHaveLength(250);
    expect(fromCsv).toEqual(fromJson);
    expect(fromPage).toEqual(fromJson);
  });

  it('puts the same findings into all five files, in the same order', async () => {
    const model = reportModel({ findings: manyFindings(250) });
    const [page, csv, json, workbook, pages] = await Promise.all([
      textOf(renderReport('HTML', model)),
      textOf(renderReport('CSV', model)),
      textOf(renderReport('JSON', model)),
      workbookOf(model),
      pageTexts(model),
    ]);
    const ids = (rows: Iterable<Record<string, unknown>>, name: string) => [...rows].map((row) => row[name]);
    const idsOf: Record<ReportFormat, readonly unknown[]> = {
      HTML: findingRowIds(page),
      CSV: ids(parse(csv, { bom: true, columns: true }), 'id'),
      JSON: ids(JSON.parse(json).findings, 'id'),
      XLSX: ids(recordsOf(sheetOf(workbook, 'Findings')), 'Finding id'),
      PDF: pages.flatMap((text) => text.match(/row-\d+/g) ?? []),
    };

    const expected = manyFindings(250).map(({ id }) => id);
    for (const format of REPORT_FORMATS) expect(idsOf[format], format).toEqual(expected);
  });

  it.each(['HTML', 'CSV', 'JSON'] as const)(
    'holds a chunk of %s in memory, not the report',
    async (format) => {
      const { watch, rows } = watchedSource(ROWS);
      let delivered = 0;
      let mostHeld = 0;
      let longest = 0;
      for await (const chunk of renderReport(
        format,
        reportModel({ findings: rows() }),
      ) as AsyncIterable<string>) {
        delivered += chunk.match(/row-\d+/g)?.length ?? 0;
        mostHeld = Math.max(mostHeld, watch.pulled - delivered);
        longest = Math.max(longest, chunk.length);
      }

      expect(delivered).toBe(ROWS);
      expect(mostHeld).toBeLessThanOrEqual(MOST_ROWS_HELD);
      expect(longest).toBeLessThanOrEqual(LONGEST_CHUNK);
    },
  );

  it.each(REPORT_FORMATS)('ends the query when nobody wants the rest of %s', async (format) => {
    const { watch, rows } = watchedSource(ROWS);
    for await (const _chunk of renderReport(format, reportModel({ findings: rows() }))) {
      if (watch.pulled > 0) break;
    }

    expect(watch.pulled).toBeLessThan(ROWS);
    expect(watch.closed).toBe(true);
  });

  it.each(REPORT_FORMATS)('does not end %s as if it were whole when the query breaks', async (format) => {
    async function* broken(): AsyncGenerator<FindingRecord> {
      yield findingRecord();
      throw new Error('the connection was lost');
    }

    await expect(textOf(renderReport(format, reportModel({ findings: broken() })))).rejects.toThrow(
      'the connection was lost',
    );
  });
});
