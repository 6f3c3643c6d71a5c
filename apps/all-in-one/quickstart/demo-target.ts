/** One place of the quickstart: what the API is told of it. */
export interface DemoTarget {
  /** Also the name of its credential. */
  readonly name: string;
  readonly platform: 'ec2' | 'git' | 'registry';
  /** Where a person finds it. */
  readonly address: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** null: it asks for none. */
  readonly credential: {
    readonly kind: string;
    readonly secret: Readonly<Record<string, string>>;
  } | null;
  close(): Promise<void>;
}
