import type { WebhookKind } from '../../records/webhook.js';
import { distribution } from './distribution.js';
import { eventbridge } from './eventbridge.js';
import { generic } from './generic.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { harbor } from './harbor.js';
import { sns } from './sns.js';
import type { WebhookKindSpec } from './webhook-kind.js';

/** Every kind of sender. */
export const WEBHOOK_KIND_SPECS: Readonly<Record<WebhookKind, WebhookKindSpec>> = {
  GENERIC: generic,
  GITHUB: github,
  GITLAB: gitlab,
  DISTRIBUTION: distribution,
  HARBOR: harbor,
  EVENTBRIDGE: eventbridge,
  SNS: sns,
};
