import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { defaultQuery } from './default-query.js';

export interface ExplorerAssets {
  readonly html: string;
  readonly script: { readonly etag: string; readonly gzipped: Buffer; readonly plain: () => Buffer };
}

/** The page keeps its headers to requests by fetch; a WebSocket gets them as its parameters. */
const TOKEN_OF_SUBSCRIPTIONS: [string, string] = [
  'extensions:{headers:y?.headers}',
  'extensions:{headers:y?.headers,connectionParams:y?.headers}',
];

let assets: Promise<ExplorerAssets> | null = null;

/** Made at the first visit (9 MB of script), kept compressed. */
export function explorerAssets(): Promise<ExplorerAssets> {
  assets ??= make();
  return assets;
}

/** The package renders one page with everything inline; its script is served as a file, so that no inline script need be allowed. */
async function make(): Promise<ExplorerAssets> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Tagward GraphQL',
    defaultQuery,
    headers: JSON.stringify({ Authorization: 'Bearer <your token>' }, null, 2),
    shouldPersistHeaders: false,
    credentials: 'omit',
    subscriptionsProtocol: 'WS',
  });
  const start = page.indexOf('<script>');
  const end = page.lastIndexOf('</script>');
  const text = page.slice(start + '<script>'.length, end).replace(...TOKEN_OF_SUBSCRIPTIONS);
  const hash = createHash('sha256').update(text).digest('hex');
  const tag = `<script defer src="/graphql/explorer.js?v=${hash.slice(0, 16)}"></script>`;
  const gzipped = await promisify(gzip)(text, { level: 6 });
  return {
    html: page.slice(0, start) + tag + page.slice(end + '</script>'.length),
    script: { etag: `"${hash}"`, gzipped, plain: () => gunzipSync(gzipped) },
  };
}
