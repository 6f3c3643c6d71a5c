import { ApiError } from './api-error.js';
import type { Principal, Principals } from './sandbox-account.js';
import { isSignedWith, readClaim, type SignatureClaim, type SignedRequest } from './verify-signature.js';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html: a signature is good for 15 minutes around its time. */
const SKEW_MAX_MS = 15 * 60_000;

export interface Authenticated {
  readonly principal: Principal;
  readonly region: string;
}

/** Who signed, by a signature that is really checked. Throws what EC2 or STS answer to each fault. */
export function authenticate(
  request: SignedRequest,
  service: 'ec2' | 'sts',
  principals: Principals,
  now: number,
): Authenticated {
  const claim = readClaim(request.headers.authorization);
  if (claim === null)
    throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  const principal = principals.find(claim.accessKeyId);
  const token = request.headers['x-amz-security-token'] ?? null;
  const known =
    principal !== null && (principal.key.sessionToken === null || principal.key.sessionToken === token);
  if (!known || claim.service !== service) throw refused(service, 'InvalidClientTokenId');
  if (principal.expiresAt <= now)
    throw new ApiError('ExpiredToken', 'The security token included in the request is expired', 403);
  if (!isFresh(request, now) || !isSignedWith(principal.key.secretAccessKey, claim, request))
    throw refused(service, 'SignatureDoesNotMatch');
  if (isDisabled(principal, claim)) throw refused(service, 'InvalidClientTokenId');
  return { principal, region: claim.region };
}

function isDisabled({ account }: Principal, { region }: SignatureClaim): boolean {
  return account.disabledRegions?.includes(region) ?? false;
}

function isFresh({ headers }: SignedRequest, now: number): boolean {
  const stamp = String(headers['x-amz-date'] ?? '');
  const iso = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Math.abs(Date.parse(iso) - now) <= SKEW_MAX_MS;
}

/** EC2 says AuthFailure to all of it; STS tells the reasons apart. */
function refused(service: 'ec2' | 'sts', code: string): ApiError {
  if (service === 'ec2')
    return new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  return new ApiError(code, 'The security token included in the request is invalid.', 403);
}
