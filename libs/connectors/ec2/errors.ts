import { HygieneError, type ErrorCode, type JsonObject, type ScanError } from '#core';
import { RETRY_AFTER_MAX_MS, retryAfterMs } from '#connector-kit';

/** Where a call went, for words and for the IAM action it needs. */
export interface CallSite {
  /** `ec2` or `sts`, as IAM writes it. */
  readonly service: 'ec2' | 'sts';
  readonly operation: string;
  readonly region: string;
  /** The target's own endpoint; null: AWS's. */
  readonly endpoint: string | null;
}

/** What the SDK throws, seen as data: nothing else of it is looked at, and no text of the remote goes on. */
interface SdkFault {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly clockSkewCorrected?: boolean;
  };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
  readonly cause?: unknown;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the common errors of STS. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  RequestLimitExceeded: 'REMOTE_THROTTLED',
  Throttling: 'REMOTE_THROTTLED',
  ThrottlingException: 'REMOTE_THROTTLED',
  ThrottledException: 'REMOTE_THROTTLED',
  RequestThrottled: 'REMOTE_THROTTLED',
  RequestThrottledException: 'REMOTE_THROTTLED',
  TooManyRequestsException: 'REMOTE_THROTTLED',
  BandwidthLimitExceeded: 'REMOTE_THROTTLED',
  EC2ThrottledException: 'REMOTE_THROTTLED',
  SlowDown: 'REMOTE_THROTTLED',
  AuthFailure: 'REMOTE_AUTH_FAILED',
  InvalidClientTokenId: 'REMOTE_AUTH_FAILED',
  UnrecognizedClientException: 'REMOTE_AUTH_FAILED',
  SignatureDoesNotMatch: 'REMOTE_AUTH_FAILED',
  InvalidSignatureException: 'REMOTE_AUTH_FAILED',
  IncompleteSignature: 'REMOTE_AUTH_FAILED',
  MissingAuthenticationToken: 'REMOTE_AUTH_FAILED',
  ExpiredToken: 'REMOTE_AUTH_FAILED',
  ExpiredTokenException: 'REMOTE_AUTH_FAILED',
  RequestExpired: 'REMOTE_AUTH_FAILED',
  Blocked: 'REMOTE_AUTH_FAILED',
  PendingVerification: 'REMOTE_AUTH_FAILED',
  OptInRequired: 'REMOTE_AUTH_FAILED',
  RegionDisabledException: 'REMOTE_AUTH_FAILED',
  UnauthorizedOperation: 'REMOTE_FORBIDDEN',
  AccessDenied: 'REMOTE_FORBIDDEN',
  AccessDeniedException: 'REMOTE_FORBIDDEN',
  InvalidAction: 'OPERATION_UNSUPPORTED',
  UnsupportedOperation: 'OPERATION_UNSUPPORTED',
  UnknownOperationException: 'OPERATION_UNSUPPORTED',
  TimeoutError: 'REMOTE_TIMEOUT',
};

const NETWORK = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|ETIMEDOUT|EADDR|UND_ERR|ERR_SOCKET)/;
const TLS =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH|CRL_|ERROR_IN_CERT)/;

/** A fault of the SDK in Tagward's words. A HygieneError anywhere in it (the guard's refusal, a cancellation) stays what it is. */
export function translateFault(fault: unknown, site: CallSite, now: number): HygieneError {
  for (let inner = fault, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth += 1)
    if (inner instanceof HygieneError) return inner;
  const sdk = (typeof fault === 'object' && fault !== null ? fault : {}) as SdkFault;
  const status = sdk.$metadata?.httpStatusCode ?? sdk.$response?.statusCode ?? null;
  const awsCode = safeWord(sdk.name);
  const code = codeOf(sdk, awsCode, status);
  const details: JsonObject = {
    ...{ service: site.service, operation: site.operation, region: site.region },
    ...(awsCode === null || awsCode === 'Error' ? {} : { awsCode }),
    ...(status === null ? {} : { status }),
    ...(safeWord(sdk.$metadata?.requestId) === null ? {} : { requestId: safeWord(sdk.$metadata?.requestId) }),
  };
  const wait = retryAfterMs(sdk.$response?.headers?.['retry-after'], now);
  return new HygieneError(code, messageOf(code, site, wordFor(sdk, awsCode, status)), {
    details,
    ...(wait === null ? {} : { retryAfterMs: Math.min(wait, RETRY_AFTER_MAX_MS) }),
  });
}

/** The server's clock and ours differed, and the SDK has learnt by how much: the same call may now pass. */
export function isClockSkewLearnt(fault: unknown): boolean {
  return (fault as SdkFault | null)?.$metadata?.clockSkewCorrected === true;
}

/** A part of the target that stays unread, as the scan reports it. */
export function toScanError({ code, message, retryable }: HygieneError, scope: string): ScanError {
  return { code, message, scope, retryable };
}

function codeOf(sdk: SdkFault, awsCode: string | null, status: number | null): ErrorCode {
  const network =
    [sdk.code, (sdk.cause as SdkFault | undefined)?.code].map(safeWord).find((one) => one !== null) ?? '';
  if (NETWORK.test(network) || TLS.test(network)) return 'REMOTE_UNREACHABLE';
  if (awsCode === 'CredentialsProviderError' || awsCode === 'TokenProviderError') return 'REMOTE_AUTH_FAILED';
  const known = awsCode === null ? undefined : CODES[awsCode];
  if (known !== undefined) return known;
  if (status === 429) return 'REMOTE_THROTTLED';
  if (status === 401) return 'REMOTE_AUTH_FAILED';
  if (status === 403) return 'REMOTE_FORBIDDEN';
  if (status !== null && status >= 500) return 'REMOTE_FAULT';
  return 'REMOTE_REPLY_INVALID';
}

function wordFor(sdk: SdkFault, awsCode: string | null, status: number | null): string {
  const network = safeWord(sdk.code);
  if (network !== null) return network;
  const parts = [awsCode === 'Error' ? null : awsCode, status === null ? null : `HTTP ${status}`];
  return parts.filter((part) => part !== null).join(', ') || 'no reason given';
}

function messageOf(code: ErrorCode, site: CallSite, word: string): string {
  const { service, operation, region, endpoint } = site;
  const place = `${operation} in ${region}${endpoint === null ? '' : ` at ${endpoint}`}`;
  const messages: Partial<Record<ErrorCode, string>> = {
    REMOTE_THROTTLED: `AWS throttled ${place} (${word}) although calls were slowed down. Scan again later, or read fewer resource types.`,
    REMOTE_AUTH_FAILED: authMessage(place, word),
    REMOTE_FORBIDDEN: `The credential may not call ${place} (${word}). Allow the IAM action ${service}:${operation}, and look for a deny in a boundary or an organization policy.`,
    OPERATION_UNSUPPORTED: `${place} is unknown to the server (${word}). Leave that resource type out.`,
    REMOTE_UNREACHABLE: `${place} could not be reached (${word}). Check the endpoint, DNS, TLS certificates and firewalls between Tagward and AWS.`,
    REMOTE_TIMEOUT: `${place} did not answer in time (${word}). Scan again; if it stays, check the network to AWS.`,
    REMOTE_FAULT: `${place} failed on AWS's side (${word}). Scan again later.`,
  };
  return (
    messages[code] ??
    `${place} gave a reply that Tagward cannot use (${word}). If the target has an endpoint, check that EC2's API answers there.`
  );
}

function authMessage(place: string, word: string): string {
  if (word.startsWith('CredentialsProviderError'))
    return `No AWS credentials were found for ${place}. Give the target a credential, or give the service the default chain (environment, shared config, container or instance role).`;
  if (/^(OptInRequired|RegionDisabled)/.test(word))
    return `The account has not enabled the region of ${place} (${word}). Enable it, or take the region out of the target.`;
  if (/^(ExpiredToken|RequestExpired)/.test(word))
    return `The AWS credential has expired for ${place} (${word}). Rotate it, or check this machine's clock.`;
  return `AWS refuses the credential for ${place} (${word}). Check the key, rotate the credential, and check that the account has enabled the region.`;
}

/** Only words that look like a code or an id leave this file: the rest of a remote's text may hold anything. */
function safeWord(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value) ? value : null;
}
