import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Operations } from '#application';
import { API_DEPENDENCIES } from './api-dependencies.token.js';
import type { ApiDependencies } from './api-dependencies.js';
import { AccountResolver } from './features/account/account.resolver.js';
import { AdmissionResolver } from './features/admission/admission.resolver.js';
import { ApiTokensResolver } from './features/api-tokens/api-tokens.resolver.js';
import { AuditResolver } from './features/audit/audit.resolver.js';
import { CredentialsResolver } from './features/credentials/credentials.resolver.js';
import { ExplainResolver } from './features/explain/explain.resolver.js';
import { FindingsResolver } from './features/findings/findings.resolver.js';
import { ResourcesResolver } from './features/inventory/resources.resolver.js';
import { TagsResolver } from './features/inventory/tags.resolver.js';
import { NotificationChannelsResolver } from './features/notification-channels/notification-channels.resolver.js';
import { ReportFileLinks } from './features/reports/report-file-links.js';
import { ReportsResolver } from './features/reports/reports.resolver.js';
import { RulePacksResolver } from './features/rule-packs/rule-packs.resolver.js';
import { ScanProgressResolver } from './features/scans/scan-progress.resolver.js';
import { ScansResolver } from './features/scans/scans.resolver.js';
import { SchedulesResolver } from './features/schedules/schedules.resolver.js';
import { StatsResolver } from './features/stats/stats.resolver.js';
import { TargetsResolver } from './features/targets/targets.resolver.js';
import { WebhookLinks } from './features/webhooks/webhook-links.js';
import { WebhooksResolver } from './features/webhooks/webhooks.resolver.js';
import { graphqlModule } from './graphql/graphql.module.js';
import { HealthController } from './health/health.controller.js';
import { LandingController } from './landing/landing.controller.js';
import { Live } from './live/live.js';

const RESOLVERS: readonly Type[] = [
  AccountResolver,
  TargetsResolver,
  CredentialsResolver,
  RulePacksResolver,
  AdmissionResolver,
  ExplainResolver,
  ScansResolver,
  ScanProgressResolver,
  FindingsResolver,
  StatsResolver,
  TagsResolver,
  ResourcesResolver,
  ReportsResolver,
  SchedulesResolver,
  AuditResolver,
  NotificationChannelsResolver,
  ApiTokensResolver,
  WebhooksResolver,
];

/** Wires plain classes into Nest. REST is no part of it: one door, made from the table of operations. */
@Module({})
export class ApiModule {
  static of(deps: ApiDependencies, live: Live): DynamicModule {
    return {
      module: ApiModule,
      imports: [graphqlModule(deps)],
      controllers: [HealthController, LandingController],
      providers: [
        ...RESOLVERS,
        { provide: API_DEPENDENCIES, useValue: deps },
        { provide: Operations, useValue: deps.operations },
        { provide: Live, useValue: live },
        { provide: WebhookLinks, useFactory: () => new WebhookLinks(deps.config.publicUrl) },
        { provide: ReportFileLinks, useFactory: () => new ReportFileLinks(deps.config.publicUrl) },
      ],
    };
  }
}
