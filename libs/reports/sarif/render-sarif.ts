import type { FindingRecord, ScanRecord, ScanResults, TargetRecord } from '#application';
import type { Invocation, Notification, Result, Run } from 'sarif';
import { inChunks } from '../in-chunks.js';
import { locationOf, scopeLocation } from './sarif-location.js';
import { descriptorOf, LEVELS } from './sarif-rules.js';
import { messageText } from './sarif-text.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/**
 * One scan as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html): one run, a result for each open finding, one a
 * line. Findings are pulled as the text is.
 *
 * @param version of Tagward
 */
export function renderSarif(results: ScanResults, version: string): AsyncGenerator<string> {
  return inChunks(pieces(results, version));
}

async function* pieces(results: ScanResults, version: string): AsyncGenerator<string> {
  const { scan, target } = results;
  const index = new Map(results.rules.map(({ id }, position) => [id, position]));
  const head: Run = {
    tool: { driver: { name: 'Tagward', version, rules: results.rules.map(descriptorOf) } },
    // What stands before the last slash tells one series of scans from another.
    automationDetails: { id: `tagward/${encodeURIComponent(target.name.toWellFormed())}/${scan.id}` },
    columnKind: 'utf16CodeUnits',
    invocations: [invocationOf(scan, target, index)],
    properties: { scanId: scan.id, status: scan.status, target: target.name, platform: target.platform },
  };
  const start = JSON.stringify({ $schema: SCHEMA, version: '2.1.0' }).slice(0, -1);
  yield `${start},"runs":[${JSON.stringify(head).slice(0, -1)},"results":[`;
  let separator = '\n';
  for await (const finding of results.findings()) {
    yield separator + JSON.stringify(resultOf(finding, target, index));
    separator = ',\n';
  }
  yield '\n]}]}\n';
}

function resultOf(finding: FindingRecord, target: TargetRecord, index: ReadonlyMap<string, number>): Result {
  const ruleId = `${finding.rulePack}/${finding.ruleId}`;
  const ruleIndex = index.get(ruleId);
  const { severity, tag, value, suggestion, fixable, blocked, fixAtSource, firstSeenAt } = finding;
  return {
    ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[severity],
    message: { text: messageText(finding.message) },
    locations: [locationOf(target, finding)],
    // The second is what GitHub tells alerts apart by.
    partialFingerprints: { 'tagwardFinding/v1': finding.id, primaryLocationLineHash: `${finding.id}:1` },
    properties: {
      severity,
      ...{ scope: finding.scope, resource: finding.resource, tag, value, suggestion, fixAtSource },
      ...{ fixable, blocked, firstSeenAt: firstSeenAt.toISOString() },
    },
  };
}

/** Not successful unless everything was read: whoever takes a missing result for a mended one must know. */
function invocationOf(
  scan: ScanRecord,
  target: TargetRecord,
  index: ReadonlyMap<string, number>,
): Invocation {
  return {
    executionSuccessful: scan.status === 'SUCCEEDED',
    exitCodeDescription: scan.status,
    ...(scan.startedAt === null ? {} : { startTimeUtc: scan.startedAt.toISOString() }),
    ...(scan.finishedAt === null ? {} : { endTimeUtc: scan.finishedAt.toISOString() }),
    toolExecutionNotifications: scan.errors.map(({ code, message, scope }): Notification => ({
      descriptor: { id: code },
      level: 'error',
      message: { text: messageText(message) },
      ...(scope === null ? {} : { locations: [scopeLocation(target, scope)] }),
    })),
    toolConfigurationNotifications: scan.notEvaluated.map(
      ({ rulePack, ruleId, needs, resources }): Notification => {
        const id = `${rulePack}/${ruleId}`;
        const position = index.get(id);
        return {
          descriptor: { id: 'NOT_EVALUATED' },
          associatedRule: { id, ...(position === undefined ? {} : { index: position }) },
          level: 'note',
          message: { text: messageText(`${id} could not judge ${resources} resources: it needs ${needs}.`) },
        };
      },
    ),
  };
}
