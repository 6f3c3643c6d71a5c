import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { ScanResults } from '#application';
import type { Severity } from '#core';
import { findingRecord, textOf } from '../report-model.fixture.js';
import { scanResults, SPELLING } from '../scan-results.fixture.js';
import { renderJunit } from './render-junit.js';

interface Case {
  readonly '@name': string;
  readonly failure?: readonly Problem[];
  readonly error?: readonly Problem[];
  readonly skipped?: readonly Problem[];
  readonly 'system-out'?: readonly string[];
}
interface Problem {
  readonly '@message': string;
  readonly '@type'?: string;
  readonly '#text'?: string;
}
interface Suite {
  readonly '@name': string;
  readonly '@tests': string;
  readonly '@failures': string;
  readonly '@errors': string;
  readonly '@skipped': string;
  readonly testcase: readonly Case[];
}

const LISTS = new Set(['testsuite', 'testcase', 'failure', 'error', 'skipped', 'system-out']);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && LISTS.has(name),
});

async function xmlOf(results: ScanResults, failOn: Severity = 'low'): Promise<string> {
  return textOf(renderJunit(results, failOn));
}
async function suitesOf(results: ScanResults, failOn?: Severity): Promise<readonly Suite[]> {
  const xml = await xmlOf(results, failOn);
  expect(XMLValidator.validate(xml)).toBe(true);
  return (parser.parse(xml) as { testsuites: { testsuite: Suite[] } }).testsuites.testsuite;
}
/** Do the numbers of a suite tell what is in it? */
function expectHonest(suites: readonly Suite[]): void {
  for (const suite of suites) {
    const having = (part: 'failure' | 'error' | 'skipped') =>
      String(suite.testcase.filter((one) => one[part] !== undefined).length);
    expect([suite['@tests'], suite['@failures'], suite['@errors'], suite['@skipped']]).toEqual([
      String(suite.testcase.length),
      having('failure'),
      having('error'),
      having('skipped'),
    ]);
  }
}

describe('a scan as JUnit', () => {
  it('has a suite of the scan and one of each rule, which passes when there is nothing', async () => {
    const suites = await suitesOf(scanResults());
    expectHonest(suites);
    expect(suites).toMatchObject([
      {
        '@name': 'tagward.scan',
        '@timestamp': '2026-11-20T08:00:01',
        testcase: [{ '@name': 'ran to its end' }],
      },
      {
        '@name': 'labels/environment-spelling',
        '@failures': '0',
        testcase: [{ '@name': 'nothing to find' }],
      },
    ]);
  });

  it('fails for findings, by their severity', async () => {
    const findings = (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) =>
      findingRecord({ id: severity, severity, tag: severity === 'high' ? null : severity }),
    );
    for (const [failOn, failing] of [
      ['info', 5],
      ['low', 4],
      ['high', 2],
      ['critical', 1],
    ] as const) {
      const suites = await suitesOf(scanResults({ findings }), failOn);
      expectHonest(suites);
      expect(suites[1]).toMatchObject({ '@tests': '5', '@failures': String(failing) });
    }
    const [, suite] = await suitesOf(scanResults({ findings }), 'high');
    expect(suite?.testcase[1]).toMatchObject({
      '@classname': 'labels/environment-spelling',
      '@name': '111122223333/eu-west-1 i-0abc',
      failure: [{ '@type': 'high', '#text': expect.stringContaining('\nFix: Rename the key') }],
    });
    expect(suite?.testcase[4]).toMatchObject({ '@name': '111122223333/eu-west-1 i-0abc: info' });
    expect(suite?.testcase[4]?.['system-out']?.[0]).toMatch(/^info: The key/);
  });

  it('errs for what could not be read, and skips what could not be judged', async () => {
    const suites = await suitesOf(
      scanResults({
        scan: {
          status: 'FAILED',
          errors: [
            {
              code: 'REMOTE_TIMEOUT',
              message: 'No <answer> & no "sign".',
              scope: 'us-east-1',
              retryable: true,
            },
          ],
          notEvaluated: [
            { rulePack: 'labels', ruleId: 'environment-spelling', needs: 'a date', resources: 4 },
          ],
        },
      }),
    );
    expectHonest(suites);
    expect(suites[0]?.testcase).toMatchObject([
      { error: [{ '@type': 'FAILED' }] },
      { '@name': 'could read us-east-1', error: [{ '@message': 'No <answer> & no "sign".' }] },
    ]);
    expect(suites[1]?.testcase).toMatchObject([
      { skipped: [{ '@message': expect.stringContaining('a date') }] },
    ]);
  });

  it('carries every text, with what XML cannot hold as U+FFFD', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            ']]>',
            '&amp;',
            '<x y="z"/>',
            '\r\n',
            '\t',
            ' ',
            '\u0000',
            '\ud83d',
            '\uffff',
            '"',
            "'",
          ),
        )
        .map((parts) => parts.join('')),
    );

    const held = (text: string) =>
      text.toWellFormed().replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
    await fc.assert(
      fc.asyncProperty(texts, texts, texts, async (message, resource, tag) => {
        const finding = findingRecord({ message, resource, tag, scope: null, suggestion: null });
        const [, suite] = await suitesOf(scanResults({ findings: [finding] }));
        const [found] = suite?.testcase ?? [];
        expect(found?.['@name']).toBe(held(`${resource}: ${tag}`));
        expect(found?.failure?.[0]?.['@message']).toBe(held(message));
        expect(found?.failure?.[0]?.['#text']?.startsWith(`${held(message)}\n`)).toBe(true);
      }),
    );
  });

  it('pulls findings as it is read', async () => {
    let pulled = 0;
    const endless: ScanResults = {
      ...scanResults({ rules: [SPELLING] }),
      count: async () => 1_000_000,
      async *findings() {
        for (;;) {
          pulled += 1;
          yield findingRecord({ id: String(pulled) });
        }
      },
    };
    const text = renderJunit(endless, 'low');
    for (let chunks = 0; chunks < 3; chunks++) await text.next();
    expect(pulled).toBeLessThan(400);
    await text.return(undefined);
  });
});
