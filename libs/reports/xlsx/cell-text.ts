/** What a cell takes, in UTF-16 code units: "Total number of characters that a cell can contain" of Excel's limits. */
const LONGEST_CELL = 32_767;
/** What XML 1.0 cannot hold at all, a carriage return, which its readers turn into a line feed, and what reads as an escape. */
const ESCAPED =
  /[\0-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const MARKUP = /[&<>"]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Most texts need nothing of this. */
const PLAIN = /^[^&<>"_\0-\x1f\ud800-\udfff\ufffe\uffff]*$/;

/**
 * Text of a cell as XML. What XML cannot hold is written `_xHHHH_`, and what looks so already gets its underscore escaped
 * (ECMA-376 part 1, 22.9.2.19). A text that is longer than a cell is cut, and says so at its end.
 */
export function cellText(text: string): string {
  const fitting = text.length > LONGEST_CELL ? cut(text) : text;
  return PLAIN.test(fitting) ? fitting : attributeText(fitting.replace(ESCAPED, escapeUnit));
}

/** Text within an attribute or an element of our own. */
export function attributeText(text: string): string {
  return text.replace(MARKUP, (character) => ENTITIES[character] ?? character);
}

function escapeUnit(unit: string): string {
  return `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}

function cut(text: string): string {
  const notice = ` … [cut: ${text.length} characters; the JSON file has all]`;
  const kept = text.slice(0, LONGEST_CELL - notice.length);
  return (/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept) + notice;
}
