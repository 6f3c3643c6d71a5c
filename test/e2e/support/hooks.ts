import { createHmac } from 'node:crypto';
import { Client, type Reply } from './client.js';
import { until } from './until.js';

export interface MadeHook {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

/** Makes a webhook as a user would. */
export async function makeHook(client: Client, input: Record<string, unknown>): Promise<MadeHook> {
  const query = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id url } } }`;
  const { createWebhook } = await client.data(query, { input });
  return { ...createWebhook.webhook, secret: createWebhook.secret };
}

/** Delivers, as any sender does. */
export async function deliver(url: string, body: string, headers: Record<string, string> = {}) {
  const began = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, ms: performance.now() - began };
}

export function scanIdsOf({ status, text }: { status: number; text: string }): string[] {
  if (status !== 202) throw new Error(`${status}: ${text}`);
  return (JSON.parse(text) as { scanIds: string[] }).scanIds;
}

/** The headers of a delivery of GitHub. */
export function hubHeaders(secret: string, event: string, body: string, id: string = crypto.randomUUID()) {
  const mac = createHmac('sha256', secret).update(body).digest('hex');
  return { 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${mac}` };
}

/** Waits until a scan that a webhook began has ended well and the target has the tag. */
export async function untilTagged(client: Client, targetId: string, name: string): Promise<Reply['body']> {
  return until(async () => {
    const { body } = await client.rest('GET', `/tags?targetIds=${targetId}&name=${encodeURIComponent(name)}`);
    if (body.items.length === 0) return null;
    const scans = await client.rest('GET', `/scans?targetId=${targetId}`);
    return scans.body.items.find((scan: { trigger: string }) => scan.trigger === 'WEBHOOK') ?? null;
  }, 60_000);
}
