/** What XML 1.0 cannot hold at all, not even escaped. https://www.w3.org/TR/xml/#charsets */

const NO_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Lost characters show as U+FFFD. */
function held(text: string): string {
  return text.toWellFormed().replace(NO_CHARACTER, '\uFFFD');
}

/** Between tags. A carriage return would be read as a line feed. */
export function xmlText(text: string): string {
  return held(text).replace(/[&<>\r]/g, reference);
}

/** Attributes, each with a space before it; undefined ones are left out. White space is written so that it is read as it is. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      value === undefined ? '' : ` ${name}="${held(String(value)).replace(/[&<>"\t\n\r]/g, reference)}"`,
    )
    .join('');
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
