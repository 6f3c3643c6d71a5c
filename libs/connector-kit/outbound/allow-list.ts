import { HygieneError } from '#core';
import ipaddr from 'ipaddr.js';
import { parseAddress } from './classify-address.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Where a connection is about to go: the name that was asked for, and the address it leads to (null before it is resolved). */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly address: Address | null;
}

type AllowRule = (destination: Destination) => boolean;

/** What the operator opened: host names, `host:port`, single addresses and CIDR blocks. Throws INPUT_INVALID on anything else. */
export class AllowList {
  private readonly rules: readonly AllowRule[];

  constructor(entries: readonly string[]) {
    this.rules = entries.map(parseEntry);
  }

  allows(destination: Destination): boolean {
    return this.rules.some((rule) => rule(destination));
  }
}

/** One spelling for a host: lower case, no root dot, no brackets. */
export function canonicalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function parseEntry(entry: string): AllowRule {
  const text = entry.trim();
  if (ipaddr.isValidCIDR(text)) return blockRule(text);
  const { host, port } = splitPort(text);
  const atPort = (given: number): boolean => port === null || port === given;
  const literal = parseAddress(host);
  if (literal !== null)
    return ({ address, port: given }) =>
      address !== null && atPort(given) && address.toString() === literal.toString();
  if (!/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(host)) throw badEntry(entry);
  return (destination) => canonicalHost(destination.host) === host && atPort(destination.port);
}

function blockRule(text: string): AllowRule {
  const [network, bits] = ipaddr.parseCIDR(text);
  return ({ address }) =>
    address !== null && address.kind() === network.kind() && address.match([network, bits] as never);
}

function splitPort(text: string): { host: string; port: number | null } {
  const match = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text);
  if (match === null) return { host: canonicalHost(text), port: null };
  return { host: canonicalHost(match[1] ?? ''), port: Number(match[2]) };
}

function badEntry(entry: string): HygieneError {
  return new HygieneError(
    'INPUT_INVALID',
    `TAGWARD_OUTBOUND_ALLOW has an entry ${JSON.stringify(entry)} that is neither a host name, nor host:port, nor an address, nor a CIDR block such as 10.0.0.0/8.`,
  );
}
