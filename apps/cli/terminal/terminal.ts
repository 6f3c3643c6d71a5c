import { styleText } from 'node:util';
import { printable } from './printable.js';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Where people read, and programs. */
export interface Terminal {
  /** One line on standard output. Whatever it says does nothing to the terminal. */
  line(text: string, style?: Style): void;
  /** One line on standard error. */
  error(text: string, style?: Style): void;
  /** Text for programs on standard output, as it is. */
  raw(text: string): void;
}

type Out = NodeJS.WritableStream;

/** Styles only where a terminal shows them: not into a file or a pipe, and not with NO_COLOR (https://no-color.org). */
export function createTerminal(out: Out, err: Out): Terminal {
  const write = (stream: Out, text: string, style?: Style) => {
    const shown = printable(text);
    stream.write(`${style === undefined ? shown : styleText(style, shown, { stream })}\n`);
  };
  return {
    line: (text, style) => write(out, text, style),
    error: (text, style) => write(err, text, style),
    raw: (text) => void out.write(text),
  };
}
