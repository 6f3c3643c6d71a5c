import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import type { Stat } from '../records/stat.js';
import { periodOf } from '../reports/period-of.js';
import type { UseCaseDependencies } from '../use-case-context.js';

const DEFAULT_DAYS = 7;

/** Findings counted in groups over a period: by default the last seven days. */
export class FindingStats {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'readModels' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'findingStats'>): Promise<readonly Stat[]> {
    const { readModels, clock } = this.deps;
    const { groupBy, from, to, ...filter } = input;
    const period = periodOf({ from, to }, clock.now(), { defaultDays: DEFAULT_DAYS });
    return readModels.findingStats(filter, { groupBy, ...period }, viewer.targetIds);
  }
}
