/** Certificates that signatures are checked against, from their addresses. */
export interface CertificateSource {
  /**
   * @param url was checked by the caller: whose it may be is not decided here
   * @returns PEM
   * @throws HygieneError REMOTE_UNREACHABLE, REMOTE_TIMEOUT, REMOTE_REPLY_INVALID, RATE_LIMITED: nothing is known of the signature then
   */
  certificate(url: URL): Promise<string>;
}
