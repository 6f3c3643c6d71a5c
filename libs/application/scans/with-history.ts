import { MadeTags, type PointerFact, type Resource, type Tag, type TagList } from '#core';
import type { PointerHistory } from '../ports/stores.js';

/** The facts that the inventory adds. */
const HISTORY_FACTS = ['firstSeen', 'was', 'elsewhere'] as const satisfies readonly PointerFact[];

/** Tags whose history is asked for at once. */
const TAGS_A_QUESTION = 5_000;

/** What the inventory has seen of the pointers of some stored resources, in their order. */
export type AskHistory = (resources: readonly Resource[]) => Promise<readonly (readonly PointerHistory[])[]>;

/** The resources with what the inventory has seen of their pointers; labels stay as they are. Of a large one it is held packed. */
export async function withHistory(
  resources: readonly Resource[],
  facts: ReadonlySet<PointerFact>,
  ask: AskHistory,
): Promise<readonly Resource[]> {
  if (!HISTORY_FACTS.some((fact) => facts.has(fact))) return resources;
  const [only, other] = resources;
  if (only !== undefined && other === undefined && only.tags.length > TAGS_A_QUESTION)
    return [{ ...only, tags: await packedHistory(only, facts, ask) }];
  const history = await ask(resources);
  return resources.map((resource, i) => ({
    ...resource,
    tags: resource.tags.map((tag, j) => remembered(tag, history[i]?.[j])),
  }));
}

const remembered = (tag: Tag, history: PointerHistory | undefined): Tag =>
  tag.value === null ? { ...tag, pointer: { ...tag.pointer, ...history } } : tag;

async function packedHistory(
  resource: Resource,
  facts: ReadonlySet<PointerFact>,
  ask: AskHistory,
): Promise<TagList> {
  const packed = new RememberedTags(resource.tags, facts);
  let part: Tag[] = [];
  const learn = async (): Promise<void> => {
    const [history = []] = await ask([{ ...resource, tags: part }]);
    packed.add(part, history);
    part = [];
  };
  for (const tag of resource.tags) if (part.push(tag) === TAGS_A_QUESTION) await learn();
  if (part.length > 0) await learn();
  return packed;
}

/** Tags with their history in 8 bytes each: of most there is nothing to say but when they were first seen. */
class RememberedTags extends MadeTags {
  /** Milliseconds; NaN: not said. */
  private readonly firstSeen: Float64Array;
  /** What is not as it mostly is: known by the digest itself, not come back, nowhere else. */
  private readonly unusual = new Map<number, PointerHistory>();
  private known = 0;

  constructor(
    private readonly list: TagList,
    private readonly facts: ReadonlySet<PointerFact>,
  ) {
    super();
    this.firstSeen = new Float64Array(list.length);
  }

  get length(): number {
    return this.list.length;
  }

  /** Of the tags that come next. */
  add(tags: readonly Tag[], history: readonly PointerHistory[]): void {
    tags.forEach((tag, i) => {
      const { firstSeenAt, ...rest } = history[i] ?? {};
      this.firstSeen[this.known] = firstSeenAt?.getTime() ?? Number.NaN;
      if (!isSame(rest, this.usual(tag))) this.unusual.set(this.known, rest);
      this.known += 1;
    });
  }

  protected make(index: number): Tag {
    const tag = this.list.at(index) as Tag;
    const at = this.firstSeen[index] ?? Number.NaN;
    const firstSeen = Number.isNaN(at) ? {} : { firstSeenAt: new Date(at) };
    return remembered(tag, { ...firstSeen, ...(this.unusual.get(index) ?? this.usual(tag)) });
  }

  private usual({ digest }: Tag): PointerHistory {
    const saysWas = this.facts.has('was');
    return {
      ...(saysWas ? { cameBack: false } : {}),
      ...(saysWas && digest !== null ? { was: digest } : {}),
      ...(this.facts.has('elsewhere') ? { elsewhere: [] } : {}),
    };
  }
}

const isSame = (one: PointerHistory, other: PointerHistory): boolean =>
  one.was === other.was &&
  one.cameBack === other.cameBack &&
  one.elsewhere?.length === other.elsewhere?.length;
