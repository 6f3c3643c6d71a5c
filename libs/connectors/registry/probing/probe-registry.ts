import { randomBytes } from 'node:crypto';
import { HygieneError, type Capability } from '#core';
import { PROMPT } from '#connector-kit';
import { nextLink } from '../client/link-header.js';
import { LIST_LIMITS } from '../client/limits.js';
import { NameListParser } from '../client/name-list-parser.js';
import type { RegistryClient } from '../client/registry-client.js';
import { wordOf } from '../client/reply-word.js';
import { badReply, statusFault } from '../errors.js';
import { isRepositoryName } from '../names.js';
import type { RepositoryChoice } from '../reading/repository-choice.js';
import { CATALOG_SCOPE } from '../reading/repository-list.js';

export interface ProbeContext {
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What a probe found: whether it works, and in words why not. */
interface Finding {
  readonly name: string;
  readonly supported: boolean;
  readonly detail: string | null;
}

/** Asked for with each probe of a list; a registry that pages gives no more. */
const PROBE_PAGE = 2;
const SAMPLE_PAGE = 100;

/**
 * What this registry can do and this credential may do. Throws when neither the catalog nor a repository can be read. Deleting is probed with a
 * digest and a tag of 128 random bits, which no registry holds: nothing is ever deleted.
 */
export async function probeRegistry(
  client: RegistryClient,
  choice: RepositoryChoice,
  { now, signal }: ProbeContext,
): Promise<readonly Capability[]> {
  const probe = new Probe(client, signal);
  const catalog = await probe.catalog(choice);
  const sample = choice.named[0] ?? catalog.sample;
  const findings = choice.needsCatalog ? [catalog.finding] : [];
  if (sample === null && !catalog.finding.supported && catalog.fault !== null) throw catalog.fault;
  if (sample !== null) {
    const read = await probe.read(sample);
    if (read.fault !== null && (!choice.needsCatalog || !catalog.finding.supported)) throw read.fault;
    findings.push(...read.findings);
    if (read.fault === null) findings.push(...(await probe.rest(sample)));
  }
  const checkedAt = new Date(now());
  return findings.map((finding) => ({ ...finding, declared: false, checkedAt }));
}

class Probe {
  constructor(
    private readonly client: RegistryClient,
    private readonly signal: AbortSignal,
  ) {}

  async catalog(
    choice: RepositoryChoice,
  ): Promise<{ finding: Finding; sample: string | null; fault: HygieneError | null }> {
    const what = 'the catalog';
    const page = await this.list(`/v2/_catalog?n=${SAMPLE_PAGE}`, 'repositories', {
      what,
      scope: CATALOG_SCOPE,
    });
    const detail = page.fault?.message ?? null;
    return {
      finding: { name: 'catalog', supported: page.fault === null, detail },
      sample: page.names.find((name) => isRepositoryName(name) && choice.wants(name)) ?? null,
      fault: page.fault,
    };
  }

  async read(repository: string): Promise<{ findings: readonly Finding[]; fault: HygieneError | null }> {
    const [what, scope] = [`the tag list of ${repository}`, `repository:${repository}:pull`];
    const page = await this.list(`/v2/${repository}/tags/list?n=${PROBE_PAGE}`, 'tags', { what, scope });
    const { fault, elements, linked } = page;
    const read = {
      name: 'read',
      supported: fault === null,
      detail: fault?.message ?? `${repository} can be read`,
    };
    if (fault !== null) return { findings: [read], fault };
    const paging = elements > PROBE_PAGE ? `gives ${elements} tags when asked for ${PROBE_PAGE}` : null;
    const seen = linked ? null : `${repository} has too few tags to see`;
    return {
      findings: [read, { name: 'paging', supported: paging === null, detail: paging ?? seen }],
      fault: null,
    };
  }

  async rest(repository: string): Promise<readonly Finding[]> {
    const random = randomBytes(32).toString('hex');
    const asked = this.client.askedForCredential && this.client.anonymous;
    return [
      await this.ask('referrers', repository, {
        ...{ method: 'GET', path: `referrers/sha256:${'0'.repeat(64)}`, action: 'pull', fine: [200] },
      }),
      ...(asked ? [unasked('delete'), unasked('delete-by-tag')] : await this.deletes(repository, random)),
    ];
  }

  private async deletes(repository: string, random: string): Promise<readonly Finding[]> {
    const shared = { method: 'DELETE', action: 'pull,delete', fine: [202, 404] } as const;
    return [
      await this.ask('delete', repository, { ...shared, path: `manifests/sha256:${random}` }),
      await this.ask('delete-by-tag', repository, {
        ...shared,
        path: `manifests/tagward-probe-${random.slice(0, 32)}`,
      }),
    ];
  }

  private async ask(
    name: string,
    repository: string,
    asked: { method: 'GET' | 'DELETE'; path: string; action: string; fine: readonly number[] },
  ): Promise<Finding> {
    const { method, path, action, fine } = asked;
    const what = `${name} in ${repository}`;
    return this.finding(name, async () => {
      const [status, word] = await this.client.exchange({
        ...{ method, path: `/v2/${repository}/${path}`, what, scope: `repository:${repository}:${action}` },
        ...{ limits: LIST_LIMITS, attempts: PROMPT, signal: this.signal },
        read: async (reply) => [reply.status, await wordOf(reply)] as const,
      });
      if (!fine.includes(status))
        throw statusFault(status === 400 ? 405 : status, this.client.place(what), word);
    });
  }

  private async finding(name: string, work: () => Promise<void>): Promise<Finding> {
    const fault = await this.faultOf(work);
    return { name, supported: fault === null, detail: fault?.message ?? null };
  }

  private async list(
    path: string,
    field: 'repositories' | 'tags',
    { what, scope }: { readonly what: string; readonly scope: string },
  ): Promise<{ names: readonly string[]; elements: number; linked: boolean; fault: HygieneError | null }> {
    const names: string[] = [];
    const page = { elements: 0, linked: false };
    const place = this.client.place(what);
    const fault = await this.faultOf(() =>
      this.client.exchange({
        ...{ method: 'GET', path, what, scope, limits: LIST_LIMITS, attempts: PROMPT, signal: this.signal },
        read: async (reply) => {
          if (reply.status !== 200) throw statusFault(reply.status, place, await wordOf(reply));
          const parser = new NameListParser(field, (name) => {
            page.elements += 1;
            if (name !== null && names.length < SAMPLE_PAGE) names.push(name);
          });
          for await (const chunk of reply.body) parser.push(chunk);
          const how = parser.fault();
          if (how !== null) throw badReply(place, how);
          page.linked = nextLink(reply.headers('link')) !== null;
        },
      }),
    );
    return { names, ...page, fault };
  }

  /** What makes one probe fail is told; what makes all of them fail is thrown. */
  private async faultOf(work: () => Promise<void>): Promise<HygieneError | null> {
    try {
      await work();
      return null;
    } catch (fault) {
      if (!(fault instanceof HygieneError)) throw fault;
      if (['CANCELLED', 'REMOTE_UNREACHABLE', 'REMOTE_TIMEOUT', 'ADDRESS_REFUSED'].includes(fault.code))
        throw fault;
      return fault;
    }
  }
}

function unasked(name: string): Finding {
  return { name, supported: false, detail: 'not asked: the target has no credential' };
}
