export const FLUSH = '0000';
export const DELIMITER = '0001';

/** One packet line as it is sent. */
export function pktLine(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
}
