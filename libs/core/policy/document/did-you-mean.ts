import { editDistance } from '../../matchers/edit-distance.js';
import { foldSeparators } from '../../matchers/ascii-case.js';

/** The one known word that was most likely meant; null when none is near, or two are equally near. */
export function nearestWord(written: string, known: readonly string[]): string | null {
  const folded = foldSeparators(written.slice(0, 64));
  const limit = folded.length < 4 ? 1 : folded.length < 8 ? 2 : 3;
  const ranked = known
    .map((word) => ({ word, distance: editDistance(folded, foldSeparators(word), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  const [best, second] = ranked;
  return best === undefined || best.distance === second?.distance ? null : best.word;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const word = nearestWord(written, known);
  return word === null ? '' : ` Did you mean ${JSON.stringify(word)}?`;
}
