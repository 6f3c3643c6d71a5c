import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger } from './create-logger.js';

function logged(level: string, log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  log(createLogger({ logLevel: level, destination: { write: (line) => lines.push(line) } }));
  return lines;
}

describe('createLogger', () => {
  it('writes one JSON line per event, with level, time and message', () => {
    const [line] = logged('info', (logger) => logger.info({ scanId: 's1' }, 'a scan ended'));

    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'info',
      msg: 'a scan ended',
      scanId: 's1',
      time: expect.stringMatching(/Z$/),
    });
  });

  it('keeps what is logged on its line, whatever control characters it holds', () => {
    const lines = logged('info', (logger) =>
      logger.warn({ tag: 'a\r\n{"level":"info","msg":"forged"}\u001b[2J' }, 'odd tag'),
    );

    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f]/);
  });

  it('says [redacted] where secrets stand, at any of three depths', () => {
    const canary = 'canary-5b1d';
    const [line] = logged('info', (logger) =>
      logger.info(
        {
          token: canary,
          credential: { secretAccessKey: canary },
          req: { headers: { authorization: canary } },
        },
        'x',
      ),
    );

    expect(line).not.toContain(canary);
    expect(line?.match(/\[redacted\]/g)).toHaveLength(3);
  });

  it('leaves out what is below its level', () => {
    expect(logged('warn', (logger) => logger.info({}, 'quiet'))).toEqual([]);
  });

  it('never shows a secret it was told of, in whatever form it comes', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }),
        fc.string(),
        (secret, around) => {
          const lines: string[] = [];
          const logger = createLogger({
            logLevel: 'info',
            destination: { write: (line) => lines.push(line) },
            secrets: [secret],
          });
          const encoded = [encodeURIComponent, (text: string) => Buffer.from(text).toString('base64')].map(
            (form) => form(secret),
          );
          logger.info({ url: `postgres://u:${secret}@h`, deep: [{ encoded }] }, `${around}${secret}`);

          const shown = JSON.stringify(JSON.parse(lines[0] ?? ''));
          for (const form of [JSON.stringify(secret).slice(1, -1), ...encoded])
            expect(shown).not.toContain(form);
        },
      ),
    );
  });
});
