import type { Platform } from '#core';
import type { ApiTokenRecord } from '../records/access.js';
import type { AuditEvent } from '../records/audit.js';
import type { CredentialRecord } from '../records/credential.js';
import type { DeliveryRecord } from '../records/delivery.js';
import type { FindingFilter, FindingOrder, FindingRecord } from '../records/finding.js';
import type {
  ManifestRecord,
  ResourceFilter,
  ResourceRecord,
  TagFilter,
  TagRecord,
} from '../records/inventory.js';
import type { Page, PageRequest, Visible } from '../records/page.js';
import type { ReportSummary, ScorePoint } from '../records/report-summary.js';
import type { ReportRecord } from '../records/report.js';
import type { RulePackRecord } from '../records/rule-pack.js';
import type { ScanRecord, ScanStatus } from '../records/scan.js';
import type { ScheduleRecord } from '../records/schedule.js';
import type { Stat, StatGroup } from '../records/stat.js';
import type { Label, TargetRecord } from '../records/target.js';
import type { InventoryReader } from './inventory-reader.js';
import type { ReferenceIndex } from './reference-index.js';
import type { WebhookReadModel } from './webhook-store.js';

/** The read side: lists for screens and loaders for edges. A forged or foreign cursor throws CURSOR_INVALID. */
export interface ReadModels extends WebhookReadModel, ReferenceIndex, InventoryReader {
  targets(filter: TargetFilter, page: PageRequest, visible: Visible): Promise<Page<TargetRecord>>;
  credentials(page: PageRequest): Promise<Page<CredentialRecord>>;
  rulePacks(page: PageRequest): Promise<Page<RulePackRecord>>;
  scans(filter: ScanFilter, page: PageRequest, visible: Visible): Promise<Page<ScanRecord>>;
  findings(
    filter: FindingFilter,
    order: FindingOrder,
    page: PageRequest,
    visible: Visible,
  ): Promise<Page<FindingRecord>>;
  tags(filter: TagFilter, page: PageRequest, visible: Visible): Promise<Page<TagRecord>>;
  resources(filter: ResourceFilter, page: PageRequest, visible: Visible): Promise<Page<ResourceRecord>>;
  auditEvents(filter: { subject?: string | undefined }, page: PageRequest): Promise<Page<AuditEvent>>;
  apiTokens(filter: { search?: string | undefined }, page: PageRequest): Promise<Page<ApiTokenRecord>>;
  reports(page: PageRequest, visible: Visible): Promise<Page<ReportRecord>>;
  schedules(page: PageRequest): Promise<Page<ScheduleRecord>>;
  /** The delivery logs of notification channels, the latest first, by channel; a channel that is not there has an empty one. */
  deliveriesOfChannels(
    channelIds: readonly string[],
    page: PageRequest,
  ): Promise<ReadonlyMap<string, Page<DeliveryRecord>>>;

  /** One query each, whatever the number of ids: for DataLoaders. */
  targetsById(ids: readonly string[]): Promise<ReadonlyMap<string, TargetRecord>>;
  credentialsById(ids: readonly string[]): Promise<ReadonlyMap<string, CredentialRecord>>;
  lastScans(targetIds: readonly string[]): Promise<ReadonlyMap<string, ScanRecord>>;
  /** The present tags of resources, by ResourceRecord id. */
  tagsOfResources(resourceIds: readonly string[]): Promise<ReadonlyMap<string, readonly TagRecord[]>>;
  /** Where the present tags of resources point, by ResourceRecord id: each digest once, in their order, the first 200. */
  digestsOfResources(resourceIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** What is known of content, by digest; a digest nobody has read is left out. */
  manifestsByDigest(digests: readonly string[]): Promise<ReadonlyMap<string, ManifestRecord>>;

  /** What a report over a period is made of; findings are streamed by `reportFindings`. */
  reportSummary(request: ReportRequest): Promise<ReportSummary>;
  /** Findings that were open, opened or resolved in the period, most severe first, in bounded memory. */
  reportFindings(request: ReportRequest): AsyncIterable<FindingRecord>;

  /** Counts of the findings that match, in groups: most open ones first, then by name, at most a thousand; in one query. */
  findingStats(filter: FindingFilter, request: StatRequest, visible: Visible): Promise<readonly Stat[]>;
  /** The targets together, one point for each day (UTC) of the period on which the score of one was found; oldest first. */
  scoreHistory(request: ReportRequest): Promise<readonly ScorePoint[]>;
}

export interface StatRequest {
  readonly groupBy: StatGroup;
  readonly from: Date;
  readonly to: Date;
}

export interface TargetFilter {
  readonly search?: string | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly labels?: readonly Label[] | undefined;
}
export interface ScanFilter {
  readonly targetId?: string | undefined;
  readonly status?: ScanStatus | undefined;
}

export interface ReportRequest {
  readonly from: Date;
  readonly to: Date;
  readonly targetIds: Visible;
}
