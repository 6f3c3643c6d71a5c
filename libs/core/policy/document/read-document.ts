import { Lexer, LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Alias, Document, Node, Pair, YAMLError } from 'yaml';
import type { Diagnostic } from '../policy.js';
import { dotted, type Path, type Place, type SourceDocument, type Written } from './document.js';

/** Bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 1_048_576;
/** Words, brackets, line ends… as YAML's lexer counts them: 500 rules with a case each have about half of it. */
const MAX_TOKENS = 120_000;
/** Values once every alias is replaced by what it stands for. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 32;
const TOO_DEEP = `This is nested more than ${MAX_DEPTH} levels deep.`;
const MAX_SYNTAX_DIAGNOSTICS = 50;
/** The parser calls itself for every level, and tells the end of its stack as a fault of the text; what follows is of no meaning. */
const EXHAUSTED = 'RESOURCE_EXHAUSTION';

/** A document, or everything that keeps it from being read as one. YAML 1.2, of which JSON is a part. Never throws. */
export function readDocument(
  text: string,
):
  | { document: SourceDocument; faults: readonly Diagnostic[] }
  | { document: null; faults: readonly Diagnostic[] } {
  const refusal = sizeFault(text);
  if (refusal !== null) return { document: null, faults: [critical(refusal, null, [])] };
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
  const reader = new TreeReader(parsed, placeAt);
  const root = reader.read(parsed.contents, [], 0);
  const places = new Places(parsed, placeAt);
  return {
    document: { root, placeOf: (p) => places.of(p, false), placeOfKey: (p) => places.of(p, true) },
    faults: reader.faults,
  };
}

function sizeFault(text: string): string | null {
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > MAX_DOCUMENT_BYTES) {
    return `A rule pack has at most ${MAX_DOCUMENT_BYTES} bytes; this document has ${bytes}. Split it into several packs.`;
  }
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > MAX_TOKENS)
      return `This document has more than ${MAX_TOKENS} words and marks. Split it into several packs.`;
  }
  return null;
}

function syntaxFault({ code, message }: YAMLError): string {
  return code === EXHAUSTED ? TOO_DEEP : `This is not YAML: ${firstLine(message)}.`;
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? message).replace(/[.:]$/, '');

function critical(message: string, place: Place | null, path: Path): Diagnostic {
  return {
    message,
    line: place?.line ?? null,
    column: place?.column ?? null,
    path: dotted(path),
    severity: 'critical',
  };
}

const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

/** Turns YAML's nodes into plain values, and finds what YAML allows and a rule pack does not. */
class TreeReader {
  readonly faults: Diagnostic[] = [];
  private values = 0;

  constructor(
    private readonly document: Document,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  read(node: unknown, path: Path, depth: number): Written {
    this.values += 1;
    if (this.values > MAX_VALUES)
      return this.refuse(
        node,
        path,
        `This document says more than ${MAX_VALUES} things once its aliases are replaced. Write fewer aliases.`,
      );
    if (depth > MAX_DEPTH) return this.refuse(node, path, TOO_DEEP);
    if (isAlias(node)) return this.read(this.target(node, path), path, depth + 1);
    if (isScalar(node)) return typeof node.value === 'string' ? node.value : '';
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index], depth + 1));
    if (isMap(node)) return this.readMap(node.items, path, depth);
    return '';
  }

  private readMap(pairs: readonly Pair[], path: Path, depth: number): Written {
    const map: Record<string, Written> = {};
    for (const pair of pairs) {
      const key = keyText(pair);
      if (key === '__proto__') this.refuse(pair.key, path, 'The key "__proto__" cannot be used here.');
      else if (Object.hasOwn(map, key)) {
        this.fault(`The key ${JSON.stringify(key)} is written twice in this mapping; keep one.`, pair.key, [
          ...path,
          key,
        ]);
      } else map[key] = this.read(pair.value, [...path, key], depth + 1);
    }
    return map;
  }

  private target(alias: Alias, path: Path): Node | null {
    const node = alias.resolve(this.document) ?? null;
    if (node === null) this.fault(`There is no anchor "&${alias.source}" before this alias.`, alias, path);
    return node;
  }

  /** Reports once: what is too much is too much everywhere. */
  private refuse(node: unknown, path: Path, message: string): Written {
    if (!this.faults.some((fault) => fault.message === message)) this.fault(message, node, path);
    return '';
  }

  private fault(message: string, node: unknown, path: Path): void {
    const offset = (node as Node | null)?.range?.[0];
    this.faults.push(critical(message, offset === undefined ? null : this.placeAt(offset), path));
  }
}

/** Finds where a path is written by walking the nodes again: paths are asked for only when something is wrong. */
class Places {
  constructor(
    private readonly document: Document,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  of(path: Path, atKey: boolean): Place | null {
    let node: unknown = this.document.contents;
    let key: unknown = null;
    let offset = offsetOf(node) ?? 0;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.document);
      if (isMap(node)) {
        const pair = node.items.find((candidate) => keyText(candidate) === String(step));
        if (pair === undefined) break;
        [key, node] = [pair.key, pair.value];
      } else if (isSeq(node) && typeof step === 'number') {
        if (step >= node.items.length) break;
        [key, node] = [null, node.items[step]];
      } else break;
      offset = offsetOf(node) ?? offsetOf(key) ?? offset;
    }
    return this.placeAt((atKey ? offsetOf(key) : undefined) ?? offset);
  }
}

const offsetOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
