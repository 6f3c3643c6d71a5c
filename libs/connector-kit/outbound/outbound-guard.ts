import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { HygieneError, type OutboundPolicy } from '#core';
import { AllowList, canonicalHost } from './allow-list.js';
import { classifyAddress, parseAddress } from './classify-address.js';

/** Every address of a name, as the system resolves it. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

/** The largest time a name may take to resolve before `check` lets the connection find out. */
const RESOLVE_LIMIT_MS = 1_500;

/**
 * The one gate of requests that go out on a user's word. Public addresses pass, private ones pass only when the operator
 * lists them, metadata services never. What is checked are the bytes of the address that is connected to: hand `lookupFor` (or
 * the guarded agents) to the HTTP client, so that a name cannot answer one thing to the check and another to the socket.
 */
export class OutboundGuard {
  private readonly allowed: AllowList;
  private readonly allowLocal: boolean;

  constructor(
    policy: OutboundPolicy,
    private readonly resolve: ResolveHost = (host) => systemLookup(host, { all: true, verbatim: true }),
  ) {
    this.allowed = new AllowList(policy.allow);
    this.allowLocal = policy.allowLocal;
  }

  /**
   * Parses an address a user gave and refuses (ADDRESS_REFUSED) what may not be reached: other schemes than http and https,
   * user names or passwords in it, private addresses in any spelling. A name is not resolved here.
   */
  parse(text: string): URL {
    const url = parseHttpUrl(text);
    this.checkLiteral(url.hostname, portOf(url));
    return url;
  }

  /** `parse`, and refuses a name that leads to a refused address now. A name that does not resolve passes: connecting will say so. */
  async check(text: string): Promise<URL> {
    const url = this.parse(text);
    const host = canonicalHost(url.hostname);
    if (parseAddress(host) !== null) return url;
    const found = await Promise.race([this.resolve(host).catch(() => []), nothingAfter(RESOLVE_LIMIT_MS)]);
    this.checkAll(host, portOf(url), found);
    return url;
  }

  /** Throws ADDRESS_REFUSED when the host is an address, in any spelling, that may not be reached. */
  checkLiteral(hostname: string, port: number): void {
    const host = canonicalHost(hostname);
    if (parseAddress(host) !== null) this.checkAddress(host, port, host);
  }

  /** A `lookup` for sockets to one port: resolves once, refuses when any answer is refused, and gives exactly the checked answers. */
  lookupFor(port: number): LookupFunction {
    return (hostname, options, callback) => {
      const host = canonicalHost(hostname);
      this.resolve(host).then(
        (found) => {
          try {
            this.checkAll(host, port, found);
          } catch (error) {
            callback(error as NodeJS.ErrnoException, []);
            return;
          }
          answer(host, found, options, callback);
        },
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
    };
  }

  /**
   * For a program that does its own connecting: resolves the host, refuses when any answer is refused, and gives the address to
   * connect to instead of the name. @throws HygieneError ADDRESS_REFUSED; REMOTE_UNREACHABLE when the name has no address
   */
  async pin(hostname: string, port: number): Promise<LookupAddress> {
    const host = canonicalHost(hostname);
    this.checkLiteral(host, port);
    const literal = parseAddress(host);
    if (literal !== null) return { address: literal.toString(), family: literal.kind() === 'ipv4' ? 4 : 6 };
    const found = await this.resolve(host).catch((): readonly LookupAddress[] => []);
    this.checkAll(host, port, found);
    const [first] = found;
    if (first !== undefined) return first;
    throw new HygieneError(
      'REMOTE_UNREACHABLE',
      `${host} has no address. Check the spelling, and the DNS of this machine.`,
    );
  }

  /**
   * Refuses a scheme that neither encrypts nor proves who answers (`http:`, `git:`), unless the operator listed the host or opened
   * local targets. @throws HygieneError ADDRESS_REFUSED
   */
  async checkUnencrypted(scheme: string, hostname: string, port: number): Promise<void> {
    if (this.allowLocal) return;
    const host = canonicalHost(hostname);
    const literal = parseAddress(host);
    if (this.allowed.allows({ host, port, address: literal })) return;
    const found = literal === null ? await this.resolve(host).catch((): readonly LookupAddress[] => []) : [];
    const listed = (address: string): boolean =>
      this.allowed.allows({ host, port, address: parseAddress(address) });
    if (found.length > 0 && found.every(({ address }) => listed(address))) return;
    throw new HygieneError(
      'ADDRESS_REFUSED',
      `${scheme}// to ${host} is refused: nothing on the way is encrypted, and anybody there could change what is read. Use https:// or ssh://, or let the operator add ${bracketed(host)}:${port} to TAGWARD_OUTBOUND_ALLOW.`,
      { details: { host } },
    );
  }

  /** Refuses what is on this machine itself (`file://`, a socket), unless the operator opened local targets. @throws HygieneError ADDRESS_REFUSED */
  checkLocal(what: string): void {
    if (this.allowLocal) return;
    throw new HygieneError(
      'ADDRESS_REFUSED',
      `${what} is refused: targets on the machine that Tagward runs on are not opened. Use https:// or ssh://, or let the operator set TAGWARD_LOCAL_TARGETS=true.`,
    );
  }

  private checkAll(host: string, port: number, found: readonly LookupAddress[]): void {
    for (const { address } of found) this.checkAddress(host, port, address);
  }

  private checkAddress(host: string, port: number, text: string): void {
    const address = parseAddress(text);
    if (address === null) throw refused(host, text, 'it is not an address', null);
    const kind = classifyAddress(address);
    if (kind === 'public') return;
    const shown = address.toString();
    if (kind === 'metadata')
      throw refused(host, shown, 'it is a metadata service, which is never reached', null);
    if (this.allowed.allows({ host, port, address })) return;
    throw refused(host, shown, 'it is a private or local address', `${bracketed(host)}:${port}`);
  }
}

function parseHttpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.hostname === '')
    throw new HygieneError(
      'ADDRESS_REFUSED',
      'The address is not a URL. Write it as https://host or https://host:port.',
    );
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new HygieneError(
      'ADDRESS_REFUSED',
      `The scheme ${JSON.stringify(url.protocol)} is refused. Use https:// (or http:// inside a network you trust).`,
    );
  if (url.username !== '' || url.password !== '')
    throw new HygieneError(
      'ADDRESS_REFUSED',
      'The address carries a user name or password. Take them out and store them as a credential.',
    );
  return url;
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function answer(
  host: string,
  found: readonly LookupAddress[],
  options: Parameters<LookupFunction>[1],
  callback: Parameters<LookupFunction>[2],
): void {
  const wanted = options.family === 4 || options.family === 6 ? options.family : null;
  const fitting = found.filter(({ family }) => wanted === null || family === wanted);
  const first = fitting[0];
  if (first === undefined)
    return callback(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), []);
  if (options.all === true) callback(null, [...fitting]);
  else callback(null, first.address, first.family);
}

function refused(host: string, address: string, why: string, entry: string | null): HygieneError {
  const place = host === address ? address : `${host} (${address})`;
  const mend =
    entry === null
      ? 'Point the target somewhere else.'
      : `If Tagward shall reach it, the operator adds ${entry} (or a CIDR block) to TAGWARD_OUTBOUND_ALLOW.`;
  return new HygieneError('ADDRESS_REFUSED', `Connecting to ${place} is refused: ${why}. ${mend}`, {
    details: { host, address },
  });
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

async function nothingAfter(ms: number): Promise<readonly LookupAddress[]> {
  return new Promise((resolve) => setTimeout(resolve, ms, []).unref());
}
