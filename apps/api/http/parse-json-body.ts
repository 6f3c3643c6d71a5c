import { HygieneError } from '#core';

/**
 * @returns undefined for an empty body
 * @throws HygieneError INPUT_INVALID with line and column. V8's message is not told: it quotes the body, which may hold a secret.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text, refusePrototypes) as unknown;
  } catch (error) {
    if (error instanceof HygieneError) throw error;
    if (error instanceof RangeError) throw tooDeep();
    const { line, column } = placeOf(text, offsetOf(text, error));
    const place = `line ${line}, column ${column}`;
    throw new HygieneError('INPUT_INVALID', `The body is not JSON: it breaks at ${place}.`, {
      faults: [{ path: '', message: `not JSON from ${place} on` }],
    });
  }
}

/** JSON, but V8 ran out of stack on it. */
function tooDeep(): HygieneError {
  return new HygieneError('INPUT_INVALID', 'The body is nested too deeply.', {
    faults: [{ path: '', message: 'nested too deeply' }],
  });
}

function refusePrototypes(key: string, value: unknown): unknown {
  if (key === '__proto__') {
    throw new HygieneError('INPUT_INVALID', 'The body has a field `__proto__`, which nothing here has.', {
      faults: [{ path: '__proto__', message: 'unknown field' }],
    });
  }
  return value;
}

/** V8 names the position only sometimes; else it is the shortest prefix that is refused for more than its end. */
function offsetOf(text: string, error: unknown): number {
  const named = / at position (\d+)/.exec(String(error))?.[1];
  if (named !== undefined) return Number(named);
  if (isCutOff(text)) return text.length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isCutOff(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return bad - 1;
}

/** Valid so far: whole, or refused at its very end. */
function isCutOff(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return true;
  } catch (error) {
    const message = String(error);
    const position = / at position (\d+)/.exec(message)?.[1];
    return position === undefined
      ? message.includes('Unexpected end of JSON input')
      : Number(position) >= prefix.length;
  }
}

function placeOf(text: string, offset: number) {
  const before = text.slice(0, offset);
  const newline = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - newline };
}
