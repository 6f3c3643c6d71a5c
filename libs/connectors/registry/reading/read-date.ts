/** RFC 3339, 5.6, as images carry it; 1 to 9 decimals. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; null for what is no date. Whether a date can be believed is the rules' business. */
export function readDate(value: unknown): number | null {
  if (typeof value !== 'string' || !RFC_3339.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}
