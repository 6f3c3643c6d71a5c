import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotificationSender } from '#application';
import { startHookReceiver, type HookAnswer, type HookReceiver } from '#testing';
import { createNotificationSender } from '../create-notification-sender.js';
import { messageOf, SCAN_DONE } from '../news.fixture.js';

const KEY = Buffer.alloc(32, 3);
const MESSAGE = messageOf(SCAN_DONE);
const options = (signal = new AbortController().signal) => ({ signing: [KEY], signal });

let receiver: HookReceiver;
let sender: NotificationSender;
const answering = (answer: HookAnswer): void => void (receiver.answer = () => answer);
const senderTo = (...allow: string[]) =>
  createNotificationSender({
    outbound: { allow, allowLocal: false },
    publicUrl: 'https://tags.test',
    smtp: null,
  });
beforeEach(async () => {
  receiver = await startHookReceiver();
  sender = senderTo(receiver.host);
});
afterEach(() => receiver.close());

describe('a webhook', () => {
  const send = (signal?: AbortSignal) =>
    sender.send('WEBHOOK', `${receiver.url}/in?key=1`, MESSAGE, options(signal));

  it('A9: is signed, so that the reference implementation takes it', async () => {
    expect(await send()).toMatchObject({ kind: 'DELIVERED', responseCode: 204, reason: null });
    const [hook] = receiver.received;
    expect(hook).toMatchObject({ path: '/in?key=1', headers: { 'content-type': 'application/json' } });
    const verified = new Webhook(`whsec_${KEY.toString('base64')}`).verify(
      hook?.body ?? '',
      hook?.headers as Record<string, string>,
    );
    expect(verified).toMatchObject({ type: 'scan.done', data: { scan: { id: 's1' } } });
    expect(hook?.headers['webhook-id']).toBe(MESSAGE.id);
  });

  it.each([400, 401, 404, 429, 500, 503])('A9: is tried again after %i', async (status) => {
    answering({ status, body: 'our secret, echoed' });
    expect(await send()).toEqual({
      ...{ kind: 'RETRY', responseCode: status, reason: `It answered ${status}.`, retryAfterMs: null },
    });
  });

  it('A9: ends with 410', async () => {
    answering({ status: 410 });
    expect(await send()).toMatchObject({ kind: 'GONE', responseCode: 410 });
  });

  it('H10: is not carried on by a redirect, which is no success', async () => {
    const elsewhere = await startHookReceiver();
    for (const status of [301, 302, 307, 308]) {
      answering({ status, headers: { location: `${elsewhere.url}/` } });
      expect(await send()).toMatchObject({
        kind: 'RETRY',
        responseCode: status,
        reason: expect.stringContaining('not followed'),
      });
    }
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('H20: waits as long as it is asked to, within limits', async () => {
    answering({ status: 503, headers: { 'retry-after': '120' } });
    expect(await send()).toMatchObject({ retryAfterMs: 120_000 });
    answering({ status: 503, headers: { 'retry-after': '86400' } });
    expect(await send()).toMatchObject({ retryAfterMs: 900_000 });
  });

  it('H16: reads nothing of a body without end', async () => {
    answering({ status: 200, body: 'x'.repeat(5_000_000) });
    expect(await send()).toMatchObject({ kind: 'DELIVERED' });
  });

  it('stops at once when its process does', async () => {
    answering({ hang: true });
    const controller = new AbortController();
    const sent = send(controller.signal);
    const refused = expect(sent).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect.poll(() => receiver.received.length).toBe(1);
    controller.abort();
    await refused;
  });

  it('is tried again when nothing listens', async () => {
    await receiver.close();
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'RETRY', responseCode: null });
    expect(outcome.reason).toMatch(/Could not reach .*ECONNREFUSED/);
    expect(outcome.reason).not.toContain('key=1');
    receiver = await startHookReceiver();
  });
});

describe('a message to Slack', () => {
  const send = () => sender.send('SLACK', `${receiver.url}/services/T0/B0/secret`, MESSAGE, options());

  it('is text and blocks, unsigned', async () => {
    expect(await send()).toMatchObject({ kind: 'DELIVERED' });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      text: expect.stringContaining('12 open findings'),
      blocks: expect.any(Array),
    });
    expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('H20: honours Retry-After of 429', async () => {
    answering({ status: 429, headers: { 'retry-after': '30' } });
    expect(await send()).toMatchObject({ kind: 'RETRY', responseCode: 429, retryAfterMs: 30_000 });
  });

  it('is not tried again after what only a person mends', async () => {
    for (const status of [400, 403, 404]) {
      answering({ status });
      expect(await send()).toMatchObject({ kind: 'REFUSED', responseCode: status });
    }
    answering({ status: 410 });
    expect(await send()).toMatchObject({ kind: 'GONE' });
    answering({ status: 502 });
    expect(await send()).toMatchObject({ kind: 'RETRY' });
  });
});

describe('the address of a webhook', () => {
  it('is shown without its path', async () => {
    expect(await sender.check('WEBHOOK', `${receiver.url}/services/secret`)).toBe(`${receiver.url}/…`);
    expect(await sender.check('SLACK', receiver.url)).toBe(receiver.url);
    expect(await sender.check('SLACK', 'https://127.0.0.1.nip.test/a?b')).toBe(
      'https://127.0.0.1.nip.test/…',
    );
  });

  it.each([
    'http://169.254.169.254/secret-path',
    'http://[::ffff:10.0.0.1]/secret-path',
    'https://10.0.0.1/secret-path',
    'http://hooks.example.test/secret-path',
    'https://user:secret-path@hooks.example.test/',
    'ftp://hooks.example.test/secret-path',
    'secret-path',
  ])('H1: %s is refused, without its secret', async (address) => {
    const refused = await senderTo()
      .check('WEBHOOK', address)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect((refused as Error).message).not.toContain('secret-path');
  });

  it('H1: is checked again at every attempt', async () => {
    const closed = senderTo();
    const outcome = await closed.send('WEBHOOK', `${receiver.url}/secret-path`, MESSAGE, options());
    expect(outcome).toMatchObject({ kind: 'RETRY', responseCode: null });
    expect(outcome.reason).toContain('TAGWARD_OUTBOUND_ALLOW');
    expect(receiver.received).toEqual([]);
  });
});
