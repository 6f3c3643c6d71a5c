import type { Wording } from '../wording/wording.js';

/** Limits of Slack: https://docs.slack.dev/reference/block-kit/blocks/section-block */
const LONGEST_TEXT = 2_900;

/**
 * A message of Slack's incoming webhooks. `text` holds all of it: it is what notifications show, and what those show that take Slack's messages
 * but know no blocks. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slackMessage({ title, facts, link }: Wording) {
  const head = `*${escapeSlack(title)}*`;
  const lines = facts.map(({ name, value }) => `${escapeSlack(name)}: ${escapeSlack(value)}`);
  const leads = `<${link.url}|${escapeSlack(link.name)}>`;
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  return {
    text: [head, ...lines, leads].join('\n'),
    blocks: [section(head), section(cut(lines.join('\n'))), section(leads)],
  };
}

/** So that no text of a platform mentions people or links: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Not within an entity. */
function cut(text: string): string {
  return text.length <= LONGEST_TEXT
    ? text
    : `${text.slice(0, LONGEST_TEXT).replace(/&[a-z]{0,3}$/, '')}…`.toWellFormed();
}
