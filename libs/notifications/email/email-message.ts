import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMessage } from '#application';
import { oneLine } from '../wording/one-line.js';
import { type Wording, wordingOf } from '../wording/wording.js';

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** A message as bytes, in plain text and HTML. Its Message-ID is the delivery's at every attempt, so that a mail system knows a second copy. */
export async function emailMessage(
  { id, at, news }: OutgoingMessage,
  { from, to }: Envelope,
  publicUrl: string,
): Promise<Buffer> {
  const wording = wordingOf(news, publicUrl);
  const composer = new MailComposer({
    from: { name: 'Tagward', address: from },
    to: { name: '', address: to },
    subject: oneLine(wording.title, 200),
    text: plainText(wording),
    html: htmlText(wording),
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: at,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function plainText({ title, facts, link }: Wording): string {
  const lines = facts.map(({ name, value }) => `${name}: ${value}`);
  return [title, '', ...lines, '', `${link.name}: ${link.url}`, ''].join('\n');
}

function htmlText({ title, facts, link }: Wording): string {
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><th align="left" valign="top">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
    `<h2>${escapeHtml(title)}</h2>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    `<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.name)}</a></p>`,
    '</body></html>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
