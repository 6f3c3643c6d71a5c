/** Text that is HTML already. Only the tag `markup` makes it, so that nothing gets into a page unescaped. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | null | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
  '\0': '\ufffd',
};

/**
 * A template that escapes what is put into it, for text and for quoted attribute values alike; Markup goes in as it is, a
 * list piece by piece, null not at all. A parser reads back the very text: a CR is kept, while NUL and lone surrogates,
 * which HTML cannot hold, become U+FFFD.
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = parts[0] ?? '';
  contents.forEach((content, index) => {
    text += textOf(content) + (parts[index + 1] ?? '');
  });
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escape(content);
  return content.map(textOf).join('');
}

function escape(text: string): string {
  return text.toWellFormed().replaceAll(/[&<>"'\r\0]/g, (character) => ESCAPES[character] ?? character);
}
