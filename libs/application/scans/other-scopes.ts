import type { ScanSession } from '../ports/stores.js';
import { goneScopesError, isImplausibleDrop } from './implausible-drop.js';
import type { ScanTally } from './scan-tally.js';

/**
 * What becomes of the scopes of a target that nobody told of in a scan of the whole target, once a connector has said that it told of all:
 * they are gone, unless that is too much of the target to be believed at once. The scopes told of must have been settled before.
 */
export class OtherScopes {
  constructor(private readonly scan: { readonly session: ScanSession; readonly tally: ScanTally }) {}

  /** @param told scopes that were read, or that an error kept from being read, by whatever job of the scan */
  async settle(told: ReadonlySet<string>): Promise<void> {
    const { session, tally } = this.scan;
    const { parts, before, seen } = await session.countOtherScopes(told);
    if (parts === 0) return;
    // Parts that an earlier scan missed, too, are not in `before`: the second scan in a row is believed.
    if (isImplausibleDrop({ before, seen, suspected: false })) {
      await session.suspectOtherScopes(told);
      tally.addError(goneScopesError({ before, seen }));
      return;
    }
    await session.completeOtherScopes(told);
    tally.countUnit();
  }
}
