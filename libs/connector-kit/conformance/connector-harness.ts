import type { Connector, ConnectorModule, CredentialKind, JsonObject, ReadUnit } from '#core';

/** What the suite compares of a resource. */
export interface ExpectedResource {
  readonly scope: string;
  readonly resource: string;
  readonly resourceType: string;
  /** Names and, for labels, values. */
  readonly tags: readonly (readonly [name: string, value: string | null])[];
}

/** How a session of the suite is opened: as configured, with a secret the remote refuses, or at a place where nobody listens. */
export type Opening = 'right' | 'wrong-secret' | 'unreachable';

/**
 * A connector with a remote in a known state. A connector's spec gives one to `describeConnector`; each test gets its own.
 * Unless it is `single`, the remote holds at least two units, an untagged resource, and one unit of more than 1,000 resources.
 */
export interface ConnectorHarness {
  readonly module: ConnectorModule;
  readonly config: JsonObject;
  /** A credential that the remote takes; null when it asks for none. */
  readonly secret: {
    readonly kind: CredentialKind;
    readonly values: Readonly<Record<string, string>>;
  } | null;
  /**
   * A target of the platform is one unit of one resource, and this one is tagged. What the suite says of further units, and of untagged
   * resources beside tagged ones, is not asked; a fault of the unit is a fault of the whole target. Default false.
   */
  readonly single?: boolean;
  /** Probed capabilities that this remote lacks; none when left out. */
  readonly unsupported?: readonly string[];
  /** Every value that no error may show. */
  readonly secretValues: readonly string[];
  /** All that the remote holds. */
  readonly expected: readonly ExpectedResource[];
  open(how: Opening): Promise<Connector>;
  /** Makes the remote fail for one unit and nothing else. */
  breakUnit(unit: ReadUnit): void;
  /** From now on the remote takes requests and answers none. */
  hang(): void;
  close(): Promise<void>;
}
