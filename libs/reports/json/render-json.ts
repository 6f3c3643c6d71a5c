import type { ReportModel } from '#application';
import { reportedFindings } from '../reported-findings.js';
import { findingOf } from './document-finding.js';
import { headOf } from './document-head.js';

/** One JSON document of REPORT_JSON_SCHEMA, one finding a line; `findingCount` comes last and says that the file is whole. */
export async function* renderJson(model: ReportModel): AsyncGenerator<string> {
  yield `${JSON.stringify(headOf(model)).slice(0, -1)},"findings":[`;
  let count = 0;
  for await (const row of reportedFindings(model)) {
    yield `${count === 0 ? '' : ','}\n${JSON.stringify(findingOf(row))}`;
    count += 1;
  }
  yield `\n],"findingCount":${count}}\n`;
}
