import type { OperationName, Operations, Page, Viewer } from '#application';
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { JSON_TYPE, CSV_TYPE, NDJSON_TYPE } from './media-types.js';
import { guardFormula } from '#reports';

/** Lists that are big enough to be taken away whole. */
export const EXPORTED = [
  'findings',
  'tags',
  'resources',
  'auditEvents',
  'targets',
  'scans',
] as const satisfies readonly OperationName[];
export type ExportedOperation = (typeof EXPORTED)[number];

const PAGE_SIZE = 200;

export function isExported(name: OperationName): name is ExportedOperation {
  return (EXPORTED as readonly OperationName[]).includes(name);
}

export function offeredTypes(name: OperationName): readonly string[] {
  return isExported(name) ? [JSON_TYPE, NDJSON_TYPE, CSV_TYPE] : [JSON_TYPE];
}

export interface ExportRequest {
  readonly operations: Operations;
  readonly name: ExportedOperation;
  readonly viewer: Viewer;
  readonly input: Record<string, unknown>;
  readonly present: (rows: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  readonly columns: readonly string[];
}

/**
 * All rows from `after` on, whatever `first` says, a page in memory at a time; the reader's pace is the pace. The first page is
 * read before this resolves, so that what is wrong with the request is still an answer of its own. A later fault cuts the stream.
 */
export async function openExport(request: ExportRequest, type: string): Promise<Readable> {
  const first = await readPage(request, undefined);
  const rows = Readable.from(presentedRows(request, first), { highWaterMark: PAGE_SIZE });
  if (type === NDJSON_TYPE) return Readable.from(lines(rows));
  const csv = stringify({
    header: true,
    bom: false,
    columns: [...request.columns],
    record_delimiter: 'windows',
    cast: {
      string: (value) => guardFormula(value),
      object: (value) => guardFormula(JSON.stringify(value)),
      boolean: (value) => String(value),
    },
  });
  rows.on('error', (error) => csv.destroy(error));
  csv.on('close', () => rows.destroy());
  return rows.pipe(csv);
}

async function* presentedRows(request: ExportRequest, first: Page<unknown>) {
  let page = first;
  for (;;) {
    yield* await request.present(page.edges.map(({ node }) => node));
    const last = page.edges.at(-1);
    if (!page.hasNextPage || last === undefined) return;
    page = await readPage(request, last.cursor);
  }
}

async function* lines(rows: AsyncIterable<unknown>) {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

function readPage(request: ExportRequest, after: string | undefined): Promise<Page<unknown>> {
  const { operations, name, viewer, input } = request;
  return operations.run(name, viewer, {
    ...input,
    first: PAGE_SIZE,
    ...(after === undefined ? {} : { after }),
  });
}
