import {
  judgePointers,
  pointed,
  pointerContext,
  type GivenPointer,
} from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';
import type { DetectedFinding } from '../../model/finding.js';
import type { Resource } from '../../model/resource.js';
import type { RulePack } from '../../policy/rule-pack.js';

export const NOW = new Date('2026-01-01T00:00:00Z');
export const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

/** A pack of one retention rule, `r`. */
export const packWith = (rule: object, more: object = {}): RulePack =>
  packOf({ pack: 'p', rules: [{ id: 'r', kind: 'retention', ...rule }], ...more });

/** What else the pack and the repository are. */
export type More = Partial<Resource> & { readonly pack?: object };

export const found = (
  rule: object,
  tags: readonly GivenPointer[],
  { pack, ...resource }: More = {},
): readonly DetectedFinding[] =>
  judgePointers(packWith(rule, pack), tags, { platform: 'registry', ...resource });

/** The tags that go. */
export const gone = (...of: Parameters<typeof found>): (string | null)[] =>
  found(...of).map(({ tag }) => tag);

/** What would have to be known. */
export const missing = (
  rule: object,
  tags: readonly GivenPointer[],
  more: Partial<Resource> = {},
): string[] =>
  policyOf(packWith(rule))
    .evaluate([pointed('acme/app', tags, more)], pointerContext('registry', NOW))
    .notEvaluated.map(({ needs }) => needs);

/** `a` is one day old, `b` two days… each at a digest of its own. */
export const aged = (letters: string): GivenPointer[] =>
  [...letters].map((name, at) => ({ name, digest: `sha256:${name}`, created: daysAgo(at + 1) }));

export const newest = (count: number, orderBy = 'created') => ({ newest: count, orderBy });
export const keep = (...any: object[]) => ({ keep: { any } });
