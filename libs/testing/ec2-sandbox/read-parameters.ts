import { ApiError } from './api-error.js';
import type { ServiceModel, Shape } from './service-model.js';

export type Parameters = Readonly<Record<string, unknown>>;
type Tree = Map<string, Tree | string>;

const COMMON = new Set(['Action', 'Version']);
const INTEGER = /^-?\d{1,18}$/;

/** The form of a query request as the model's input: every name known, every value of its type, everything required there. */
export function readParameters(form: URLSearchParams, shape: Shape, model: ServiceModel): Parameters {
  const tree: Tree = new Map();
  for (const [name, value] of form) if (!COMMON.has(name)) plant(tree, name, value);
  return structure(tree, shape, { model, path: '' });
}

interface Place {
  readonly model: ServiceModel;
  readonly path: string;
}

function plant(tree: Tree, name: string, value: string): void {
  const parts = name.split('.');
  const last = parts.pop() ?? '';
  let at = tree;
  for (const part of parts) {
    const next = at.get(part) ?? (new Map() as Tree);
    if (typeof next === 'string') throw unknown(name);
    at.set(part, next);
    at = next;
  }
  if (at.has(last))
    throw new ApiError('InvalidParameterCombination', `The parameter ${name} was given twice`);
  at.set(last, value);
}

function structure(tree: Tree, shape: Shape, { model, path }: Place): Parameters {
  const members = model.members(shape);
  const byQueryName = new Map(
    [...members].map(([name, member]) => [queryName(name, member, model), { name, member }]),
  );
  const result: Record<string, unknown> = {};
  for (const [given, value] of tree) {
    const found = byQueryName.get(given);
    if (found === undefined) throw unknown(`${path}${given}`);
    result[found.name] = read(value, found.member, { model, path: `${path}${given}.` });
  }
  for (const name of model.resolve(shape).required ?? [])
    if (result[name] === undefined) {
      const member = members.get(name);
      const wanted = member === undefined ? name : queryName(name, member, model);
      throw new ApiError('MissingParameter', `The request must contain the parameter ${path}${wanted}`);
    }
  return result;
}

function read(value: Tree | string, shape: Shape, place: Place): unknown {
  if (shape.type === 'structure') return structure(branch(value, place), shape, place);
  if (shape.type === 'list') return list(branch(value, place), shape, place);
  if (typeof value !== 'string') throw unknown(`${place.path}${[...value.keys()][0] ?? ''}`);
  return scalar(value, shape, place.path.slice(0, -1));
}

function list(tree: Tree, shape: Shape, place: Place): readonly unknown[] {
  const element = place.model.element(shape) ?? {};
  const entries = place.model.isEc2 ? tree : branch(tree.get('member') ?? new Map(), place);
  const numbers = [...entries.keys()].map((key) => {
    if (!/^[1-9]\d{0,5}$/.test(key)) throw unknown(`${place.path}${key}`);
    return Number(key);
  });
  return numbers
    .sort((a, b) => a - b)
    .map((n) => read(entries.get(String(n)) ?? '', element, { ...place, path: `${place.path}${n}.` }));
}

function scalar(text: string, { type }: Shape, name: string): unknown {
  if (type === 'integer' || type === 'long') {
    if (!INTEGER.test(text)) throw invalid(name, text, 'an integer');
    return Number(text);
  }
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw invalid(name, text, 'a boolean');
    return text === 'true';
  }
  if (type === 'timestamp') {
    if (Number.isNaN(Date.parse(text))) throw invalid(name, text, 'a date');
    return new Date(text);
  }
  return text;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html: the ec2 protocol capitalises the location name. */
function queryName(name: string, { queryName: given, locationName }: Shape, model: ServiceModel): string {
  if (given !== undefined) return given;
  const wire = locationName ?? name;
  return model.isEc2 ? wire.charAt(0).toUpperCase() + wire.slice(1) : wire;
}

function branch(value: Tree | string, { path }: Place): Tree {
  if (typeof value === 'string') throw unknown(path.slice(0, -1));
  return value;
}

function unknown(name: string): ApiError {
  return new ApiError('UnknownParameter', `The parameter ${name} is not recognized`);
}

function invalid(name: string, value: string, wanted: string): ApiError {
  return new ApiError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${name} is invalid. Expected ${wanted}.`,
  );
}
