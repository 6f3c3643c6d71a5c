import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type {
  Capability,
  CredentialKind,
  JsonObject,
  NotEvaluated,
  Platform,
  RuleSummary,
  ScanError,
  TagChange,
} from '#core';
import type {
  Count,
  FindingCounts,
  FindingState,
  Label,
  ReportFileRecord,
  ReportFormat,
  ReportStatus,
  ResourceNumbers,
  RulePackRef,
  ScanStatus,
  ScanTrigger,
  Scope,
  TargetMode,
} from '#application';
import type { CreatedAt, Json, JsonWithDefault } from './tables/column-types.js';
import type { ScheduleRunTable, ScheduleTable } from './tables/schedule.table.js';
import type {
  NotificationChannelTable,
  NotificationDeliveryTable,
  ScoreMarkTable,
} from './tables/notification.table.js';
import type { ScorePointTable } from './tables/score-point.table.js';
import type { WebhookDeliveryTable, WebhookTable, WebhookTargetTable } from './tables/webhook.table.js';

export interface CredentialTable {
  id: string;
  name: string;
  kind: CredentialKind;
  sealed_secret: string;
  created_at: CreatedAt;
  rotated_at: Date | null;
  last_used_at: Date | null;
}

export interface TargetTable {
  id: string;
  name: string;
  platform: Platform;
  location: string;
  config: Json<JsonObject>;
  credential_id: string | null;
  /** Names; null: every stored pack. */
  rule_packs: string[] | null;
  mode: TargetMode;
  labels: Json<Label[]>;
  capabilities: JsonWithDefault<Capability[]>;
  created_at: CreatedAt;
  open_findings: Generated<number>;
  /** Tags and missing required tags that the score is a share of. */
  scored_tags: Generated<number>;
  /** Sum over faulty tags of their worst severity's weight. */
  fault_weight: Generated<number>;
  hygiene_score: number | null;
}

export interface RulePackTable {
  name: string;
  latest_version: number;
  removed_at: Date | null;
}

export interface RulePackVersionTable {
  id: string;
  name: string;
  version: number;
  document: string;
  rules: Json<RuleSummary[]>;
  created_at: CreatedAt;
  created_by: string;
}

export interface ScanTable {
  id: string;
  /** In the order of the requests. */
  number: GeneratedAlways<number>;
  target_id: string;
  status: ScanStatus;
  trigger: ScanTrigger;
  /** null: the target's packs, or all. */
  requested_packs: ColumnType<RulePackRef[] | null, string | null, string | null>;
  rule_packs: JsonWithDefault<RulePackRef[]>;
  scopes: string[] | null;
  progress_done: Generated<number>;
  progress_total: number | null;
  resources: Generated<number>;
  tags: Generated<number>;
  counts: Json<FindingCounts>;
  not_evaluated: JsonWithDefault<NotEvaluated[]>;
  errors: JsonWithDefault<ScanError[]>;
  queued_at: CreatedAt;
  started_at: Date | null;
  finished_at: Date | null;
  /** The time its session writes as seen, opened and resolved. */
  observed_at: Date | null;
  owner: string | null;
  /** Starts that were not given back. */
  attempt: Generated<number>;
  /** Counts up when its owner changes: batches of an earlier one are refused. */
  fence: Generated<number>;
  heartbeat_at: Date | null;
  cancel_requested: Generated<boolean>;
  /** Set once the scan was handed to its lanes: the scopes that they read. */
  scopes_total: number | null;
  /** They are all that the target has. */
  scopes_listed_whole: Generated<boolean>;
}

/** One scope of a scan that lanes read; gone when the scan has ended. */
export interface ScanScopeTable {
  /** In the order in which they were listed. */
  ordinal: GeneratedAlways<number>;
  scan_id: string;
  scope: string;
  state: ColumnType<ScopeState, ScopeState | undefined, ScopeState>;
  /** Counts up when a lane takes it or loses it: batches of an earlier one are refused. */
  fence: Generated<number>;
  /** Times it was taken and not given back. */
  attempt: Generated<number>;
  heartbeat_at: Date | null;
  units_read: Generated<number>;
  errors: JsonWithDefault<ScanError[]>;
  /** Errors that are not listed. */
  errors_beyond: Generated<number>;
  not_evaluated: JsonWithDefault<NotEvaluated[]>;
}

export type ScopeState = 'WAITING' | 'RUNNING' | 'DONE';

/** One resource type of one scope of one target: the grain in which things are read as a whole, or not. */
export interface ReadPartTable {
  id: GeneratedAlways<number>;
  target_id: string;
  scope: string;
  resource_type: string;
  /** What is still there was seen then, at the latest: rows that do not change are not written. null: never as a whole. */
  last_read_at: Date | null;
  /** The rules that judged it then. */
  rule_set_id: number | null;
  /** For rules that judged it before but not then: `pack/rule` -> ISO time. */
  evaluated: JsonWithDefault<Record<string, string>>;
  /** Number of the scan that found it implausibly small. */
  suspected_scan: number | null;
}

export interface RuleSetTable {
  id: GeneratedAlways<number>;
  digest: string;
  /** `pack/rule`, sorted. */
  rules: Json<string[]>;
}

export interface ResourceTable {
  id: GeneratedAlways<number>;
  part_id: number;
  resource: string;
  team: string | null;
  created_at: Date | null;
  first_seen_at: Date;
  /** When it was last written as seen; the part's `last_read_at` counts when later, while it is not missing. */
  seen_at: Date;
  missing_since: Date | null;
  /** Numbers that the platform gave; what it did not give is not there. */
  facts: ColumnType<Partial<ResourceNumbers> | null, never, never>;
  /** When it last came back as a whole. */
  returned_at: Date | null;
}

export interface TagTable {
  id: GeneratedAlways<number>;
  part_id: number;
  resource_id: number;
  name: string;
  value: string | null;
  digest: string | null;
  created_at: Date | null;
  first_seen_at: Date;
  seen_at: Date;
  missing_since: Date | null;
  moves: ColumnType<{ at: string; from: string | null; to: string | null }[] | null, never, never>;
  /** null: the digest itself, or not known. */
  peeled: string | null;
  annotated: boolean | null;
  /** What the name is known by; null: its digest. */
  baseline: string | null;
  /** Set while a name that had gone is there again and nobody accepted that. */
  returned_at: Date | null;
}

/** Facts of things that are named by their own hash, whatever target they were read from. */
export interface ContentTable {
  digest: string;
  facts: Json<JsonObject>;
  first_read_at: CreatedAt;
  /** Renewed once a week at most. */
  used_at: Generated<Date>;
}

export interface FindingTable {
  /** The fingerprint. */
  id: string;
  key: GeneratedAlways<number>;
  target_id: string;
  part_id: number;
  rule_pack: string;
  rule_id: string;
  /** 0 critical … 4 info: ascending is most severe first. */
  urgency: number;
  state: FindingState;
  resource: string;
  tag: string | null;
  value: string | null;
  message: string;
  suggestion: string | null;
  changes: Json<TagChange[]>;
  fixable: boolean;
  blocked: boolean;
  fix_at_source: string | null;
  evidence: Json<JsonObject>;
  times_reopened: Generated<number>;
  first_seen_at: Date;
  /** Last time it became open. */
  opened_at: Date;
  seen_at: Date;
  resolved_at: Date | null;
  /** When it had been resolved before it came back the last time. */
  gone_at: Date | null;
  opened_scan: number;
  resolved_scan: number | null;
  suppressed_at: Date | null;
  suppressed_by: string | null;
  suppressed_until: Date | null;
  suppression_reason: string | null;
}

export interface AuditEventTable {
  sequence: number;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  details: Json<JsonObject>;
  previous_hash: string;
  hash: string;
}

export interface AuditHeadTable {
  singleton: Generated<boolean>;
  sequence: number;
  hash: string;
}

export interface ApiTokenTable {
  id: string;
  name: string;
  prefix: string;
  hash: string;
  scopes: Scope[];
  target_ids: string[] | null;
  created_at: CreatedAt;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface IdempotencyKeyTable {
  subject: string;
  operation: string;
  key: string;
  request_hash: string;
  result_id: string;
  created_at: CreatedAt;
}

export interface ReportTable {
  id: string;
  status: ReportStatus;
  error: string | null;
  from_at: Date;
  to_at: Date;
  target_ids: string[] | null;
  formats: ReportFormat[];
  created_at: CreatedAt;
  created_by: string;
  score: number | null;
  audit_head: string | null;
  totals: JsonWithDefault<Count[]>;
  files: JsonWithDefault<ReportFileRecord[]>;
}

/** The tables of schema `tagward`. */
export interface Schema {
  'tagward.credential': CredentialTable;
  'tagward.target': TargetTable;
  'tagward.rule_pack': RulePackTable;
  'tagward.rule_pack_version': RulePackVersionTable;
  'tagward.scan': ScanTable;
  'tagward.scan_scope': ScanScopeTable;
  'tagward.read_part': ReadPartTable;
  'tagward.rule_set': RuleSetTable;
  'tagward.resource': ResourceTable;
  'tagward.tag': TagTable;
  'tagward.content': ContentTable;
  'tagward.finding': FindingTable;
  'tagward.audit_event': AuditEventTable;
  'tagward.audit_head': AuditHeadTable;
  'tagward.api_token': ApiTokenTable;
  'tagward.idempotency_key': IdempotencyKeyTable;
  'tagward.report': ReportTable;
  'tagward.schedule': ScheduleTable;
  'tagward.schedule_run': ScheduleRunTable;
  'tagward.notification_channel': NotificationChannelTable;
  'tagward.notification_delivery': NotificationDeliveryTable;
  'tagward.score_mark': ScoreMarkTable;
  'tagward.score_point': ScorePointTable;
  'tagward.webhook': WebhookTable;
  'tagward.webhook_target': WebhookTargetTable;
  'tagward.webhook_delivery': WebhookDeliveryTable;
}
