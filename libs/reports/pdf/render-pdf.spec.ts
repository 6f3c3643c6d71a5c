import { describe, expect, it } from 'vitest';
import type { FindingRecord } from '#application';
import { findingRecord, reportModel, targetRecord } from '../report-model.fixture.js';
import { richReport } from '../rich-report.fixture.js';
import { openPdf, pageTexts, pdfOf, unbroken } from './pdf-text.fixture.js';
import { renderPdf } from './render-pdf.js';

const A4 = [0, 0, 595.28, 841.89];

const textWith = async (change: Partial<FindingRecord>) =>
  unbroken((await pageTexts(reportModel({ findings: [findingRecord(change)] }))).join(''));

describe('renderPdf', () => {
  it('is a tagged document on A4 with a title, a language, an outline and its pages counted', async () => {
    const bytes = await pdfOf(richReport(120));
    const document = await openPdf(bytes);
    const texts = await pageTexts(richReport(120));
    const page = await document.getPage(document.numPages);
    const outline = await document.getOutline();
    const { info } = await document.getMetadata();

    expect(bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect(page.view.map((number) => Math.round(number * 100) / 100)).toEqual(A4);
    expect(info).toMatchObject({
      Title: 'Tag hygiene report, 16 Nov 2026 to 22 Nov 2026',
      Language: 'en',
      Creator: 'Tagward',
    });
    expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
    expect(outline.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['By target', 'By rule', 'What could not be read', 'Findings']),
    );
    expect(document.numPages).toBeGreaterThan(4);
    texts.forEach((text, index) =>
      expect(unbroken(text)).toContain(`Page${index + 1}of${document.numPages}`),
    );
  });

  it('says on its first page what a hurried reader wants: period, verdict, score, totals', async () => {
    const [first = ''] = await pageTexts(reportModel());

    for (const part of ['Tag hygiene report', '87.5', 'hygiene score of 100', '1 target', 'Suppressed'])
      expect(first).toContain(part);
  });

  it('lists every finding once, most severe first as they come, with the id that other files have', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `id-${index}-end`);
    const text = (await pageTexts(reportModel({ findings: ids.map((id) => findingRecord({ id })) }))).join(
      '',
    );

    expect(unbroken(text).match(/id-\d+-end/g)).toEqual(ids);
    expect(text).toContain('300 findings listed.');
  });

  it.each(['東京リージョン', '서울', '环境标签', 'окружение', 'Ελληνικό', 'Đặng', 'Łódź', 'naïve'])(
    'has %s as text that can be selected and found',
    async (value) => {
      expect(await textWith({ value, resource: value, message: value })).toContain(unbroken(value));
    },
  );

  it('E4: shows what would not be seen, or would turn the text around, by its code point', async () => {
    const text = await textWith({ value: 'a\u202eb\u200bc\u0000d\ud800e\ufefff', tag: 'x\u2066y' });

    expect(text).toContain('a[U+202E]b[U+200B]c[U+0000]d[U+D800]e[U+FEFF]f');
    expect(text).toContain('x[U+2066]y');
  });

  it('shows a character that no font has by its code point rather than as nothing', async () => {
    expect(await textWith({ value: 'a\u{1f98a}b' })).toContain('a[U+1F98A]b');
  });

  it('has nothing that acts: no script, no link, no form, no file, whatever a name says', async () => {
    const value = ') Tj ET /JS (app.alert(1)) https://evil.example/ <</S/URI>> \\';
    const bytes = await pdfOf(reportModel({ findings: [findingRecord({ value, resource: value })] }));
    const document = await openPdf(bytes);

    for (let number = 1; number <= document.numPages; number++)
      expect(await (await document.getPage(number)).getAnnotations()).toEqual([]);
    expect(await document.getJSActions()).toBeNull();
    expect(await document.getOpenAction()).toBeNull();
    expect(bytes.toString('latin1')).not.toMatch(/\/(JS|JavaScript|URI|Launch|AcroForm|EmbeddedFile)\b/);
    expect(await textWith({ value })).toContain(unbroken(value));
  });

  it('is the same, byte for byte, for the same model', async () => {
    expect((await pdfOf(richReport(40))).equals(await pdfOf(richReport(40)))).toBe(true);
  });

  it('cuts a text that would fill pages, and says that it did', async () => {
    const long = 'very-long-name-'.repeat(5_000);
    const texts = await pageTexts(reportModel({ findings: [findingRecord({ value: long })] }));

    expect(texts.length).toBeLessThan(6);
    expect(texts.join('')).toContain('…');
  });

  it('gives pages out as they are full', async () => {
    let pulled = 0;
    async function* rows() {
      for (let index = 0; index < 3_000; index++) {
        pulled += 1;
        yield findingRecord({ id: `row-${index}` });
      }
    }
    const pulledAt: number[] = [];
    for await (const _chunk of renderPdf(reportModel({ findings: rows() }))) pulledAt.push(pulled);
    const steps = pulledAt.map((at, index) => at - (pulledAt[index - 1] ?? 0));

    expect(pulled).toBe(3_000);
    expect(Math.max(...steps)).toBeLessThan(100);
  });

  it('is whole without a finding, a score or a target', async () => {
    const model = reportModel({
      summary: { targets: [], score: null, scoreBefore: null, trend: [], tags: 0, byRule: [] },
    });
    const text = (await pageTexts(model)).join('');

    expect(text).toContain('No score yet');
    expect(text).toContain('No finding was open in this period.');
  });

  it('names a target of any script in its tables', async () => {
    const model = reportModel({ summary: { targets: [targetRecord({ name: '本番環境' })] } });

    expect((await pageTexts(model)).join('')).toContain('本番環境');
  });
});
