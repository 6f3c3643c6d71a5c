import { HygieneError } from '#core';
import {
  getNamedType,
  isCompositeType,
  isListType,
  getNullableType,
  isObjectType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type FieldNode,
  getVariableValues,
} from 'graphql';

export interface OperationSize {
  /** Levels of fields. */
  readonly depth: number;
  readonly aliases: number;
  /** Fields at the top. */
  readonly roots: number;
  /** Objects that the answer may hold. */
  readonly objects: number;
}

/**
 * `tokens` is the parser's limit. `objects`: each object counts 1, a connection counts its children `first` times, any other
 * list counts them 10 times; leaves are free.
 */
export const LIMITS = { tokens: 2_000, depth: 12, aliases: 15, roots: 10, objects: 25_000 } as const;

const LIST_ESTIMATE = 10;
const DEFAULT_FIRST = 50;
const MAX_FIRST = 200;

export interface MeasuredOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @throws HygieneError LIMIT_EXCEEDED that names each limit, its bound and what was asked */
export function enforceLimits(measured: MeasuredOperation): void {
  const size = measureOperation(measured);
  const faults = (['depth', 'aliases', 'roots', 'objects'] as const)
    .filter((name) => size[name] > LIMITS[name])
    .map((name) => ({
      path: name,
      message: `${MEANING[name]} is ${size[name]}; at most ${LIMITS[name]} is allowed`,
    }));
  if (faults.length === 0) return;
  const text = faults.map(({ message }) => message).join('; ');
  throw new HygieneError('LIMIT_EXCEEDED', `The operation asks for too much: ${text}. Split it up.`, {
    faults,
  });
}

const MEANING = {
  depth: 'the depth of fields',
  aliases: 'the number of aliases',
  roots: 'the number of fields at the top',
  objects: 'the number of objects that may be answered',
} as const;

/** Sizes a validated operation; each fragment is measured once, so nesting cannot blow the time up. */
export function measureOperation(measured: MeasuredOperation): OperationSize {
  const root = measured.schema.getRootType(measured.operation.operation);
  if (root === null || root === undefined) return { depth: 0, aliases: 0, roots: 0, objects: 0 };
  const coerced = getVariableValues(
    measured.schema,
    measured.operation.variableDefinitions ?? [],
    measured.variables,
  );
  const meter = new Meter(measured.schema, measured.fragments, coerced.coerced ?? {});
  return {
    ...meter.measure(measured.operation.selectionSet, root),
    roots: meter.countFields(measured.operation.selectionSet),
  };
}

type Size = Omit<OperationSize, 'roots'>;

class Meter {
  private readonly measured = new Map<string, Size>();
  private readonly counted = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  measure(set: SelectionSetNode, parent: GraphQLCompositeType): Size {
    let size: Size = { depth: 0, aliases: 0, objects: 0 };
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) size = sum(size, this.measureField(selection, parent));
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        size = sum(
          size,
          this.measure(selection.selectionSet, this.typeNamed(selection.typeCondition?.name.value) ?? parent),
        );
      else size = sum(size, this.measureFragment(selection.name.value));
    }
    return size;
  }

  /** Fields of a selection, those in fragments too. */
  countFields(set: SelectionSetNode): number {
    return set.selections.reduce((total, selection) => {
      if (selection.kind === Kind.FIELD) return total + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return total + this.countFields(selection.selectionSet);
      return total + this.countFragment(selection.name.value);
    }, 0);
  }

  private countFragment(name: string): number {
    const known = this.counted.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    const count = fragment === undefined ? 0 : this.countFields(fragment.selectionSet);
    this.counted.set(name, count);
    return count;
  }

  private measureFragment(name: string): Size {
    const known = this.measured.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    const type = this.typeNamed(fragment?.typeCondition.name.value);
    const size =
      fragment === undefined || type === null
        ? { depth: 0, aliases: 0, objects: 0 }
        : this.measure(fragment.selectionSet, type);
    this.measured.set(name, size);
    return size;
  }

  private measureField(node: FieldNode, parent: GraphQLCompositeType): Size {
    const aliases = node.alias === undefined ? 0 : 1;
    const introspects = node.name.value.startsWith('__');
    const field = isObjectType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field === undefined ? null : getNamedType(field.type);
    if (introspects || field === undefined || node.selectionSet === undefined || !isCompositeType(type)) {
      return { depth: 1, aliases, objects: 0 };
    }
    const inner = this.measure(node.selectionSet, type);
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + aliases,
      objects: this.repeats(field, node, parent) * (1 + inner.objects),
    };
  }

  private repeats(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    parent: GraphQLCompositeType,
  ): number {
    const paged = field.args.some(({ name }) => name === 'first');
    if (paged) return this.first(node);
    const isEdges = parent.name.endsWith('Connection');
    return isListType(getNullableType(field.type)) && !isEdges ? LIST_ESTIMATE : 1;
  }

  private first(node: FieldNode): number {
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const value =
      given?.kind === Kind.INT
        ? Number(given.value)
        : given?.kind === Kind.VARIABLE
          ? this.variables[given.name.value]
          : undefined;
    return typeof value === 'number' && value > 0 ? Math.min(value, MAX_FIRST) : DEFAULT_FIRST;
  }

  private typeNamed(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : null;
  }
}

function sum(left: Size, right: Size): Size {
  return {
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    objects: left.objects + right.objects,
  };
}
