import type { Label } from '#application';

/** Labels are a set: the same ones in any order are the same. */
export function inOrder(labels: readonly Label[]): Label[] {
  const text = ({ key, value }: Label) => `${key}=${value}`;
  return labels.map(({ key, value }) => ({ key, value })).sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
