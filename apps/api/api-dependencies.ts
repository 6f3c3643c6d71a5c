import type {
  Operations,
  ReadModels,
  ReceiveDelivery,
  ReportFiles,
  ReportLink,
  ReportRecord,
  ScanSignals,
  Viewer,
} from '#application';
import type { FastifyServerOptions } from 'fastify';
import type { Logger } from 'pino';
import type { LiveLimits } from './live/live-limits.js';

/** What the API is made from; whoever starts the process owns all of it. */
export interface ApiDependencies {
  readonly config: ApiConfig;
  readonly operations: Operations;
  /** For edges only: lists and single records come from `operations`. */
  readonly readModels: ReadModels;
  /** Of every process: what subscriptions, event streams and waiting requests hear. */
  readonly signals: ScanSignals;
  /**
   * @param bearerToken what came after `Bearer`; null when nothing did
   * @throws HygieneError TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_EXPIRED
   */
  readonly authenticate: (bearerToken: string | null) => Promise<Viewer>;
  readonly health: Health;
  readonly reportFiles: ReportFiles;
  /** @throws HygieneError LINK_INVALID, LINK_EXPIRED, NOT_FOUND */
  readonly openReportLink: (link: ReportLink) => Promise<ReportRecord>;
  readonly receiveDelivery: Pick<ReceiveDelivery, 'execute'>;
  readonly logger: Logger;
  /** Other bounds of connections that stay open than the usual ones. */
  readonly live?: { readonly limits?: LiveLimits; readonly checkTokensEveryMs?: number };
}

export interface ApiConfig {
  /** What links say; a trailing slash is of no matter. */
  readonly publicUrl: string;
  /** Introspection and the explorer. */
  readonly introspection: boolean;
  /** Exact origins of portals in browsers; none: no CORS at all. */
  readonly corsOrigins: readonly string[];
  /** Which proxies' `X-Forwarded-*` are believed. */
  readonly trustProxy: NonNullable<FastifyServerOptions['trustProxy']>;
  readonly version: string;
}

export interface Health {
  /** Answers within seconds, and never throws for a dependency that is down. */
  ready(): Promise<{ readonly ok: boolean; readonly checks: Readonly<Record<string, HealthCheck>> }>;
}
export interface HealthCheck {
  readonly ok: boolean;
  readonly detail?: string;
}
