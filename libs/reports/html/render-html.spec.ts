import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportModel } from '#application';
import { findingRecord, reportModel, targetRecord, textOf } from '../report-model.fixture.js';
import {
  attribute,
  byTag,
  elementsOf,
  findingRows,
  foreignTextIn,
  textIn,
  within,
} from './parsed-page.fixture.js';
import { richReport } from '../rich-report.fixture.js';
import { renderHtml } from './render-html.js';

const page = (model: ReportModel): Promise<string> => textOf(renderHtml(model));
const words = (text: string): string =>
  byTag(elementsOf(text), 'body').map(textIn).join('').replaceAll(/\s+/g, ' ');

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</script><script>alert(1)</script>',
  '</style><style>*{display:none}</style>',
  '--><!--<iframe src=//evil.test>',
  'javascript:alert(1)',
  '{{7*7}} ${7*7}',
  '\u202egnp.exe\u200b',
  '&lt;b&gt;',
];

/** A report that says `text` wherever somebody else chose the words. */
function hostileReport(text: string): ReportModel {
  const target = targetRecord({ name: text, location: text });
  const finding = findingRecord({
    id: text,
    scope: text,
    rulePack: text,
    ruleId: text,
    resource: text,
    resourceType: text,
    tag: text,
    value: text,
    message: text,
    suggestion: text,
    fixAtSource: text,
    state: 'SUPPRESSED',
    suppression: { reason: text, by: text, at: new Date(0), until: null },
  });
  const errors = [{ targetId: target.id, scope: text, code: 'REMOTE_DENIED', message: text }];
  const counts = { open: 1, new: 0, resolved: 0, suppressed: 0 };
  const byRule = [{ ...counts, rulePack: text, ruleId: text, title: text, severity: 'low' as const }];
  const byTeam = [{ ...counts, team: text }];
  const notEvaluated = [{ targetId: target.id, rulePack: text, ruleId: text, needs: text, resources: 1 }];
  const packChanges = [
    {
      ...{ name: text, fromVersion: 1, toVersion: 2, at: new Date(0), by: text },
      added: [text],
      removed: [text],
    },
  ];
  const summary = { targets: [target], byRule, byTeam, errors, notEvaluated, packChanges, oldest: [finding] };
  return reportModel({ summary, findings: [finding] });
}

describe('renderHtml', () => {
  it.each(HOSTILE)('E2: keeps %j inert wherever it stands', async (text) => {
    const shape = (rendered: string): readonly string[] =>
      elementsOf(rendered).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
    const hostile = await page(hostileReport(text));
    const elements = elementsOf(hostile);

    expect(elements.filter(({ tagName }) => /^(script|img|iframe|object|form|base)$/.test(tagName))).toEqual(
      [],
    );
    expect(
      elements.flatMap(({ attrs }) => attrs).filter(({ name }) => /^(on|src|style$)/.test(name)),
    ).toEqual([]);
    expect(byTag(elements, 'a').every((link) => attribute(link, 'href')?.startsWith('#'))).toBe(true);
    const notes = (line: string): boolean => line !== 'span class';
    expect(shape(hostile).filter(notes)).toEqual(shape(await page(hostileReport('harmless'))).filter(notes));
  });

  it('shows what a platform said to the letter', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (resource, tag, value, message) => {
        const rendered = await page(
          reportModel({ findings: [findingRecord({ resource, tag, value, message })] }),
        );

        const shown = findingRows(rendered)[0]?.slice(2, 6).map(foreignTextIn);
        expect(shown).toEqual([resource, tag, value, message].map((said) => said.replaceAll('\0', '\ufffd')));
      }),
      { numRuns: 25 },
    );
  });

  it('asks nothing of the network', async () => {
    const rendered = await page(hostileReport('https://tracker.test/x.png'));

    const metas = byTag(elementsOf(rendered), 'meta');
    const policy = metas.find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy');
    expect(policy && attribute(policy, 'content')).toMatch(/^default-src 'none';/);
    expect(byTag(elementsOf(rendered), 'link')).toEqual([]);
    expect(byTag(elementsOf(rendered), 'style').map(textIn).join('')).not.toMatch(/url\(|@import/);
  });

  it('draws the score over time, with the same numbers as a table', async () => {
    const model = richReport();
    const elements = elementsOf(await page(model));
    const figure = byTag(elements, 'figure')[0];
    const paths =
      figure === undefined ? [] : within(figure, 'path').map((path) => attribute(path, 'd') ?? '');

    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths) expect(path).toMatch(/^M[-\d.,LHVZh ]+$/);
    expect(figure && within(figure, 'tr').length).toBe(model.summary.trend.length + 1);
  });

  it.each([0, 50, 100])('draws a score that always was %i', async (score) => {
    const trend = [1, 2, 3].map((day) => ({ at: new Date(Date.UTC(2026, 0, day)), score, open: 0 }));
    const rendered = await page(reportModel({ summary: { trend } }));

    expect(rendered).not.toContain('NaN');
    expect(byTag(elementsOf(rendered), 'figure')).toHaveLength(1);
  });

  it('has no chart of a single day', async () => {
    const trend = [{ at: new Date(0), score: 80, open: 1 }];
    expect(byTag(elementsOf(await page(reportModel({ summary: { trend } }))), 'figure')).toEqual([]);
  });

  it('is built for readers that do not see it', async () => {
    const elements = elementsOf(await page(hostileReport('x')));

    expect(byTag(elements, 'html').map((element) => attribute(element, 'lang'))).toEqual(['en']);
    for (const once of ['h1', 'header', 'main', 'footer', 'title'])
      expect(byTag(elements, once)).toHaveLength(1);
    const ids = elements.map((element) => attribute(element, 'id')).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const section of byTag(elements, 'section')) {
      expect(ids).toContain(attribute(section, 'aria-labelledby'));
    }
    for (const table of byTag(elements, 'table')) expect(within(table, 'caption')).toHaveLength(1);
    for (const cell of byTag(elements, 'th')) expect(attribute(cell, 'scope')).toMatch(/^(row|col)$/);
    for (const drawing of byTag(elements, 'svg')) expect(attribute(drawing, 'aria-hidden')).toBe('true');
  });

  it('says score, formula, period, totals and the head of the audit log', async () => {
    const totals = { open: 12_345, new: 6, resolved: 5, suppressed: 4, flapping: 0, fixable: 0 };
    const text = words(await page(reportModel({ summary: { score: 99.97, totals } })));

    expect(text).toContain('99.9of 100');
    expect(text).toContain('Weights: info 0, low 0.1, medium 0.3, high 0.7, critical 1.');
    expect(text).toContain('16 Nov 2026, 00:00 to 23 Nov 2026, 00:00 UTC');
    expect(text).toContain('Open 12,345 New in the period 6 Fixed in the period 5 Suppressed 4');
    expect(text).toContain(`The audit log ended with ${'f'.repeat(64)}`);
  });

  it('says that everything was read, or what was not', async () => {
    const errors = [
      {
        targetId: 'target-1',
        scope: 'eu-west-1',
        code: 'REMOTE_DENIED',
        message: 'DescribeTags was denied.',
      },
    ];
    const partial = words(await page(reportModel({ summary: { errors } })));

    expect(words(await page(reportModel()))).toContain('Everything was read.');
    expect(partial).toContain('1 part could not be read');
    expect(partial).toContain('DescribeTags was denied.');
    expect(partial).not.toContain('Everything was read.');
  });

  it('never calls a target read that no scan has ended on', async () => {
    const none = { open: 0, new: 0, resolved: 0, suppressed: 0, tags: 0 };
    const byTarget = [{ ...none, targetId: 'target-1', score: null, scoreBefore: null, lastScan: null }];
    const text = words(await page(reportModel({ summary: { score: null, byTarget } })));

    expect(text).toContain('No hygiene score yet');
    expect(text).toContain('not scanned');
    expect(text).toContain('No scan of it has ended yet.');
  });

  it('has no empty table when nothing was found', async () => {
    const rendered = await page(reportModel({ summary: { targets: [], byRule: [], byTarget: [] } }));

    expect(words(rendered)).toContain('No finding was open in this period.');
    expect(byTag(elementsOf(rendered), 'tbody').filter((body) => within(body, 'tr').length === 0)).toEqual(
      [],
    );
  });

  it('spreads many findings over tables that a browser can leave alone, and loses none', async () => {
    const ids = Array.from({ length: 501 }, (_, index) => `row-${index}`);
    const elements = elementsOf(
      await page(reportModel({ findings: ids.map((id) => findingRecord({ id })) })),
    );

    const sheets = elements.filter((element) => attribute(element, 'class') === 'sheet');
    const rows = sheets.map((sheet) => within(sheet, 'tr').map((row) => attribute(row, 'id')?.slice(2)));
    expect(sheets.map((sheet) => within(sheet, 'thead').length)).toEqual([1, 1, 1]);
    expect(rows.flat().filter((id) => id !== undefined)).toEqual(ids);
    expect(sheets[2] && textIn(sheets[2])).toContain('Findings from number 501 on');
  });
});
