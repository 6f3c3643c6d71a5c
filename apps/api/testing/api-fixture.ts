import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Operations,
  SCOPES,
  type OperationHandlers,
  type Page,
  type ReadModels,
  type ReportFiles,
  type ReportFormat,
  type ReportLink,
  ReportLinks,
  type ReportRecord,
  type ScanSignals,
  type Scope,
  type Viewer,
} from '#application';
import { HygieneError, notFound } from '#core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import type { ApiConfig, ApiDependencies } from '../api-dependencies.js';
import { createApi } from '../create-api.js';
import { LINK_SIGNER, LINKS_BEGIN, memoryHandlers, type Seen } from './memory-handlers.js';
import {
  sampleCredential,
  sampleDelivery,
  sampleManifest,
  sampleReport,
  sampleWebhookDelivery,
  sampleScan,
  sampleTag,
  sampleTarget,
} from './sample-records.js';

/** Bytes that are no text. */
export const REPORT_XLSX = Buffer.from([0x50, 0x4b, 0xff, 0x00]);
export const REPORT_HTML = '<!doctype html><p>0123456789</p>';

/** Bearer tokens that the fixture knows: one per scope, all of them, and one narrowed to `t1`. */
export const TOKENS: Readonly<Record<string, Pick<Viewer, 'scopes' | 'targetIds'>>> = {
  ...Object.fromEntries(SCOPES.map((scope) => [`twd_${scope}`, { scopes: [scope], targetIds: null }])),
  twd_none: { scopes: [], targetIds: null },
  twd_t1: { scopes: SCOPES, targetIds: ['t1'] },
};
export const tokenOf = (scope: Scope | 'none' | 't1') => `twd_${scope}`;

export interface ApiFixture {
  readonly app: NestFastifyApplication;
  readonly seen: Seen;
  /** How often each loader of the read models was asked. */
  readonly loads: Record<string, number>;
  readonly logLines: string[];
  /** Who hears of scans, by id: call them to say that one has changed. */
  readonly watchers: ReadonlyMap<string, ReadonlySet<() => void>>;
  /** Listens on a port of its own: the address. */
  listen(): Promise<string>;
  graphql(query: string, variables?: object, token?: string | null): Promise<GraphqlAnswer>;
  rest(method: Method, url: string, options?: RestOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
export interface RestOptions {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: string | object;
}
export interface GraphqlAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- specs look into answers of any shape
  readonly data: any;
  readonly errors: { message: string; extensions: Record<string, unknown>; path?: string[] }[];
  readonly headers: LightMyRequestResponse['headers'];
}

/** The API over rows in memory, asked without a network. */
export async function startApi(
  options: {
    config?: Partial<ApiConfig>;
    handlers?: Partial<OperationHandlers>;
    healthy?: () => boolean;
    live?: ApiDependencies['live'];
    authenticate?: ApiDependencies['authenticate'];
    /** What links are judged by; unless given, the moment at which they are made. */
    now?: () => Date;
    receiveDelivery?: ApiDependencies['receiveDelivery'];
  } = {},
): Promise<ApiFixture> {
  const directory = await mkdtemp(join(tmpdir(), 'tagward-api-'));
  const reportFiles = await fixedReportFiles(directory);
  const seen: Seen = { inputs: [], counted: 0 };
  const loads: Record<string, number> = {};
  const logLines: string[] = [];
  const watchers = new Map<string, Set<() => void>>();
  const app = await createApi({
    config: { ...CONFIG, ...options.config },
    operations: new Operations({ ...memoryHandlers(seen, REPORT_FILE), ...options.handlers }),
    readModels: memoryLoaders(loads),
    signals: memorySignals(watchers),
    authenticate: options.authenticate ?? authenticate,
    ...(options.live === undefined ? {} : { live: options.live }),
    health: { ready: async () => healthOf(options.healthy?.() ?? true) },
    reportFiles,
    openReportLink: (link) => openLink(link, options.now ?? (() => LINKS_BEGIN)),
    receiveDelivery: options.receiveDelivery ?? { execute: async () => ({ scanIds: ['s1'] }) },
    logger: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
  });
  return {
    app,
    seen,
    loads,
    logLines,
    watchers,
    listen: async () => {
      await app.listen(0, '127.0.0.1');
      return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    },
    graphql: (query, variables, token = tokenOf('ADMIN')) => askGraphql(app, query, variables, token),
    rest: (method, url, rest = {}) => askRest(app, method, url, rest),
    close: async () => {
      await app.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function fixedReportFiles(directory: string): Promise<ReportFiles> {
  const files: Partial<Record<ReportFormat, string>> = {
    HTML: join(directory, 'report.html'),
    XLSX: join(directory, 'report.xlsx'),
  };
  await writeFile(join(directory, 'report.html'), REPORT_HTML);
  await writeFile(join(directory, 'report.xlsx'), REPORT_XLSX);
  return {
    path: async (id, format) => (id === 'rep1' ? (files[format] ?? null) : null),
    write: async () => Promise.reject(new Error('the API writes no report files')),
    remove: async () => Promise.reject(new Error('the API removes no report files')),
  };
}

const CONFIG: ApiConfig = {
  publicUrl: 'https://tags.example.test/',
  introspection: true,
  corsOrigins: ['https://portal.example.test'],
  trustProxy: false,
  version: '9.9.9',
};

const REPORT_FILE = {
  bytes: Buffer.byteLength(REPORT_HTML),
  sha256: createHash('sha256').update(REPORT_HTML).digest('hex'),
};

async function openLink(link: ReportLink, now: () => Date): Promise<ReportRecord> {
  new ReportLinks({ linkSigner: LINK_SIGNER, clock: { now } }).check(link);
  if (link.reportId !== 'rep1') throw notFound('report', link.reportId);
  return sampleReport('rep1', REPORT_FILE);
}

function healthOf(ok: boolean) {
  return { ok, checks: { database: { ok, detail: ok ? 'up' : 'no answer' } } };
}

function memorySignals(watchers: Map<string, Set<() => void>>): ScanSignals {
  return {
    onChange(id, look) {
      const looks = watchers.get(id) ?? new Set();
      watchers.set(id, looks.add(look));
      return () => void looks.delete(look);
    },
    onStop: () => () => {},
  };
}

export async function authenticate(token: string | null): Promise<Viewer> {
  if (token === null) throw new HygieneError('TOKEN_MISSING', 'Send a token: `Authorization: Bearer twd_…`.');
  const known = TOKENS[token];
  if (known === undefined) throw new HygieneError('TOKEN_UNKNOWN', 'The token is not known, or was revoked.');
  return { subject: `token:${token}`, source: 'TOKEN', ...known };
}

async function askGraphql(
  app: NestFastifyApplication,
  query: string,
  variables: object | undefined,
  token: string | null,
): Promise<GraphqlAnswer> {
  const reply = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    payload: JSON.stringify({ query, variables }),
  });
  const body = reply.json<{ data?: unknown; errors?: GraphqlAnswer['errors'] }>();
  return { status: reply.statusCode, data: body.data, errors: body.errors ?? [], headers: reply.headers };
}

async function askRest(app: NestFastifyApplication, method: Method, url: string, options: RestOptions) {
  const { token = tokenOf('ADMIN'), headers = {}, body } = options;
  const typed = body !== undefined && headers['content-type'] === undefined;
  return app.inject({
    method,
    url,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(typed ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

function pageOf<T>(rows: readonly T[]): Page<T> {
  const edges = rows.map((node, index) => ({ cursor: String(index), node }));
  return { edges, hasNextPage: false, totalCount: async () => rows.length };
}

/** Only the loaders: lists come from the operations. */
function memoryLoaders(loads: Record<string, number>): ReadModels {
  const load =
    <T>(name: string, make: (id: string) => T) =>
    async (ids: readonly string[]): Promise<ReadonlyMap<string, T>> => {
      loads[name] = (loads[name] ?? 0) + 1;
      return new Map(ids.map((id) => [id, make(id)]));
    };
  const loaders: Partial<ReadModels> = {
    targetsById: load('targets', sampleTarget),
    credentialsById: load('credentials', () => sampleCredential),
    lastScans: load('lastScans', (id) => sampleScan('s1', id)),
    tagsOfResources: load('tags', (id) => [sampleTag(`g-${id}`, 't1')]),
    digestsOfResources: load('digests', () => ['sha256:index']),
    manifestsByDigest: load('manifests', sampleManifest),
    deliveriesOfChannels: load('deliveries', (id) => pageOf([sampleDelivery(`d-${id}`)])),
    latestDeliveries: load('deliveries', (id) => pageOf([sampleWebhookDelivery(id)])),
  };
  return loaders as ReadModels;
}
