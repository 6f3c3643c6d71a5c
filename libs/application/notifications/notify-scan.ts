import type { Stores } from '../ports/stores.js';
import type { ScanRecord } from '../records/scan.js';
import type { TargetRecord } from '../records/target.js';
import type { Notify } from './notify.js';
import { scanNews, scoreNews } from './scan-news.js';

/**
 * Tells of a scan that has just ended, and of a score that fell: compared with the best since a fall was told last, so that a slow decline is
 * told, too. Runs in the transaction that ended the scan and renewed the score.
 * @param before the target as it was before that; null: it is gone
 * @returns the channels that `Notify.dispatch` takes
 */
export async function notifyScan(
  notify: Notify,
  stores: Stores,
  scan: ScanRecord,
  before: TargetRecord | null,
): Promise<readonly string[]> {
  const target = before === null ? null : await stores.targets.find(before.id);
  if (before === null || target === null) return [];
  const cause = `scan:${scan.id}`;
  const ended = scanNews(scan, target, before.hygieneScore);
  const told = ended === null ? [] : await notify.store(stores, cause, ended, [scan.id]);
  if (ended?.event !== 'SCAN_DONE' || target.hygieneScore === null) return told;
  const score = target.hygieneScore;
  const mark = (await stores.notificationDeliveries.scoreMark(target.id)) ?? before.hygieneScore ?? score;
  const fallen = scoreNews(scan, target, mark);
  await stores.notificationDeliveries.setScoreMark(
    target.id,
    fallen === null ? Math.max(mark, score) : score,
  );
  return fallen === null ? told : [...told, ...(await notify.store(stores, cause, fallen, [scan.id]))];
}
