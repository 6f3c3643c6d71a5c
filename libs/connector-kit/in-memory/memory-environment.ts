import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorEnvironment } from '#core';
import { memoryContentFacts } from '../content/memory-content-facts.js';

/** An environment that opens nothing private, remembers facts in memory, and has a clock of its own (so: limiters of its own). */
export function memoryEnvironment(given: Partial<ConnectorEnvironment> = {}): ConnectorEnvironment {
  return {
    outbound: { allow: [], allowLocal: false },
    now: () => Date.now(),
    content: memoryContentFacts(),
    cacheDirectory: join(tmpdir(), 'tagward-cache'),
    ...given,
  };
}
