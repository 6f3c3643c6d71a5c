import type { ScanScopeStore } from '../ports/scan-scopes.js';
import type { ClaimedScan, ScanSession } from '../ports/stores.js';
import { OtherScopes } from './other-scopes.js';
import type { ScanTally } from './scan-tally.js';

/** What lanes read of all scopes of a scan, in the tally of the scan; scopes that the target has no more are settled. */
export async function sumUpLanes(
  { scan, lanes }: ClaimedScan,
  scopes: ScanScopeStore,
  session: ScanSession,
  tally: ScanTally,
): Promise<void> {
  const told = new Set<string>();
  for (const error of scan.errors) tally.addError(error);
  for await (const { scope, ...faults } of scopes.results(scan.id)) {
    told.add(scope);
    tally.add(faults);
  }
  if (lanes?.listedWhole === true) await new OtherScopes({ session, tally }).settle(told);
}
