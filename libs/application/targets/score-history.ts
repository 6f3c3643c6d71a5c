import { visibleTarget } from '../access/visible-target.js';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import type { ScorePoint } from '../records/report-summary.js';
import { periodOf } from '../reports/period-of.js';
import type { UseCaseDependencies } from '../use-case-context.js';

const LIMITS = { defaultDays: 90, mostDays: 400 };

/** The score of one target, or of all that the viewer sees together, day by day: by default of the last ninety days. */
export class ScoreHistory {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'readModels' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'scoreHistory'>): Promise<readonly ScorePoint[]> {
    const { database, readModels, clock } = this.deps;
    const { targetId } = input;
    const period = periodOf(input, clock.now(), LIMITS);
    if (targetId === undefined) return readModels.scoreHistory({ ...period, targetIds: viewer.targetIds });
    await visibleTarget(database.stores.targets, viewer, targetId);
    return readModels.scoreHistory({ ...period, targetIds: [targetId] });
  }
}
