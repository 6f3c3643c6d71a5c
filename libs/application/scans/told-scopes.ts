import type { InventoryEvent } from '#core';

/** Which scopes a reading told of, by whatever event, and whether these are all that the target has. */
export class ToldScopes {
  private readonly names = new Set<string>();
  private saidAll = false;
  private wholeTargetUnread = false;

  note(event: InventoryEvent): void {
    if (event.type === 'resources' || event.type === 'complete') this.names.add(event.unit.scope);
    else if (event.type === 'all-scopes') this.saidAll = true;
    else if (event.type === 'error' && event.error.scope !== null) this.names.add(event.error.scope);
    else if (event.type === 'error') this.wholeTargetUnread = true;
  }

  get scopes(): ReadonlySet<string> {
    return this.names;
  }

  /** Every other scope is gone. Whatever was said: not after an error that is about the whole target. */
  get areAll(): boolean {
    return this.saidAll && !this.wholeTargetUnread;
  }
}
