import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal } from './terminal.js';

const ESCAPE = '\u001b';
const toRead = (traits: object = {}) => Object.assign(new PassThrough({ encoding: 'utf8' }), traits);
const screen = () => toRead({ isTTY: true, getColorDepth: () => 8 });

describe('a terminal', () => {
  it('has styles where it is one, and foreign text has none', () => {
    const out = screen();
    createTerminal(out, toRead()).line(`${ESCAPE}[2Jname`, 'green');

    expect(out.read()).toBe(`${ESCAPE}[32m\\u001b[2Jname${ESCAPE}[39m\n`);
  });

  it('is plain where it is a file or a pipe', () => {
    const [out, err] = [toRead(), toRead()];
    const terminal = createTerminal(out, err);
    terminal.line('one', 'bold');
    terminal.error('two', 'red');
    terminal.raw('as\nit is');

    expect([out.read(), err.read()]).toEqual(['one\nas\nit is', 'two\n']);
  });
});
