import { isIP } from 'node:net';
import { SHARED_DOMAINS } from './shared-domains.js';

/** Registries whose token service has always been at another name: they say so in their documentation. */
const KNOWN_PAIRS: Readonly<Record<string, string>> = {
  'registry-1.docker.io': 'auth.docker.io',
  'registry.gitlab.com': 'gitlab.com',
  'docker.elastic.co': 'docker-auth.elastic.co',
  'registry.digitalocean.com': 'api.digitalocean.com',
};

/** A second level that belongs to no one: `co.uk`, `com.au`, `gov.br`. */
const SECOND_LEVEL = /^(ac|co|com|edu|gob|gouv|gov|govt|mil|ne|net|nom|or|org|sch)\.[a-z]{2}$/;

/** The token service that a registry names, or why nothing is asked there. */
export type RealmReading = { readonly realm: URL } | { readonly fault: string };

/**
 * May a registry send us, and our credential, to this token service? At the same host and port, always. At another name only when both names
 * are under one domain that has one owner, on the standard port, or when the pair is known. An address is trusted for itself only.
 * (https://github.com/google/go-containerregistry/pull/2302 closes the same hole.)
 */
export function readRealm(text: string, registry: URL): RealmReading {
  const realm = URL.parse(text);
  if (realm === null || realm.hostname === '') return { fault: 'is no URL' };
  if (realm.protocol !== 'https:' && realm.protocol !== 'http:')
    return { fault: 'is neither https nor http' };
  if (realm.username !== '' || realm.password !== '') return { fault: 'carries a user name or password' };
  if (realm.protocol === 'http:' && registry.protocol === 'https:')
    return { fault: 'is not encrypted, though the registry is' };
  realm.hash = '';
  if (realm.host === registry.host && realm.port === registry.port) return { realm };
  return isRelative(realm, registry)
    ? { realm }
    : { fault: `is at ${shownHost(realm)}, which is not the registry's own host` };
}

function isRelative(realm: URL, registry: URL): boolean {
  if (realm.port !== '' || registry.port !== '' || registry.protocol !== 'https:') return false;
  if (KNOWN_PAIRS[registry.hostname] === realm.hostname) return true;
  const parent = parentOf(registry.hostname);
  return parent !== null && (realm.hostname === parent || parentOf(realm.hostname) === parent);
}

/** `example.com` of `registry.example.com`; null when that is not one owner's, as far as can be told without the public suffix list. */
function parentOf(hostname: string): string | null {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return null;
  const parent = hostname.slice(hostname.indexOf('.') + 1);
  if (parent === hostname || !parent.includes('.') || SECOND_LEVEL.test(parent)) return null;
  return SHARED_DOMAINS.some((shared) => parent === shared || parent.endsWith(`.${shared}`)) ? null : parent;
}

/** A host name is the registry's text too: only what looks like one is shown. */
function shownHost({ host }: URL): string {
  return /^[\w.:[\]-]{1,200}$/.test(host) ? host : 'an address of its own';
}
