import type {
  FindingFilter,
  FindingOrder,
  PageRequest,
  ReadModels,
  ReportRequest,
  ResourceFilter,
  ResourcePlace,
  ScanFilter,
  StatRequest,
  StoredFacts,
  TagFilter,
  TargetFilter,
  Visible,
} from '#application';
import type { ReferenceQuery } from '#core';
import type { Db } from '../connection/transactions.js';
import { lastScans } from '../stores/last-scans.js';
import {
  apiTokensPage,
  auditEventsPage,
  credentialsById,
  credentialsPage,
  reportsPage,
  rulePacksPage,
} from './access.read-model.js';
import { digestsOfResources, manifestsByDigest } from './content.read-model.js';
import { deliveriesOfChannels } from './delivery.read-model.js';
import { findingsPage } from './finding.read-model.js';
import { resourcesPage, tagsOfResources, tagsPage } from './inventory.read-model.js';
import { referred } from './reference.read-model.js';
import { reportFindings } from './report/findings-of-period.js';
import { reportSummary } from './report/report-summary.js';
import { dailyScores } from './report/scores.js';
import { schedulesPage } from './schedule.read-model.js';
import { scansPage } from './scan.read-model.js';
import { findingStats } from './stats.read-model.js';
import { storedResource } from './stored-resource.read-model.js';
import { targetsById, targetsPage } from './target.read-model.js';
import { deliveriesPage, latestDeliveries, webhooksPage } from './webhook.read-model.js';

/** See `ReadModels` for the promises and each read model for its order. */
export class PostgresReadModels implements ReadModels {
  constructor(private readonly db: Db) {}

  targets(filter: TargetFilter, page: PageRequest, visible: Visible) {
    return targetsPage(this.db, filter, page, visible);
  }
  credentials(page: PageRequest) {
    return credentialsPage(this.db, page);
  }
  rulePacks(page: PageRequest) {
    return rulePacksPage(this.db, page);
  }
  scans(filter: ScanFilter, page: PageRequest, visible: Visible) {
    return scansPage(this.db, filter, page, visible);
  }
  findings(filter: FindingFilter, order: FindingOrder, page: PageRequest, visible: Visible) {
    return findingsPage(this.db, { filter, order, page }, visible);
  }
  tags(filter: TagFilter, page: PageRequest, visible: Visible) {
    return tagsPage(this.db, filter, page, visible);
  }
  resources(filter: ResourceFilter, page: PageRequest, visible: Visible) {
    return resourcesPage(this.db, filter, page, visible);
  }
  auditEvents(filter: { subject?: string | undefined }, page: PageRequest) {
    return auditEventsPage(this.db, filter, page);
  }
  apiTokens(filter: { search?: string | undefined }, page: PageRequest) {
    return apiTokensPage(this.db, filter, page);
  }
  reports(page: PageRequest, visible: Visible) {
    return reportsPage(this.db, page, visible);
  }
  schedules(page: PageRequest) {
    return schedulesPage(this.db, page);
  }
  deliveriesOfChannels(channelIds: readonly string[], page: PageRequest) {
    return deliveriesOfChannels(this.db, channelIds, page);
  }
  targetsById(ids: readonly string[]) {
    return targetsById(this.db, ids);
  }
  credentialsById(ids: readonly string[]) {
    return credentialsById(this.db, ids);
  }
  lastScans(targetIds: readonly string[]) {
    return lastScans(this.db, targetIds);
  }
  tagsOfResources(resourceIds: readonly string[]) {
    return tagsOfResources(this.db, resourceIds);
  }
  digestsOfResources(resourceIds: readonly string[]) {
    return digestsOfResources(this.db, resourceIds);
  }
  manifestsByDigest(digests: readonly string[]) {
    return manifestsByDigest(this.db, digests);
  }
  webhooks(page: PageRequest) {
    return webhooksPage(this.db, page);
  }
  webhookDeliveries(webhookId: string, page: PageRequest) {
    return deliveriesPage(this.db, webhookId, page);
  }
  latestDeliveries(webhookIds: readonly string[], first: number) {
    return latestDeliveries(this.db, webhookIds, first);
  }
  referred(targetId: string, query: ReferenceQuery, most: number) {
    return referred(this.db, targetId, query, most);
  }
  storedResource(place: ResourcePlace, ask: StoredFacts) {
    return storedResource(this.db, place, ask);
  }
  reportSummary(request: ReportRequest) {
    return reportSummary(this.db, request);
  }
  reportFindings(request: ReportRequest) {
    return reportFindings(this.db, request);
  }
  findingStats(filter: FindingFilter, request: StatRequest, visible: Visible) {
    return findingStats(this.db, filter, request, visible);
  }
  scoreHistory(request: ReportRequest) {
    return dailyScores(this.db, request, request.targetIds);
  }
}
