/** A git remote's address, taken apart and checked; nothing in it can be taken for an option, a command or a second address. */
export interface GitRemote {
  readonly scheme: Scheme;
  /** Lower case, IPv6 without brackets; empty for file. */
  readonly host: string;
  /** 0 for file. */
  readonly port: number;
  /** ssh only. */
  readonly user: string | null;
  /** Decoded, from `/`, without a slash at its end. */
  readonly path: string;
  /** The one spelling under which it is stored and shown. */
  readonly url: string;
}

export const SCHEMES = ['https', 'ssh', 'http', 'git', 'file'] as const;
type Scheme = (typeof SCHEMES)[number];

const DEFAULT_PORTS: Readonly<Record<Scheme, number>> = { https: 443, ssh: 22, http: 80, git: 9418, file: 0 };
const LONGEST = 2_048;
const FORM = 'Write https://host/owner/name.git or ssh://git@host/owner/name.git.';
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const HOST = /^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/;
const IPV6 = /^\[[0-9a-f:.]+\]$/;
const USER = /^[A-Za-z0-9_.][A-Za-z0-9_.+-]*$/;

/** What is wrong with an address, for the person who typed it. Shows nothing of a user name or password in it. */
class AddressFault extends Error {}

/**
 * Takes `https://`, `ssh://`, `user@host:path` (becomes ssh://), `git://`, `http://` and `file://` addresses.
 * @returns the remote, or in words what is wrong: a helper transport (`ext::`, CVE-2022-24439), a bare path, something that starts with
 * a dash (CVE-2017-1000117), a control character even when it is encoded (CVE-2020-5260), a password
 */
export function parseRemoteUrl(given: string): GitRemote | string {
  try {
    return parse(given.trim());
  } catch (fault) {
    if (fault instanceof AddressFault) return fault.message;
    throw fault;
  }
}

/** The name of the repository there: the path without `/` at its start and `.git` at its end. */
export function repositoryOf({ path }: GitRemote): string {
  const bare = path.slice(1);
  return bare.length > 4 && bare.endsWith('.git') && !bare.endsWith('/.git') ? bare.slice(0, -4) : bare;
}

function parse(text: string): GitRemote {
  if (text.length > LONGEST) throw new AddressFault(`The url is longer than ${LONGEST} characters. ${FORM}`);
  if (CONTROL.test(text)) throw new AddressFault(`The url has a control character in it. ${FORM}`);
  if (text.replace(/\[[0-9a-f:.]+\]/i, '').includes('::'))
    throw new AddressFault(`The url has a "::" in it, which git takes for a program to run. ${FORM}`);
  const { scheme, authority, path } = split(text);
  const place = scheme === 'file' ? local(authority) : remote(scheme, authority);
  const clean = cleanPath(path, scheme);
  return { scheme, ...place, path: clean, url: `${scheme}://${spell(scheme, place)}${encodePath(clean)}` };
}

function split(text: string): { scheme: Scheme; authority: string; path: string } {
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(text);
  if (url !== null) {
    const [, scheme = '', authority = '', path = ''] = url;
    return { scheme: schemeOf(scheme), authority, path: decode(path, schemeOf(scheme)) };
  }
  const scp = /^([^@/:]+)@(\[[^\]/]*\]|[^:/[\]]+):(?!\/\/)(.+)$/s.exec(text);
  if (scp === null) throw new AddressFault(`The url is neither a URL nor user@host:path. ${FORM}`);
  const [, user = '', host = '', path = ''] = scp;
  return { scheme: 'ssh', authority: `${user}@${host}`, path: path.startsWith('/') ? path : rooted(path) };
}

function rooted(path: string): string {
  if (path.startsWith('-')) throw new AddressFault('The path of the url starts with a dash.');
  return `/${path}`;
}

function schemeOf(text: string): Scheme {
  const scheme = SCHEMES.find((one) => one === text.toLowerCase());
  if (scheme !== undefined) return scheme;
  throw new AddressFault(`The url has a scheme that is refused. ${FORM}`);
}

function local(authority: string): { host: string; port: number; user: null } {
  if (authority === '' || authority.toLowerCase() === 'localhost') return { host: '', port: 0, user: null };
  throw new AddressFault('A file:// url names no host: write file:///path/to/repository.git.');
}

function remote(scheme: Scheme, authority: string): { host: string; port: number; user: string | null } {
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? null : authority.slice(0, at);
  const [, hostText = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? [];
  const host = hostText.toLowerCase();
  if (!HOST.test(host) && !IPV6.test(host))
    throw new AddressFault(
      `The host of the url is none: letters, digits, dots and dashes between them. ${FORM}`,
    );
  const port = portText === undefined ? DEFAULT_PORTS[scheme] : Number(/^\d{1,5}$/.exec(portText)?.[0] ?? 0);
  if (port < 1 || port > 65_535) throw new AddressFault('The port of the url must be 1 to 65535.');
  return { host: host.replace(/^\[|\]$/g, ''), port, user: userOf(scheme, user) };
}

function userOf(scheme: Scheme, user: string | null): string | null {
  if (user?.includes(':') === true)
    throw new AddressFault('The url carries a password. Take it out and store it as a credential.');
  if (scheme !== 'ssh') {
    if (user === null) return null;
    throw new AddressFault('The url carries a user name. Take it out and store it in a credential.');
  }
  if (user === null) throw new AddressFault('An ssh:// url names the user: ssh://git@host/owner/name.git.');
  if (!USER.test(user)) throw new AddressFault('The user name of the url is none, or starts with a dash.');
  return user;
}

/** Once, as servers do it. */
function decode(path: string, scheme: Scheme): string {
  if (/[?#]/.test(path)) throw new AddressFault(`The url has a query or a fragment. ${FORM}`);
  if (scheme !== 'file' && /%(2f|5c)/i.test(path)) throw new AddressFault('The path has an encoded slash.');
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AddressFault('The path of the url has a % that encodes nothing.');
  }
}

function cleanPath(path: string, scheme: Scheme): string {
  if (CONTROL.test(path)) throw new AddressFault('The path of the url has a control character in it.');
  const clean = path.replace(/\/+$/, '');
  if (clean === '') throw new AddressFault(`The url names no repository. ${FORM}`);
  const segments = clean.slice(1).split('/');
  if (
    segments.some((segment) => segment === '.' || segment === '..' || (segment === '' && scheme !== 'file'))
  )
    throw new AddressFault('The path of the url has an empty, "." or ".." part.');
  if (segments[0]?.startsWith('-') === true)
    throw new AddressFault('The path of the url starts with a dash.');
  return clean;
}

function spell(
  scheme: Scheme,
  { host, port, user }: { host: string; port: number; user: string | null },
): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return `${user === null ? '' : `${user}@`}${bracketed}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}`;
}

function encodePath(path: string): string {
  return encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent);
}
