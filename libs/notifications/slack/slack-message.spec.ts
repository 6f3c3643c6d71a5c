import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_NEWS, newsOf, SCAN_DONE } from '../news.fixture.js';
import { wordingOf } from '../wording/wording.js';
import { slackMessage } from './slack-message.js';

const messageOf = (...news: Parameters<typeof wordingOf>) => slackMessage(wordingOf(...news));
const LINK = '<https://tags.test/api/v1/scans/s1|The scan>';

describe('slackMessage', () => {
  it('says everything as text and as blocks', () => {
    const { text, blocks } = messageOf(SCAN_DONE, 'https://tags.test');
    expect(text).toContain('*Scan of prod account was read in part: 12 open findings, 3 new*');
    expect(text).toContain('Score: 88.2 of 100, 90.0 before');
    expect(text.endsWith(LINK)).toBe(true);
    expect(blocks.map(({ text: { text: part } }) => part).join('\n')).toBe(text);
  });

  it.each(ALL_NEWS)('of $event keeps to the limits of Slack', (news) => {
    const { blocks } = messageOf(news, 'https://tags.test');
    for (const { text } of blocks) {
      expect(text.text.length).toBeGreaterThan(0);
      expect(text.text.length).toBeLessThanOrEqual(3_000);
    }
  });

  it('mentions nobody and links nowhere, whatever a target is called', () => {
    const evil = fc.oneof(
      fc.constantFrom('<!channel>', '<@U1>', '<https://evil.test|ok>', '&lt;'),
      fc.string(),
    );
    fc.assert(
      fc.property(evil, (name) => {
        const { text } = messageOf(newsOf(name), 'https://tags.test');
        expect(text.replace(LINK, '')).not.toMatch(/[<>]/);
      }),
    );
  });
});
