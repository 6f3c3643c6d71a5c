import { registerEnumType } from '@nestjs/graphql';
import {
  AUTH_SOURCES,
  CHANNEL_KINDS,
  FINDING_ORDERS,
  FINDING_STATES,
  NOTIFICATION_EVENTS,
  REPORT_FORMATS,
  REPORT_STATUSES,
  SCAN_STATUSES,
  SCAN_TRIGGERS,
  SCOPES,
  STAT_GROUPS,
  TARGET_MODES,
  WEBHOOK_KINDS,
} from '#application';
import { CREDENTIAL_KINDS, DECISIONS, PLATFORMS, SEVERITIES } from '#core';

/** `{ EC2: 'ec2' }`: the API's spelling to ours. */
function upperCased<const V extends string>(values: readonly V[]): Readonly<Record<Uppercase<V>, V>> {
  return Object.fromEntries(values.map((value) => [value.toUpperCase(), value])) as Record<Uppercase<V>, V>;
}

function enumOf<const T extends object>(name: string, values: T): T {
  registerEnumType(values, { name });
  return values;
}

export const PlatformEnum = enumOf('Platform', upperCased(PLATFORMS));
export const SeverityEnum = enumOf('Severity', upperCased(SEVERITIES));
export const ScanStatusEnum = enumOf('ScanStatus', upperCased(SCAN_STATUSES));
export const ScanTriggerEnum = enumOf('ScanTrigger', upperCased(SCAN_TRIGGERS));
export const FindingStateEnum = enumOf('FindingState', upperCased(FINDING_STATES));
export const FindingOrderEnum = enumOf('FindingOrder', upperCased(FINDING_ORDERS));
export const StatGroupEnum = enumOf('StatGroup', upperCased(STAT_GROUPS));
export const TargetModeEnum = enumOf('TargetMode', upperCased(TARGET_MODES));
export const ReportFormatEnum = enumOf('ReportFormat', upperCased(REPORT_FORMATS));
export const ReportStatusEnum = enumOf('ReportStatus', upperCased(REPORT_STATUSES));
export const CredentialKindEnum = enumOf('CredentialKind', upperCased(CREDENTIAL_KINDS));
export const ScopeEnum = enumOf('Scope', upperCased(SCOPES));
export const WebhookKindEnum = enumOf('WebhookKind', upperCased(WEBHOOK_KINDS));
export const DecisionEnum = enumOf('Decision', upperCased(DECISIONS));
export const AuthSourceEnum = enumOf('AuthSource', upperCased(AUTH_SOURCES));
export const ChannelKindEnum = enumOf('ChannelKind', upperCased(CHANNEL_KINDS));
export const NotificationEventEnum = enumOf('NotificationEvent', upperCased(NOTIFICATION_EVENTS));
export const ForgeKindEnum = enumOf('ForgeKind', upperCased(['GITHUB', 'GITLAB', 'GITEA'] as const));
export const RegistryFlavorEnum = enumOf(
  'RegistryFlavor',
  upperCased(['DISTRIBUTION', 'ECR', 'GHCR', 'DOCKER_HUB', 'HARBOR', 'GITLAB'] as const),
);
export const FidelityLevelEnum = enumOf(
  'FidelityLevel',
  upperCased(['EXACT', 'DIFFERS', 'UNSUPPORTED'] as const),
);
