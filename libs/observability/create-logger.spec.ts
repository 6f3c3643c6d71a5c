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
});
