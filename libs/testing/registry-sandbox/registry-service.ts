import { accessFor } from './access.js';
import { json, plain, type Answer } from './answer.js';
import { blobAnswer, deleteBlob } from './blob-answers.js';
import { BlobUploads } from './blob-uploads.js';
import { catalog, tagList } from './list-answers.js';
import { isDigest, manifestAnswer } from './manifest-answers.js';
import { OciError } from './oci-error.js';
import type { ReceivedRequest } from './received-request.js';
import { referrersAnswer } from './referrers-answer.js';
import type { Route } from './route.js';
import type { SandboxContent } from './sandbox-content.js';
import { deleteManifest, putManifest } from './write-manifest.js';

export interface RegistrySwitches {
  /** Entries of a page when the client does not say, and the most of one. Left out: every tag at once, a hundred repositories. */
  readonly pageSize?: number;
  /** false: no such path, as on most hosted registries. */
  readonly catalog?: boolean;
  /** true: content can be removed by digest. docker-registry: `storage.delete.enabled`. */
  readonly deletes?: boolean;
  /** true: a tag can be removed alone, which docker-registry 2.8 can not. Needs `deletes`. */
  readonly deleteByTag?: boolean;
  /** true: the referrers API of OCI 1.1. */
  readonly referrers?: boolean;
  /** Tags, as `repository:tag`, that keep what they point at; a push elsewhere is a 412, as Harbor answers. */
  readonly immutable?: RegExp;
}

type Of<Kind extends Route['kind']> = Extract<Route, { readonly kind: Kind }>;

/** The end points over what is stored; who asks was checked before. */
export class RegistryService {
  private readonly uploads: BlobUploads;

  constructor(
    private readonly content: SandboxContent,
    private readonly switches: RegistrySwitches,
  ) {
    this.uploads = new BlobUploads(content);
  }

  /** What a request needs to be allowed. */
  needs(route: Route, { method, query }: ReceivedRequest) {
    return accessFor(route, method, route.kind === 'uploads' ? query.get('from') : null);
  }

  /** Throws an OciError for what the registry refuses. */
  answer(route: Route, request: ReceivedRequest): Answer {
    const { method, query, pathname: path } = request;
    const { pageSize } = this.switches;
    switch (route.kind) {
      case 'base':
        return json({});
      case 'catalog':
        if (this.switches.catalog === false) return noSuchPath();
        if (method !== 'GET') return notAllowed('GET');
        return catalog(this.content.names, { path, query, pageSize });
      case 'tags':
        if (method !== 'GET') return notAllowed('GET');
        return tagList(route.repository, this.content.find(route.repository), { path, query, pageSize });
      case 'manifest':
        return this.manifest(route, request);
      case 'blob':
        return this.blob(route, method);
      case 'uploads':
        return method === 'POST' ? this.uploads.start({ ...route, ...request }) : notAllowed('POST');
      case 'upload':
        return this.upload(route, request);
      case 'referrers':
        if (this.switches.referrers !== true) return noSuchPath();
        return referrersAnswer(this.content.find(route.repository), route.digest, query.get('artifactType'));
    }
  }

  private manifest({ repository, reference }: Of<'manifest'>, request: ReceivedRequest): Answer {
    const { method, headers, body, origin } = request;
    const found = this.content.find(repository);
    if (reads(method))
      return manifestAnswer(found, {
        ...{ repository, reference, accept: headers.accept ?? '' },
        ifNoneMatch: headers['if-none-match'] ?? null,
      });
    if (method !== 'PUT' && method !== 'DELETE') return notAllowed('DELETE, GET, HEAD, PUT');
    const { deletes = false, deleteByTag = false } = this.switches;
    if (method === 'DELETE' && !deletes) throw new OciError(405, 'UNSUPPORTED');
    this.checkImmutable(repository, reference);
    if (method === 'DELETE') return deleteManifest(found, reference, { deletes, deleteByTag });
    const mediaType = headers['content-type'] ?? '';
    const upload = { repository, reference, mediaType, body, origin };
    return putManifest(this.content.findOrMake(repository), upload, this.switches.referrers === true);
  }

  private blob({ repository, digest }: Of<'blob'>, method: string): Answer {
    const found = this.content.find(repository);
    if (reads(method)) return blobAnswer(found, digest);
    return method === 'DELETE'
      ? deleteBlob(found, digest, this.switches.deletes === true)
      : notAllowed('DELETE, GET, HEAD');
  }

  private upload({ repository, id }: Of<'upload'>, request: ReceivedRequest): Answer {
    const given = { ...request, repository };
    switch (request.method) {
      case 'PATCH':
        return this.uploads.append(id, given);
      case 'PUT':
        return this.uploads.finish(id, given);
      case 'GET':
        return this.uploads.state(id, given);
      case 'DELETE':
        return this.uploads.cancel(id, given);
      default:
        return notAllowed('DELETE, GET, HEAD, PATCH, PUT');
    }
  }

  /** https://goharbor.io/docs/2.11.0/working-with-projects/working-with-images/create-tag-immutability-rules/ */
  private checkImmutable(repository: string, reference: string): void {
    const { immutable } = this.switches;
    const there = isDigest(reference) ? null : this.content.find(repository)?.tagged(reference);
    if (there !== null && there !== undefined && immutable?.test(`${repository}:${reference}`) === true)
      throw new OciError(412, 'PRECONDITION');
  }
}

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD';

export const noSuchPath = (): Answer => plain(404, '404 page not found');

function notAllowed(allow: string): Answer {
  return plain(405, 'Method not allowed', { allow });
}
