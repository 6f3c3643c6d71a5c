import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { findingRecord, reportModel } from '../report-model.fixture.js';
import { richReport } from '../rich-report.fixture.js';
import { renderXlsx } from './render-xlsx.js';
import { bytesOf, recordsOf, sheetOf, workbookOf } from './workbook.fixture.js';

const AT = new Date('2026-11-20T01:02:03.000Z');

describe('renderXlsx', () => {
  it('types the cells: numbers, dates and booleans are none of them text', async () => {
    const finding = findingRecord({ timesReopened: 3, fixable: true, blocked: false, firstSeenAt: AT });
    const workbook = await workbookOf(reportModel({ findings: [finding] }));
    const [row] = recordsOf(sheetOf(workbook, 'Findings'));

    expect(row).toMatchObject({
      Severity: 'MEDIUM',
      Platform: 'EC2',
      Target: 'production',
      Fixable: true,
      Blocked: false,
      'Times reopened': 3,
      'First seen (UTC)': AT,
      'Fixed (UTC)': null,
      'Finding id': finding.id,
    });
  });

  it.each(["=cmd|'/c calc'!A1", '+1', '-1', '@x', '\t=1', ' =1', '\u00a0=1', '"safe\n=1"', '＝1', "'=1"])(
    'E1: %j stays the text that it is',
    async (value) => {
      const workbook = await workbookOf(reportModel({ findings: [findingRecord({ value })] }));
      const sheet = sheetOf(workbook, 'Findings');
      const column = sheet.rows[0]?.indexOf('Value') ?? -1;
      const cell = sheet.cells?.get(`1,${column}`);

      expect(sheet.rows[1]?.[column]).toBe(value);
      expect([cell?.formula, cell?.style?.numFmt]).toEqual([undefined, '@']);
    },
  );

  it('E2: markup in a name is text in every part', async () => {
    const value = '"><svg onload=alert(1)></t></is></c><c><f>1</f></c>&amp;{{7*7}}';
    const workbook = await workbookOf(reportModel({ findings: [findingRecord({ value, resource: value })] }));

    expect(recordsOf(sheetOf(workbook, 'Findings'))[0]).toMatchObject({ Value: value, Resource: value });
  });

  it('freezes, filters and repeats the header of every table', async () => {
    const workbook = await workbookOf(richReport(20));
    const tables = workbook.sheets.filter(({ name }) => name !== 'Summary');

    expect(workbook.sheets.map(({ name }) => name)).toEqual(['Summary', 'Findings', 'Changes', 'Not read']);
    expect(tables.map(({ freezePane }) => freezePane?.rows)).toEqual([1, 1, 1]);
    expect(tables.map(({ autoFilter }) => autoFilter?.range)).toEqual(['A1:Z21', 'A1:G8', 'A1:G6']);
    for (const sheet of workbook.sheets) {
      expect(sheet.pageSetup).toMatchObject({ orientation: 'landscape', fitToWidth: 1 });
      expect(sheet.columns?.every(({ width }) => (width ?? 0) >= 10)).toBe(true);
    }
    const parts = unzipSync(await bytesOf(renderXlsx(richReport(20))));
    expect(strFromU8(parts['xl/workbook.xml'] ?? new Uint8Array())).toContain(
      `<definedName name="_xlnm.Print_Titles" localSheetId="1">'Findings'!$1:$1</definedName>`,
    );
  });

  it('says what changed and what could not be known', async () => {
    const workbook = await workbookOf(richReport(1));

    expect(
      recordsOf(sheetOf(workbook, 'Changes')).map((row) => [row['Rule pack'], row['What'], row['Rule']]),
    ).toEqual([
      ['labels', 'Rule added', 'no-empty-value'],
      ['labels', 'Rule added', 'stale-keys'],
      ['labels', 'Rule removed', 'old-owner'],
      ['releases', 'Rule added', 'kept-too-long'],
      ['releases', 'Rule added', 'version-style'],
      ['releases', 'Rule added', 'latest-moves'],
      ['trial', 'Pack removed', null],
    ]);
    expect(recordsOf(sheetOf(workbook, 'Not read')).map((row) => [row['What'], row['Target']])).toEqual([
      ['Not read', 'staging'],
      ['Not read', 'registry.example.com'],
      ['Not read', 'مستودع الصور'],
      ['Not evaluated', 'registry.example.com'],
      ['Not evaluated', 'build-host-07'],
    ]);
  });

  it('sums up on the first sheet', async () => {
    const { rows } = sheetOf(await workbookOf(richReport(1)), 'Summary');
    const find = (name: string) => rows.find((row) => row[0] === name);

    expect(find('Hygiene score, 0 to 100')?.[1]).toBe(81.2);
    expect(find('Change')?.[1]).toBe(2.3);
    expect(find('CRITICAL')?.slice(3, 7)).toEqual([9, 1, 1, 1]);
    expect(find('東京リージョン')?.slice(1, 4)).toEqual(['EC2', 'aws:123412341234', 270]);
  });

  it('goes on in another sheet where one is full', async () => {
    const findings = Array.from({ length: 7 }, (_, index) => findingRecord({ id: `f${index}` }));
    const workbook = await workbookOf(reportModel({ findings }), 4);
    const ids = ['Findings', 'Findings 2', 'Findings 3'].map((name) =>
      recordsOf(sheetOf(workbook, name)).map((row) => row['Finding id']),
    );

    expect(ids).toEqual([['f0', 'f1', 'f2'], ['f3', 'f4', 'f5'], ['f6']]);
    expect((await workbookOf(reportModel({ findings: findings.slice(0, 3) }), 4)).sheets).toHaveLength(4);
  });

  it('is well-formed XML in every part, and names every part', async () => {
    const parts = unzipSync(await bytesOf(renderXlsx(richReport())));
    const texts = Object.entries(parts).map(([path, bytes]) => [path, strFromU8(bytes)] as const);
    for (const [path, text] of texts) expect([path, XMLValidator.validate(text)]).toEqual([path, true]);
    const types = new XMLParser({ ignoreAttributes: false }).parse(
      strFromU8(parts['[Content_Types].xml'] ?? new Uint8Array()),
    ) as { Types: { Override: { '@_PartName': string }[] } };

    expect(types.Types.Override.map((override) => override['@_PartName'].slice(1)).sort()).toEqual(
      Object.keys(parts)
        .filter((path) => path.endsWith('.xml') && path !== '[Content_Types].xml')
        .sort(),
    );
    expect(Object.keys(parts)[0]).toBe('_rels/.rels');
  });

  it('makes the same bytes of the same model, whatever the time zone', async () => {
    const zone = process.env['TZ'];
    const first = await bytesOf(renderXlsx(richReport(30)));
    try {
      process.env['TZ'] = 'Pacific/Kiritimati';
      expect((await bytesOf(renderXlsx(richReport(30)))).equals(first)).toBe(true);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});
