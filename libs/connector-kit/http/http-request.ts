/** What a remote may cost: milliseconds and bytes. */
export interface HttpLimits {
  /** From the request sent to the last header of the reply. */
  readonly headersMs: number;
  /** The longest silence within a body. */
  readonly idleMs: number;
  /** All of it, redirects and the body included. */
  readonly totalMs: number;
  /** Bytes of the body once it is decompressed. */
  readonly maxBytes: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly url: URL;
  /** What is asked for, for messages: `the tag list of library/app`. */
  readonly what: string;
  /** Sent wherever a redirect leads. No secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that carry a secret, or that a user configured: sent to the request's own origin and nowhere else. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly limits: HttpLimits;
  /** Redirects that are followed, for GET and HEAD; each leads to an address that the guard allows. Default 3. */
  readonly maxRedirects?: number;
  /** Asks for a gzip body. Either way at most one encoding is undone, and what comes out is counted. */
  readonly compressed?: boolean;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** Where the reply came from, after redirects. */
  readonly url: URL;
  /** A header by its lower-case name; several of one name joined by `, `; null when it is absent. */
  header(name: string): string | null;
  /** Every value of a header that may come several times. */
  headers(name: string): readonly string[];
  /** The body, decoded and bounded; read or discarded exactly once. Faults are HygieneErrors. */
  readonly body: AsyncIterable<Uint8Array>;
  bytes(): Promise<Buffer>;
  /** As UTF-8; what is none is replaced. */
  text(): Promise<string>;
  /** Lets the rest of the body go; keeps the connection when little is left. */
  discard(): Promise<void>;
}
