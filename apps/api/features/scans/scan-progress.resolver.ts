import { Args, Context, ID, Resolver, Subscription } from '@nestjs/graphql';
import { interruptible, type ScanRecord } from '#application';
import type { GraphqlContext } from '../../graphql/graphql-context.js';
import { Live } from '../../live/live.js';
import { Scan } from './scan.dto.js';

@Resolver(() => Scan)
export class ScanProgressResolver {
  constructor(private readonly live: Live) {}

  @Subscription(() => Scan, {
    description:
      'The scan as it is, then each time it has changed, at most twice a second; completes after the state in which it has ended.',
    resolve: (scan: ScanRecord) => scan,
  })
  scanProgress(@Context() { viewer }: GraphqlContext, @Args('id', { type: () => ID }) id: string) {
    const { streams, scans } = this.live;
    let giveBack: () => void = () => {};
    return interruptible(
      async function* (ended) {
        giveBack = streams.take(viewer.subject);
        const updates = scans.updates(viewer, id);
        ended.addEventListener('abort', () => void updates.return());
        yield* updates;
      },
      () => giveBack(),
    );
  }
}
