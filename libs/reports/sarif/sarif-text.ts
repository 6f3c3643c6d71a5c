/**
 * A text as a SARIF message (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.11.5 and 3.11.6): braces are doubled, and a
 * backslash comes between `](`, so that what a tag is called makes no link of its own.
 */
export function messageText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[{}]/g, '$&$&')
    .replace(/\](?=\\*\()/g, `]\\`);
}
