/** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes, and UNKNOWN as docker-registry says it. */
export type OciErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_UNKNOWN'
  | 'PAGINATION_NUMBER_INVALID'
  | 'PRECONDITION'
  | 'TOOMANYREQUESTS'
  | 'UNAUTHORIZED'
  | 'UNKNOWN'
  | 'UNSUPPORTED';

const MESSAGES: Readonly<Record<OciErrorCode, string>> = {
  BLOB_UNKNOWN: 'blob unknown to registry',
  BLOB_UPLOAD_INVALID: 'blob upload invalid',
  DENIED: 'requested access to the resource is denied',
  DIGEST_INVALID: 'provided digest did not match uploaded content',
  MANIFEST_BLOB_UNKNOWN: 'blob unknown to registry',
  MANIFEST_INVALID: 'manifest invalid',
  MANIFEST_UNKNOWN: 'manifest unknown',
  NAME_UNKNOWN: 'repository name not known to registry',
  PAGINATION_NUMBER_INVALID: 'invalid number of results requested',
  PRECONDITION: 'the tag is immutable',
  TOOMANYREQUESTS: 'too many requests',
  UNAUTHORIZED: 'authentication required',
  UNKNOWN: 'unknown error',
  UNSUPPORTED: 'The operation is unsupported.',
};

export interface OciErrorMore {
  readonly message?: string;
  readonly detail?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** An error as a registry answers it. */
export class OciError extends Error {
  override readonly name = 'OciError';
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;

  constructor(
    readonly status: number,
    readonly code: OciErrorCode,
    { message = MESSAGES[code], detail, headers = {} }: OciErrorMore = {},
  ) {
    super(message);
    this.headers = headers;
    const error = { code, message, ...(detail === undefined ? {} : { detail }) };
    this.body = Buffer.from(`${JSON.stringify({ errors: [error] })}\n`);
  }
}
