import type { FindingRecord, ScanRecord, ScanResults, ScannedRule } from '#application';
import { SEVERITIES, type NotEvaluated, type Severity } from '#core';
import { inChunks } from '../in-chunks.js';
import { attributes, xmlText } from './xml.js';

/**
 * One scan as JUnit XML: a suite for the scan itself (what could not be read is an error), then one for each rule, with a test case for each
 * finding and a skipped one for what could not be judged; a rule without either has one that passes. Findings are pulled as the text is.
 *
 * @param failOn findings of this severity and worse are failures; others pass, and are told in `system-out`
 */
export function renderJunit(results: ScanResults, failOn: Severity): AsyncGenerator<string> {
  return inChunks(pieces(results, failOn));
}

async function* pieces(results: ScanResults, failOn: Severity): AsyncGenerator<string> {
  const { scan, target, rules } = results;
  const failing = new Set(SEVERITIES.slice(SEVERITIES.indexOf(failOn)));
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites${attributes({ name: `Tagward: ${target.name}` })}>\n`;
  yield scanSuite(scan);
  for (const rule of rules) yield* ruleSuite(results, rule, failing);
  yield '</testsuites>\n';
}

function scanSuite(scan: ScanRecord): string {
  const timestamp = timestampOf(scan);
  const cut = scan.status === 'FAILED' || scan.status === 'CANCELLED';
  const end = cut ? problem('error', scan.status, `The scan ended as ${scan.status}.`, '') : '';
  const cases = [
    testCase({ classname: 'tagward.scan', name: 'ran to its end' }, end),
    ...scan.errors.map(({ code, message, scope }) =>
      testCase(
        { classname: 'tagward.scan', name: `could read ${scope ?? 'the target'}` },
        problem('error', code, message, ''),
      ),
    ),
  ];
  const errors = scan.errors.length + (cut ? 1 : 0);
  const counts = { tests: cases.length, failures: 0, errors, skipped: 0, timestamp };
  return `${suite('tagward.scan', counts)}${cases.join('')}</testsuite>\n`;
}

async function* ruleSuite(
  results: ScanResults,
  rule: ScannedRule,
  failing: ReadonlySet<Severity>,
): AsyncGenerator<string> {
  const { scan } = results;
  const total = await results.count(rule.id);
  const failures = total === 0 ? 0 : await results.count(rule.id, [...failing]);
  const unjudged = scan.notEvaluated.filter(({ rulePack, ruleId }) => `${rulePack}/${ruleId}` === rule.id);
  const passes = total === 0 && unjudged.length === 0;
  const tests = total + unjudged.length + (passes ? 1 : 0);
  const counts = { tests, failures, errors: 0, skipped: unjudged.length, timestamp: timestampOf(scan) };
  yield suite(rule.id, counts) + properties(rule);
  if (passes) yield testCase({ classname: rule.id, name: 'nothing to find' }, '');
  yield* unjudged.map((entry) => skipped(rule.id, entry));
  if (total > 0)
    for await (const finding of results.findings(rule.id)) yield findingCase(rule.id, finding, failing);
  yield '</testsuite>\n';
}

function findingCase(classname: string, finding: FindingRecord, failing: ReadonlySet<Severity>): string {
  const { severity, message, suggestion, fixAtSource, scope, resource, tag } = finding;
  const place = scope === null || scope === resource ? resource : `${scope} ${resource}`;
  const name = tag === null ? place : `${place}: ${tag}`;
  const lines = [
    message,
    ...(suggestion === null ? [] : [`Fix: ${suggestion}`]),
    ...(fixAtSource === null ? [] : [`At its source: ${fixAtSource}`]),
    `Finding ${finding.id}, since ${finding.firstSeenAt.toISOString()}`,
  ].join('\n');
  const told = failing.has(severity)
    ? problem('failure', severity, message, lines)
    : `<system-out>${xmlText(`${severity}: ${lines}`)}</system-out>`;
  return testCase({ classname, name }, told);
}

function skipped(classname: string, { needs, resources }: NotEvaluated): string {
  const message = `${resources} resources could not be judged: the rule needs ${needs}.`;
  return testCase({ classname, name: `has ${needs}` }, `<skipped${attributes({ message })}/>`);
}

function suite(name: string, counts: Readonly<Record<string, string | number | undefined>>): string {
  return `<testsuite${attributes({ name, ...counts, time: 0 })}>\n`;
}

function properties({ rulePack, version, summary }: ScannedRule): string {
  const known = {
    rulePack,
    version: version ?? undefined,
    title: summary?.title,
    kind: summary?.kind,
    severity: summary?.severity,
  };
  const rows = Object.entries(known)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<property${attributes({ name, value })}/>`);
  return `<properties>${rows.join('')}</properties>\n`;
}

function testCase(names: { readonly classname: string; readonly name: string }, content: string): string {
  const start = `<testcase${attributes({ ...names, time: 0 })}`;
  return content === '' ? `${start}/>\n` : `${start}>${content}</testcase>\n`;
}

function problem(element: 'failure' | 'error', type: string, message: string, text: string): string {
  return `<${element}${attributes({ type, message })}>${xmlText(text)}</${element}>`;
}

/** As JUnit writes it: no fractions, no zone; UTC. */
function timestampOf({ startedAt, queuedAt }: ScanRecord): string {
  return (startedAt ?? queuedAt).toISOString().slice(0, 19);
}
