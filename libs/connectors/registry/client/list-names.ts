import { HygieneError } from '#core';
import type { HttpReply, Attempts } from '#connector-kit';
import { badReply, statusFault, type Place } from '../errors.js';
import { LIST_LIMITS } from './limits.js';
import { isNextUnreadable, nextLink } from './link-header.js';
import { NameListParser } from './name-list-parser.js';
import type { RegistryClient } from './registry-client.js';
import { wordOf } from './reply-word.js';

export interface NameList {
  /** `/v2/_catalog` or `/v2/<name>/tags/list` */
  readonly path: string;
  readonly field: 'repositories' | 'tags';
  readonly what: string;
  readonly scope: string;
  readonly isName: (text: string) => boolean;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
}

interface Page {
  /** Names that no page before had. */
  readonly fresh: readonly string[];
  /** Elements of the list, whatever they are. */
  readonly elements: number;
  readonly last: string | null;
  readonly link: string | null;
}

const PAGE = 1_000;
const MOST_PAGES = 10_000;
const MOST_NAMES = 1_000_000;
const MOST_EMPTY_PAGES = 10;

/**
 * Every name of a list, each once, page by page. It throws as soon as the pages do not end (a page that comes again, pages without a
 * new name), lead elsewhere, or hold too much, and at the end when some elements were no names: only a list that ends was read whole.
 */
export async function* listNames(
  client: RegistryClient,
  list: NameList,
): AsyncGenerator<readonly string[], void, undefined> {
  const reading = new Reading(client, list);
  let query: string | null = `?n=${PAGE}`;
  while (query !== null) {
    const page: Page = await reading.page(query);
    if (page.fresh.length > 0) yield page.fresh;
    query = reading.next(page);
  }
  reading.expectOnlyNames();
}

class Reading {
  private readonly place: Place;
  private readonly names = new Set<string>();
  private readonly asked = new Set<string>();
  private unreadable = 0;
  private emptyPages = 0;
  /** The page asked for is a guess of ours, so that it may well bring nothing. */
  private guessed = false;
  /** The registry gives links, so that a page without one is the last. */
  private gaveLink = false;

  constructor(
    private readonly client: RegistryClient,
    private readonly list: NameList,
  ) {
    this.place = client.place(list.what);
  }

  async page(query: string): Promise<Page> {
    this.asked.add(query);
    const { path, what, scope, attempts, signal } = this.list;
    return this.client.exchange({
      ...{ method: 'GET', path: `${path}${query}`, what, scope, attempts, signal },
      ...{ accept: 'application/json', compressed: true, limits: LIST_LIMITS },
      read: (reply) => this.read(reply),
    });
  }

  /** The query of the page after this one; null when this was the last. */
  next({ fresh, elements, last, link }: Page): string | null {
    if (link === null) return this.guess(fresh, elements, last);
    this.guessed = false;
    this.gaveLink = true;
    if (fresh.length === 0) {
      this.emptyPages += 1;
      if (elements > 0 || this.emptyPages > MOST_EMPTY_PAGES)
        throw this.endless('pages that bring nothing new');
    }
    const query = this.queryOf(link);
    if (this.asked.has(query)) throw this.endless('a page that came before');
    if (this.asked.size >= MOST_PAGES) throw this.endless(`more than ${MOST_PAGES} pages`);
    return query;
  }

  expectOnlyNames(): void {
    if (this.unreadable === 0) return;
    throw badReply(
      this.place,
      `with ${this.unreadable} unreadable names beside ${this.names.size} readable ones: they are not what the OCI distribution spec allows`,
    );
  }

  /** A full page without a link may be all there is, or be cut off by a registry that knows `last` only. */
  private guess(fresh: readonly string[], elements: number, last: string | null): string | null {
    if (this.gaveLink || elements !== PAGE || last === null || fresh.length === 0) return null;
    this.guessed = true;
    return `?n=${PAGE}&last=${encodeURIComponent(last)}`;
  }

  /** Only the query of a link is taken: whatever path a proxy writes into it, the list stays the one that was asked for. */
  private queryOf(link: string): string {
    const url = URL.parse(link, `${this.client.origin}${this.list.path}`);
    if (url === null || url.origin !== this.client.origin)
      throw badReply(this.place, 'with a link to its next page that leads to another host');
    const last = url.searchParams.get('last');
    // https://github.com/renovatebot/renovate/issues/15080: Artifactory counts instead of naming, and repeats or skips.
    if (last !== null && /^\d+$/.test(last) && !this.names.has(last))
      throw this.endless('a link that counts names instead of giving the last one');
    return url.search;
  }

  private async read(reply: HttpReply): Promise<Page> {
    if (reply.status !== 200) throw statusFault(reply.status, this.place, await wordOf(reply));
    const page = { elements: 0, unreadable: 0, last: null as string | null, fresh: new Set<string>() };
    const parser = new NameListParser(this.list.field, (name) => {
      page.elements += 1;
      if (name === null || !this.list.isName(name)) page.unreadable += 1;
      else {
        page.last = name;
        if (!this.names.has(name)) page.fresh.add(name);
        if (this.names.size + page.fresh.size > MOST_NAMES)
          throw this.endless(`more than ${MOST_NAMES} names`);
      }
    });
    for await (const chunk of reply.body) parser.push(chunk);
    const fault = parser.fault();
    if (fault !== null) throw badReply(this.place, fault);
    const links = reply.headers('link');
    if (isNextUnreadable(links))
      throw badReply(this.place, 'with a link to its next page that cannot be read');
    return { ...this.accept(page), link: nextLink(links) };
  }

  /** Only now does a page count: one that was cut off is read again, and its names have to be new then. */
  private accept(
    page: Omit<Page, 'link' | 'fresh'> & { unreadable: number; fresh: Set<string> },
  ): Omit<Page, 'link'> {
    const fresh = [...page.fresh];
    for (const name of fresh) this.names.add(name);
    if (!this.guessed || fresh.length > 0) this.unreadable += page.unreadable;
    return { fresh, elements: page.elements, last: page.last };
  }

  private endless(how: string): HygieneError {
    return badReply(this.place, `with ${how}; reading stopped, and the list is not whole`);
  }
}
