import { expect, it, vi } from 'vitest';
import type { Logger } from '#core';
import { checkRedis } from './check-redis.js';

const info = (version: string, policy: string, maxmemory: number): string =>
  `# Server\r\nredis_version:${version}\r\nos:Linux\r\n\r\n# Memory\r\nmaxmemory:${maxmemory}\r\nmaxmemory_policy:${policy}\r\n`;

function check(text: string): Logger['warn'] {
  const warn = vi.fn();
  checkRedis(text, { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() });
  return warn;
}

it.each(['6.2.0', '7.0.15', '8.2.1', '10.0.0'])('takes Redis %s that evicts nothing', (version) => {
  expect(check(info(version, 'noeviction', 1_000_000))).not.toHaveBeenCalled();
});

it.each(['5.0.14', '6.0.9', '2.8'])('refuses Redis %s', (version) => {
  expect(() => check(info(version, 'noeviction', 0))).toThrow(
    expect.objectContaining({ code: 'OPERATION_UNSUPPORTED' }),
  );
});

it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])('refuses %s, which would drop jobs', (policy) => {
  expect(() => check(info('7.0.15', policy, 1_000_000))).toThrow(/noeviction/);
});

it.each([
  ['volatile-lru', 1_000_000],
  ['allkeys-lru', 0],
])('warns of %s with a limit of %i bytes', (policy, limit) => {
  expect(check(info('7.0.15', policy, limit))).toHaveBeenCalledOnce();
});
