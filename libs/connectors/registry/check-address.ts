import type { OutboundGuard } from '#connector-kit';

/** @throws HygieneError ADDRESS_REFUSED when the outbound policy does not open the registry, or lets nobody go there unencrypted */
export async function checkRegistryAddress(origin: string, guard: OutboundGuard): Promise<void> {
  const { protocol, hostname, port } = await guard.check(origin);
  if (protocol === 'http:') await guard.checkUnencrypted(protocol, hostname, port === '' ? 80 : Number(port));
}
