import type { Tag } from '../model/resource.js';

/**
 * Do two names lead to one object? A git tag leads to what its tag object stands for, so an annotated name and a lightweight one at
 * the same commit do. `unknown` when the platform does not say where one of them points.
 */
export function compareObjects(a: Tag, b: Tag): 'same' | 'different' | 'unknown' {
  if (a.digest !== null && a.digest === b.digest) return 'same';
  const [left, right] = [endOf(a), endOf(b)];
  if (left === null || right === null) return 'unknown';
  return left === right ? 'same' : 'different';
}

function endOf({ digest, pointer }: Tag): string | null {
  if (pointer?.peeled !== undefined) return pointer.peeled;
  return pointer?.annotated === true ? null : digest;
}
