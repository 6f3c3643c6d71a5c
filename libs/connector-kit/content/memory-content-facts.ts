import type { ContentFacts, JsonObject } from '#core';

/** Content facts that live as long as this object: for tests, and for tools that run once. */
export function memoryContentFacts(): ContentFacts {
  const known = new Map<string, JsonObject>();
  return {
    get: async (digests) =>
      new Map(
        digests.flatMap((digest) => {
          const facts = known.get(digest);
          return facts === undefined ? [] : [[digest, facts] as const];
        }),
      ),
    put: async (facts) => {
      for (const [digest, one] of facts) known.set(digest, one);
    },
  };
}
