import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * `public`: a unicast address of the internet. `metadata`: a cloud's metadata or credential service, in any embedding.
 * `private`: everything else (loopback, RFC 1918, link-local, ULA, CGNAT, 6to4, NAT64, Teredo, reserved, multicast…).
 */
export type AddressClass = 'public' | 'private' | 'metadata';

/** Services that hand out credentials to whoever can reach them. No allow list opens these. */
const METADATA = [
  '169.254.169.254', // AWS, Azure, Google, DigitalOcean, OpenStack
  '169.254.170.2', // ECS task credentials
  '169.254.170.23', // EKS pod identity
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  '168.63.129.16', // Azure's wire server
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254', // Google
].map((address) => ipaddr.parse(address).toString());

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** The address that a text stands for, mapped IPv6 folded to IPv4; null when the text is no IP address. */
export function parseAddress(text: string): Address | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

/** Judges the bytes, never the spelling: every way to write one address gives one answer. */
export function classifyAddress(address: Address): AddressClass {
  const meant = [address, ...embeddedIPv4(address)];
  if (meant.some((one) => METADATA.includes(one.toString()))) return 'metadata';
  return isPublic(address) ? 'public' : 'private';
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return isIPv4(address) || address.match(GLOBAL_UNICAST);
}

function isIPv4(address: Address): address is ipaddr.IPv4 {
  return address.kind() === 'ipv4';
}

/**
 * The IPv4 addresses that a translator on the way may connect to instead: mapped and compatible, NAT64 (RFC 6052, 8215), 6to4 (RFC 3056),
 * Teredo (RFC 4380, its client address is inverted). Taking every plausible position refuses too much rather than too little.
 */
function embeddedIPv4(address: Address): ipaddr.IPv4[] {
  if (isIPv4(address)) return [];
  const bytes = address.toByteArray();
  const last = bytes.slice(12);
  return [last, bytes.slice(2, 6), last.map((byte) => byte ^ 0xff)].map((four) => new ipaddr.IPv4(four));
}
