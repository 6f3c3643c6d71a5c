import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One shape of an AWS service model, as aws-sdk@2 ships it (minified: a string has no type). */
export interface Shape {
  readonly type?:
    'structure' | 'list' | 'map' | 'integer' | 'long' | 'float' | 'double' | 'boolean' | 'timestamp' | 'blob';
  readonly shape?: string;
  readonly members?: Readonly<Record<string, Shape>>;
  readonly member?: Shape;
  readonly required?: readonly string[];
  readonly locationName?: string;
  readonly queryName?: string;
  readonly resultWrapper?: string;
}

export interface Operation {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
}

interface ModelDocument {
  readonly metadata: {
    readonly apiVersion: string;
    readonly protocol: string;
    readonly xmlNamespace: string;
  };
  readonly operations: Readonly<Record<string, { readonly input?: Shape; readonly output?: Shape }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const EMPTY: Shape = { type: 'structure', members: {} };

/** The operations and shapes of a service: AWS's own description of both directions of the wire. */
export class ServiceModel {
  private readonly extra = new Map<string, Operation>();

  private constructor(private readonly document: ModelDocument) {}

  /** `file`: the name of a model below aws-sdk's `apis` folder. */
  static load(file: string): ServiceModel {
    const path = createRequire(import.meta.url).resolve(`aws-sdk/apis/${file}`);
    return new ServiceModel(JSON.parse(readFileSync(path, 'utf8')) as ModelDocument);
  }

  get version(): string {
    return this.document.metadata.apiVersion;
  }

  get namespace(): string {
    return this.document.metadata.xmlNamespace;
  }

  /** The ec2 protocol writes lists and names in its own way; everything else here is the query protocol. */
  get isEc2(): boolean {
    return this.document.metadata.protocol === 'ec2';
  }

  /** Adds an operation that this edition of the model lacks. */
  add(operation: Operation): void {
    this.extra.set(operation.name, operation);
  }

  get operationNames(): readonly string[] {
    return Object.keys(this.document.operations);
  }

  operation(name: string): Operation | null {
    if (!Object.hasOwn(this.document.operations, name)) return this.extra.get(name) ?? null;
    const { input, output } = this.document.operations[name] ?? {};
    return { name, input: input ?? EMPTY, output: output ?? EMPTY };
  }

  /** A shape with its reference followed; what the place of reference says (names) goes before what the shape says. */
  resolve(shape: Shape): Shape {
    return shape.shape === undefined ? shape : { ...this.document.shapes[shape.shape], ...shape };
  }

  /** The members of a structure, references followed; none for anything else. */
  members(shape: Shape): ReadonlyMap<string, Shape> {
    const members = Object.entries(this.resolve(shape).members ?? {});
    return new Map(members.map(([name, member]) => [name, this.resolve(member)]));
  }

  /** What a list holds; null for anything else. */
  element(shape: Shape): Shape | null {
    const { type, member } = this.resolve(shape);
    return type === 'list' && member !== undefined ? this.resolve(member) : null;
  }
}
