import type { Platform } from '#core';

export interface TagMove {
  readonly at: Date;
  readonly from: string | null;
  readonly to: string | null;
}

export interface TagRecord {
  readonly id: string;
  readonly targetId: string;
  readonly scope: string | null;
  readonly resource: string;
  readonly resourceType: string;
  readonly name: string;
  readonly value: string | null;
  readonly digest: string | null;
  readonly createdAt: Date | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Where a pointer pointed before, oldest first. */
  readonly moves: readonly TagMove[];
}

export interface ResourceRecord {
  readonly id: string;
  readonly targetId: string;
  readonly scope: string | null;
  readonly resource: string;
  readonly resourceType: string;
  readonly team: string | null;
  readonly createdAt: Date | null;
  readonly lastSeenAt: Date;
}

export interface TagFilter {
  readonly targetIds?: readonly string[] | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly resource?: string | undefined;
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly search?: string | undefined;
}

export interface ResourceFilter {
  readonly targetIds?: readonly string[] | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly resourceTypes?: readonly string[] | undefined;
  readonly resource?: string | undefined;
  readonly search?: string | undefined;
  /** Carries at least one tag, or none. */
  readonly tagged?: boolean | undefined;
  readonly removable?: boolean | undefined;
}
