import { v7 as uuidv7 } from 'uuid';
import { HygieneError } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { ChannelSecret } from '../ports/notifications.js';
import type { Stores } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { NotificationChannelRecord } from '../records/notification.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { openChannel, sealChannel } from './channel-secret.js';
import { invalidSecret, signingKey } from './signing-secret.js';

const MOST_CHANNELS = 100;

type Dependencies = Pick<UseCaseDependencies, 'database' | 'secretBox' | 'notificationSender' | 'clock'>;
type Input = OperationInput<'upsertNotificationChannel'>;

/** Makes the channel of this name, or changes it. Address and secret are sealed and cannot be read again. */
export class UpsertNotificationChannel {
  constructor(private readonly deps: Dependencies) {}

  /** @throws HygieneError INPUT_INVALID, ADDRESS_REFUSED, OPERATION_UNSUPPORTED (e-mail without a mail server), LIMIT_EXCEEDED */
  async execute(viewer: Viewer, input: Input): Promise<NotificationChannelRecord> {
    const { database, notificationSender, clock } = this.deps;
    checkSecret(input);
    const shown = await notificationSender.check(input.kind, input.address);
    return database.transaction(async (stores) => {
      const before = await stores.notificationChannels.findByName(input.name);
      if (before === null) await refuseMany(stores);
      const id = before?.id ?? uuidv7();
      const channel = await stores.notificationChannels.save({
        id,
        ...{ name: input.name, kind: input.kind, enabled: input.enabled, address: shown },
        events: [...new Set(input.events)],
        sealed: await this.seal(stores, id, before, input),
      });
      await recordAudit(stores, clock, {
        operation: 'upsertNotificationChannel',
        viewer,
        subject: `notification-channel:${id}`,
        details: {
          ...{ name: channel.name, kind: channel.kind, events: channel.events, enabled: channel.enabled },
          ...{ address: shown, created: before === null, secret: input.secret !== undefined },
        },
      });
      return channel;
    });
  }

  private async seal(
    stores: Stores,
    id: string,
    before: NotificationChannelRecord | null,
    { kind, address, secret }: Input,
  ): Promise<string> {
    const { secretBox, clock } = this.deps;
    if (kind !== 'WEBHOOK') return secretBox.seal({ address }, id);
    const old = before?.kind === kind ? await this.stored(stores, id, secret !== undefined) : null;
    const current = secret ?? old?.['secret'];
    if (current === undefined)
      throw invalidSecret('a WEBHOOK needs one to sign with; it may be left out once the channel has it');
    return sealChannel(secretBox, { id, address, secret: current }, old, clock.now());
  }

  /** @param replaced a new secret is given: that the old one cannot be opened is no matter then */
  private async stored(stores: Stores, id: string, replaced: boolean): Promise<ChannelSecret | null> {
    const sealed = await stores.notificationChannels.sealed(id);
    if (sealed === null) return null;
    try {
      return openChannel(this.deps.secretBox, sealed, id);
    } catch (error) {
      if (replaced) return null;
      throw error;
    }
  }
}

function checkSecret({ kind, secret }: Input): void {
  if (secret === undefined) return;
  if (kind !== 'WEBHOOK') throw invalidSecret(`expected none: a ${kind} channel is not signed`);
  signingKey(secret);
}

async function refuseMany(stores: Stores): Promise<void> {
  const { length } = await stores.notificationChannels.list();
  if (length < MOST_CHANNELS) return;
  throw new HygieneError(
    'LIMIT_EXCEEDED',
    `There are ${length} notification channels, and ${MOST_CHANNELS} is the most; delete one that nobody reads.`,
  );
}
