/** What a sender sent, untouched. */
export interface DeliveryRequest {
  readonly webhookId: string;
  /** By lower-case name, every value that came, in order. */
  readonly headers: DeliveryHeaders;
  /** The raw bytes: what signatures are over. */
  readonly body: Buffer;
}
export type DeliveryHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/** The value of a header that came exactly once; null when it did not come, or came twice: nobody can say then which one counts. */
export function oneHeader(headers: DeliveryHeaders, name: string): string | null {
  const values = headers[name];
  return values?.length === 1 ? (values[0] ?? null) : null;
}
