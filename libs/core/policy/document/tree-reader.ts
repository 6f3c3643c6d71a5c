import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair, type Scalar } from 'yaml';
import type { Diagnostic } from '../policy.js';
import { forbiddenIn } from './characters.js';
import { critical } from './critical.js';
import { shortened, type Path, type Place, type Written } from './document.js';

/** Values once every alias is replaced by what it stands for. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 32;
export const TOO_DEEP = `This is nested more than ${MAX_DEPTH} levels deep.`;
const TOO_MUCH = `This document says more than ${MAX_VALUES} things once its aliases are replaced. Write fewer aliases.`;
const MERGED =
  'Merge keys ("<<") are no part of YAML 1.2: write the fields out, or quote the key if it is meant as it stands.';

const STANDARD = 'tag:yaml.org,2002:';
/** Explicit tags that say what a value is anyway. */
const PLAIN_TAGS: readonly string[] = ['!', ...['str', 'seq', 'map'].map((name) => STANDARD + name)];

export const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

/** Turns YAML's nodes into plain values, and finds what YAML allows and a rule pack does not. */
export class TreeReader {
  readonly faults: Diagnostic[] = [];
  private readonly refused = new Set<string>();
  private values = 0;

  constructor(
    private readonly targets: ReadonlyMap<Alias, Node>,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  read(node: unknown, path: Path, depth: number): Written {
    this.values += 1;
    if (this.values > MAX_VALUES) return this.refuse(node, path, TOO_MUCH);
    if (depth > MAX_DEPTH) return this.refuse(node, path, TOO_DEEP);
    if (isAlias(node)) return this.read(this.target(node, path), path, depth + 1);
    this.checkTag(node as Node | null, path);
    if (isScalar(node)) return this.readScalar(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index], depth + 1));
    if (isMap(node)) return this.readMap(node.items, path, depth);
    return '';
  }

  private readScalar(node: Scalar, path: Path): string {
    if (typeof node.value !== 'string') return '';
    const forbidden = forbiddenIn(node.value);
    if (forbidden !== null) {
      this.fault(`This text holds ${forbidden.name}, which no name, key or value may have.`, node, path);
    }
    return node.value;
  }

  private readMap(pairs: readonly Pair[], path: Path, depth: number): Written {
    const map: Record<string, Written> = {};
    for (const pair of pairs) {
      const key = keyText(pair);
      const at = [...path, key];
      if (isScalar(pair.key)) this.readScalar(pair.key, at);
      if (key === '__proto__') this.refuse(pair.key, path, 'The key "__proto__" cannot be used here.');
      else if (Object.hasOwn(map, key)) {
        const name = JSON.stringify(shortened(key));
        this.fault(`The key ${name} is written twice in this mapping; keep one.`, pair.key, at);
      } else if (isMerge(pair)) this.fault(MERGED, pair.key, at);
      else map[key] = this.read(pair.value, at, depth + 1);
    }
    return map;
  }

  private target(alias: Alias, path: Path): Node | null {
    const node = this.targets.get(alias) ?? null;
    if (node === null) {
      this.fault(`There is no anchor "&${shortened(alias.source)}" before this alias.`, alias, path);
    }
    return node;
  }

  private checkTag(node: Node | null, path: Path): void {
    const tag = node?.tag;
    if (tag === undefined || PLAIN_TAGS.includes(tag)) return;
    const name = shortened(tag.replace(STANDARD, '!!'));
    this.fault(`The tag ${name} has no meaning in a rule pack; write the value without it.`, node, path);
  }

  /** Reports once: what is too much is too much everywhere. */
  private refuse(node: unknown, path: Path, message: string): Written {
    if (!this.refused.has(message)) this.fault(message, node, path);
    this.refused.add(message);
    return '';
  }

  private fault(message: string, node: unknown, path: Path): void {
    const offset = (node as Node | null)?.range?.[0];
    this.faults.push(critical(message, this.placeAt(offset ?? 0), path));
  }
}

/** As YAML 1.1 writes it: a plain `<<` that brings the fields of another mapping along. */
function isMerge({ key, value }: Pair): boolean {
  if (!isScalar(key) || key.type !== 'PLAIN' || key.value !== '<<') return false;
  return isAlias(value) || isMap(value) || isSeq(value);
}
