import { ApiError } from './api-error.js';

/** A resource as a test or a fixture gives it. */
export interface SandboxResource {
  readonly resourceType: string;
  readonly id: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The account that owns it; the first account of the sandbox when left out. */
  readonly account?: string;
  /** Another account's resource that this account's calls list as well (a public image, a shared subnet): its owner. */
  readonly sharedBy?: string;
  readonly createdAt?: Date;
  /** Members of the item in the words of the service model: `{ State: { Name: 'running' } }`. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface StoredResource extends Omit<SandboxResource, 'tags'> {
  readonly account: string;
  readonly tags: Map<string, string>;
}

/** What the sandbox's accounts hold, by account, region and type. */
export class SandboxStore {
  private readonly byPlace = new Map<string, Map<string, StoredResource>>();

  constructor(
    resources: readonly SandboxResource[],
    private readonly firstAccount: string,
  ) {
    for (const resource of resources) this.put(resource);
  }

  put(resource: SandboxResource): void {
    const account = resource.account ?? this.firstAccount;
    const held = this.place(account, resource.region, resource.resourceType);
    held.set(resource.id, { ...resource, account, tags: new Map(Object.entries(resource.tags)) });
  }

  remove(id: string): void {
    for (const held of this.byPlace.values()) held.delete(id);
  }

  /** In the order they were put. */
  list(account: string, region: string, resourceType: string): readonly StoredResource[] {
    return [...this.place(account, region, resourceType).values()];
  }

  /** Every type of an account and region. */
  all(account: string, region: string): readonly StoredResource[] {
    const prefix = placeKey(account, region, '');
    return [...this.byPlace]
      .filter(([key]) => key.startsWith(prefix))
      .flatMap(([, held]) => [...held.values()]);
  }

  /** A resource that tag actions name by its id. Throws as EC2 does. */
  find(account: string, region: string, id: string): StoredResource {
    const found = this.all(account, region).find((resource) => resource.id === id);
    if (found !== undefined) return found;
    throw new ApiError('InvalidID', `The ID '${id}' is not valid`);
  }

  private place(account: string, region: string, resourceType: string): Map<string, StoredResource> {
    const key = placeKey(account, region, resourceType);
    const held = this.byPlace.get(key) ?? new Map<string, StoredResource>();
    this.byPlace.set(key, held);
    return held;
  }
}

function placeKey(account: string, region: string, resourceType: string): string {
  return `${account} ${region} ${resourceType}`;
}
