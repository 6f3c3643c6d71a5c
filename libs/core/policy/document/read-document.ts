import { Lexer, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Diagnostic } from '../policy.js';
import { aliasTargets } from './alias-targets.js';
import { deceptiveIn, forbiddenIn, placeIn } from './characters.js';
import { critical } from './critical.js';
import { shortened, type Place, type SourceDocument } from './document.js';
import { Places } from './places.js';
import { TOO_DEEP, TreeReader } from './tree-reader.js';

/** Bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 1_048_576;
/** Words, brackets, line ends… as YAML's lexer counts them: 500 rules with a case each have about half of it. */
const MAX_TOKENS = 120_000;
const MAX_SYNTAX_DIAGNOSTICS = 50;
/** The parser calls itself for every level, and tells the end of its stack as a fault of the text; what follows is of no meaning. */
const EXHAUSTED = 'RESOURCE_EXHAUSTION';
/** What the lexer puts between words without their being written: where a document and a scalar start, and a flow that breaks off. */
const UNWRITTEN = /^[\u0002\u0018\u001f]$/;

/** A document, or everything that keeps it from being read as one. YAML 1.2, of which JSON is a part. Never throws. */
export function readDocument(
  text: string,
):
  | { document: SourceDocument; faults: readonly Diagnostic[] }
  | { document: null; faults: readonly Diagnostic[] } {
  const refusal = sizeFault(text) ?? characterFault(text);
  if (refusal !== null) return { document: null, faults: [refusal] };
  const lines = new LineCounter();
  const parsed = parseDocument(text, {
    schema: 'failsafe',
    version: '1.2',
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...parsed.errors, ...parsed.warnings];
  if (problems.length > 0) {
    const exhausted = problems.findIndex(({ code }) => code === EXHAUSTED);
    const told = exhausted === -1 ? [0, MAX_SYNTAX_DIAGNOSTICS] : [exhausted, exhausted + 1];
    const shown = problems.slice(...told).map((problem) => {
      return critical(syntaxFault(problem), placeAt(problem.pos[0]), []);
    });
    return { document: null, faults: shown };
  }
  const targets = aliasTargets(parsed);
  const reader = new TreeReader(targets, placeAt);
  const root = reader.read(parsed.contents, [], 0);
  const places = new Places(parsed, targets, placeAt);
  return {
    document: { root, placeOf: (p) => places.of(p, false), placeOfKey: (p) => places.of(p, true) },
    faults: [...reader.faults, ...deceptions(text)],
  };
}

function sizeFault(text: string): Diagnostic | null {
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > MAX_DOCUMENT_BYTES) {
    const message = `A rule pack has at most ${MAX_DOCUMENT_BYTES} bytes; this document has ${bytes}. Split it into several packs.`;
    return critical(message, { line: 1, column: 1 }, []);
  }
  let tokens = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > MAX_TOKENS) {
      const message = `This document has more than ${MAX_TOKENS} words and marks. Split it into several packs.`;
      return critical(message, placeIn(text, offset), []);
    }
    if (!UNWRITTEN.test(token)) offset += token.length;
  }
  return null;
}

function characterFault(text: string): Diagnostic | null {
  const found = forbiddenIn(text);
  if (found === null) return null;
  const message = `The character ${found.name} cannot be in a rule pack, quoted or not; take it out.`;
  return critical(message, placeIn(text, found.offset), []);
}

/** One warning for all of them. */
function deceptions(text: string): Diagnostic[] {
  const found = deceptiveIn(text.replace(/^\ufeff/, ' '));
  if (found === null) return [];
  const message = `The invisible character ${found.name} makes text read other than it is; write it as "\\u${found.name.slice(2)}" in double quotes if it is meant.`;
  return [{ ...critical(message, placeIn(text, found.offset), []), severity: 'medium' }];
}

function syntaxFault({ code, message }: YAMLError): string {
  return code === EXHAUSTED ? TOO_DEEP : `This is not YAML: ${firstLine(message)}.`;
}

const firstLine = (message: string): string =>
  shortened((message.split('\n')[0] ?? message).replace(/[.:]$/, ''), 200);
