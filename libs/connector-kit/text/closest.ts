/** The candidate that a word was probably meant to be: at most a third of its letters wrong, or a part of it; null when none is near. */
export function closest(word: string, candidates: readonly string[]): string | null {
  const scored = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  if (best === undefined) return null;
  if (best.distance <= Math.max(1, Math.floor(word.length / 3))) return best.candidate;
  return word.length >= 4 ? (candidates.find((candidate) => candidate.includes(word)) ?? null) : null;
}

/** Levenshtein's distance, two rows at a time. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (let n = 1; n <= b.length; n += 1)
      current.push(
        Math.min(
          (above[n] ?? 0) + 1,
          (current[n - 1] ?? 0) + 1,
          (above[n - 1] ?? 0) + (letter === b[n - 1] ? 0 : 1),
        ),
      );
    above = current;
  }
  return above[b.length] ?? 0;
}
