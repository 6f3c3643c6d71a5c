/**
 * Damerau-Levenshtein distance (insert, drop, replace, swap neighbours; the unrestricted form of Lowrance and Wagner, 1975),
 * by code unit; anything over `limit` is `limit + 1`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const over = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return over;
  if (a === b) return 0;
  const far = a.length + b.length;
  const width = b.length + 2;
  const cost = new Int32Array((a.length + 2) * width);
  const lastRowOf = new Map<string, number>();
  cost[0] = far;
  for (let i = 0; i <= a.length; i += 1) {
    cost[(i + 1) * width] = far;
    cost[(i + 1) * width + 1] = i;
  }
  for (let j = 0; j <= b.length; j += 1) {
    cost[j + 1] = far;
    cost[width + j + 1] = j;
  }
  const at = (row: number, column: number): number => cost[row * width + column] ?? far;
  for (let i = 1; i <= a.length; i += 1) {
    let lastColumn = 0;
    for (let j = 1; j <= b.length; j += 1) {
      const row = lastRowOf.get(b.charAt(j - 1)) ?? 0;
      const column = lastColumn;
      const same = a[i - 1] === b[j - 1];
      if (same) lastColumn = j;
      const replaced = at(i, j) + (same ? 0 : 1);
      const swapped = at(row, column) + (i - row - 1) + 1 + (j - column - 1);
      cost[(i + 1) * width + j + 1] = Math.min(replaced, at(i + 1, j) + 1, at(i, j + 1) + 1, swapped);
    }
    lastRowOf.set(a.charAt(i - 1), i);
  }
  return Math.min(at(a.length + 1, b.length + 1), over);
}
