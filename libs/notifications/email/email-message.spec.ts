import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_NEWS, messageOf, newsOf } from '../news.fixture.js';
import { emailMessage } from './email-message.js';
import { parseMailbox } from './mailbox.js';

const ENVELOPE = { from: 'tagward@tags.test', to: 'team@example.test' };
const HEADERS = [
  'from',
  'to',
  'subject',
  'message-id',
  'date',
  'auto-submitted',
  'mime-version',
  'content-type',
];
const write = async (...[news]: Parameters<typeof messageOf>) =>
  (await emailMessage(messageOf(news), ENVELOPE, 'https://tags.test')).toString();
const headerOf = (mail: string) => mail.slice(0, mail.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');

describe('emailMessage', () => {
  it.each(ALL_NEWS)('of $event is in plain text and HTML', async (news) => {
    const mail = await write(news);
    expect(mail).toContain('Content-Type: multipart/alternative');
    expect(mail).toMatch(/Content-Type: text\/plain; charset=utf-8/);
    expect(mail).toMatch(/Content-Type: text\/html; charset=utf-8/);
    expect(headerOf(mail)).toContain('Message-ID: <0198c1f2-7b1e-7a7c-9d66-0a1b2c3d4e5f@tags.test>');
    expect(headerOf(mail)).toContain('To: team@example.test');
    expect(headerOf(mail)).toContain('Date: Sun, 01 Mar 2026 08:00:00 +0000');
  });

  it('has no header but its own, whatever a target is called', async () => {
    const evil = fc.oneof(
      fc.constantFrom(
        'x\r\nBcc: evil@evil.test',
        'x\nTo: evil@evil.test',
        'x\r\n\r\nbody',
        '=?utf-8?q?=0D=0ABcc:_e?=',
      ),
      fc.string({ unit: 'binary', maxLength: 120 }),
    );
    await fc.assert(
      fc.asyncProperty(evil, async (name) => {
        const names = headerOf(await write(newsOf(name)))
          .split('\r\n')
          .map((line) => /^([\w-]+):/.exec(line)?.[1]?.toLowerCase() ?? line);
        expect(names.toSorted()).toEqual(HEADERS.toSorted());
      }),
    );
  });

  it('shows markup in a name as text', async () => {
    const mail = await write(newsOf('<img src=https://evil.test/x onerror=alert(1)>'));
    const html = mail.slice(mail.indexOf('Content-Type: text/html'));
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });
});

describe('parseMailbox', () => {
  it('takes one mailbox', () => {
    expect(parseMailbox('platform+tags@example.test')).toBe('platform+tags@example.test');
  });

  it.each([
    'team',
    'a@b.test, c@d.test',
    'a@b.test\r\nBcc: c@d.test',
    'Team <a@b.test>',
    '"a b"@c.test',
    `${'a'.repeat(250)}@b.test`,
    '',
  ])('refuses %j', (text) => {
    expect(() => parseMailbox(text)).toThrow(/expected one mailbox/);
  });
});
