import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NotificationSender } from '#application';
import { startMailServer, type MailServer, type MailServerSettings } from '#testing';
import { createNotificationSender } from '../create-notification-sender.js';
import { messageOf, SCAN_DONE } from '../news.fixture.js';
import { smtpSettings } from './smtp-settings.js';

const LOGIN = { user: 'tagward', password: 'p@ss:word/1' };
const WITH_LOGIN = `tagward:${encodeURIComponent(LOGIN.password)}@`;
const senderBy = (url: string): NotificationSender =>
  createNotificationSender({
    outbound: { allow: [], allowLocal: false },
    publicUrl: 'https://tags.test',
    smtp: { url, from: 'tagward@tags.test' },
  });
const send = (sender: NotificationSender, to = 'team@example.test', signal = new AbortController().signal) =>
  sender.send('EMAIL', to, messageOf(SCAN_DONE), { signing: [], signal });

describe('e-mail', () => {
  const trusted = getCACertificates('default');
  let server: MailServer;
  const started = async (settings: MailServerSettings, trust = true): Promise<string> => {
    server = await startMailServer(settings);
    setDefaultCACertificates(trust ? [...trusted, server.certificate] : trusted);
    return `127.0.0.1:${server.port}`;
  };
  afterEach(async () => {
    setDefaultCACertificates(trusted);
    await server.close();
  });

  it('goes out by STARTTLS, signed in', async () => {
    const host = await started({ login: LOGIN });
    expect(await send(senderBy(`smtp://${WITH_LOGIN}${host}`))).toEqual({
      ...{ kind: 'DELIVERED', responseCode: 250, reason: null, retryAfterMs: null },
    });
    expect(server.mails).toMatchObject([
      { from: 'tagward@tags.test', to: ['team@example.test'], encrypted: true, user: 'tagward' },
    ]);
    expect(server.mails[0]?.raw).toContain('Subject: Scan of prod account was read in part');
  });

  it('goes out by TLS from the first byte', async () => {
    const host = await started({ login: LOGIN, more: { secure: true } });
    expect(await send(senderBy(`smtps://${WITH_LOGIN}${host}`))).toMatchObject({ kind: 'DELIVERED' });
    expect(server.mails).toMatchObject([{ encrypted: true }]);
  });

  it('goes out unencrypted to this machine alone, when it offers no better', async () => {
    const host = await started({ login: null, plain: true });
    expect(await send(senderBy(`smtp://${host}`))).toMatchObject({ kind: 'DELIVERED' });
    expect(server.mails).toMatchObject([{ encrypted: false }]);
  });

  it('H24: does not go to a server whose certificate nobody vouches for', async () => {
    const host = await started({ login: LOGIN }, false);
    const outcome = await send(senderBy(`smtp://${WITH_LOGIN}${host}`));
    expect(outcome).toMatchObject({ kind: 'RETRY', responseCode: null });
    expect(outcome.reason).toMatch(/encrypted connection/);
    expect(server.mails).toEqual([]);
  });

  it('waits for the operator when it may not sign in', async () => {
    const host = await started({ login: LOGIN });
    const outcome = await send(senderBy(`smtp://tagward:wrong@${host}`));
    expect(outcome).toMatchObject({ kind: 'RETRY', responseCode: 535 });
    expect(outcome.reason).toContain('TAGWARD_SMTP_URL');
  });

  it.each([
    [450, 'RETRY'],
    [550, 'REFUSED'],
  ] as const)('takes %i of a recipient for %s, and repeats none of its words', async (code, kind) => {
    const refuse = () => ({ code, words: 'echo of a-secret-word' });
    const host = await started({ login: null, refuse });
    const outcome = await send(senderBy(`smtp://${host}`));
    expect(outcome).toMatchObject({ kind, responseCode: code });
    expect(outcome.reason).not.toContain('a-secret-word');
  });
});

describe('a mail server that says nothing', () => {
  let silent: Server;
  const sockets = new Set<{ destroy(): unknown }>();
  beforeAll(async () => {
    silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const url = () => `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;

  it('H26: is given up in time', { timeout: 20_000 }, async () => {
    const began = Date.now();
    expect(await send(senderBy(url()))).toMatchObject({
      kind: 'RETRY',
      reason: 'The mail server did not answer in time.',
    });
    expect(Date.now() - began).toBeLessThan(15_500);
  });

  it('is left at once when this process stops', async () => {
    const controller = new AbortController();
    const sent = send(senderBy(url()), undefined, controller.signal);
    const refused = expect(sent).rejects.toBe('stop');
    controller.abort('stop');
    await refused;
  });
});

describe('without a mail server', () => {
  const sender = createNotificationSender({
    ...{ outbound: { allow: [], allowLocal: false }, publicUrl: 'https://tags.test', smtp: null },
  });

  it('no channel is made, and what waits is kept', async () => {
    await expect(sender.check('EMAIL', 'a@b.test')).rejects.toMatchObject({
      code: 'OPERATION_UNSUPPORTED',
      message: expect.stringContaining('TAGWARD_SMTP_URL'),
    });
    expect(await send(sender)).toMatchObject({ kind: 'RETRY' });
  });
});

it.each([
  ['smtp://mail.test', { host: 'mail.test', port: 587, secure: false, requireTLS: true, auth: null }],
  ['smtps://mail.test', { port: 465, secure: true, requireTLS: false }],
  ['smtp://a%40b:c%2Fd@mail.test:2525', { port: 2525, auth: { user: 'a@b', pass: 'c/d' } }],
  ['smtp://[::1]:25', { host: '::1', port: 25, requireTLS: false }],
  ['smtp://localhost', { requireTLS: false }],
  ['smtp://127.0.0.1.evil.test', { requireTLS: true }],
])('reads %s', (url, settings) => {
  expect(smtpSettings(url)).toMatchObject(settings);
});
