import { z } from 'zod';
import type { TagKind } from '../model/platform.js';
import type { PointerFact } from '../model/resource.js';
import { SEVERITIES, type Severity } from '../model/severity.js';
import { quote } from './quote.js';
import { didYouMean } from '../policy/document/did-you-mean.js';
import { NOTHING, fields, text } from '../policy/schema/fields.js';
import { selector } from '../policy/schema/selector-schema.js';
import { writtenAs, type JsonSchema } from '../policy/schema/written-form.js';
import { EVERYTHING } from '../policy/selector.js';
import type { Judge } from './judge.js';
import type { Fix, Rule, Vocabulary } from './rule.js';

/** Something wrong with a rule that its fields alone do not show. */
export interface RuleFault {
  /** Within the rule: `['map', 'prod']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** CRITICAL refuses the pack. */
  readonly severity: Severity;
}

/** What else a rule may know when it is made ready. */
export interface CompileContext {
  readonly vocabulary: Vocabulary;
  /** The vocabulary's keys, and those that other rules of the pack take for right. */
  readonly knownKeys: ReadonlySet<string>;
  /** Every rule of the pack, this one among them. */
  readonly rules: readonly Rule[];
  /** Does the rule's own selector let this name through? */
  readonly judges: (name: string) => boolean;
}

type FixSchemas = Readonly<Record<string, z.ZodType>>;
type FixOf<F extends FixSchemas> = { [N in keyof F & string]: Fix<N, z.output<F[N]>> }[keyof F & string];
type RuleOf<S extends z.ZodRawShape, F extends FixSchemas> = Rule<z.output<z.ZodObject<S>>, FixOf<F>>;

interface RuleKindSpec<S extends z.ZodRawShape, F extends FixSchemas> {
  readonly name: string;
  readonly judges: TagKind;
  /** One line for the rules reference. */
  readonly finds: string;
  /** The kind's own parameters. */
  readonly params: S;
  /** The parameters of each fix; each must take `{}` when the fix can be written as its bare name. */
  readonly fixes: F;
  /** One line for people: "Keys spelled like environment". */
  title(rule: RuleOf<S, F>): string;
  check?(rule: RuleOf<S, F>, vocabulary: Vocabulary): readonly RuleFault[];
  /** Keys that the rule itself takes for right. */
  canonicalKeys?(rule: RuleOf<S, F>): readonly string[];
  /** The facts of pointers that the judge asks for, so that they are read at all. */
  needs?(rule: RuleOf<S, F>): readonly PointerFact[];
  compile(rule: RuleOf<S, F>, context: CompileContext): Judge;
}

/** A kind of rule with its types erased, as the engine handles all of them. */
export interface RuleKind {
  readonly name: string;
  readonly judges: TagKind;
  readonly finds: string;
  readonly params: readonly { readonly name: string; readonly required: boolean }[];
  readonly fixes: readonly string[];
  readonly schema: z.ZodType<Rule>;
  title(rule: Rule): string;
  check(rule: Rule, vocabulary: Vocabulary): readonly RuleFault[];
  canonicalKeys(rule: Rule): readonly string[];
  needs(rule: Rule): readonly PointerFact[];
  compile(rule: Rule, context: CompileContext): Judge;
}

export const RULE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The fields that every rule has, whatever its kind. */
export const ruleFields = () => ({
  id: text(63).regex(RULE_ID, {
    error:
      'a rule id is 1 to 63 letters, digits, dots, dashes and underscores, and starts with a letter or digit',
  }),
  kind: text(100),
  on: selector().optional(),
  severity: z.enum(SEVERITIES).optional(),
});

/** Describes a kind; the types hold between its parameters, its fixes and its judge. */
export function defineKind<S extends z.ZodRawShape, F extends FixSchemas>(
  spec: RuleKindSpec<S, F>,
): RuleKind {
  // A rule reaches a kind only through that kind's own schema, so its parameters have the kind's types.
  const own = (rule: Rule): RuleOf<S, F> => rule as unknown as RuleOf<S, F>;
  return {
    name: spec.name,
    judges: spec.judges,
    finds: spec.finds,
    params: Object.entries(spec.params).map(([name, schema]) => ({
      name,
      required: !z.safeParse(schema as z.ZodType, undefined).success,
    })),
    fixes: Object.keys(spec.fixes),
    schema: ruleSchema(spec),
    title: (rule) => spec.title(own(rule)),
    check: (rule, vocabulary) => spec.check?.(own(rule), vocabulary) ?? [],
    canonicalKeys: (rule) => spec.canonicalKeys?.(own(rule)) ?? [],
    needs: (rule) => spec.needs?.(own(rule)) ?? [],
    compile: (rule, context) => spec.compile(own(rule), context),
  };
}

function ruleSchema<S extends z.ZodRawShape, F extends FixSchemas>(
  spec: RuleKindSpec<S, F>,
): z.ZodType<Rule> {
  const common = ruleFields();
  const all = { ...common, fix: fixSchema(spec.name, spec.fixes).optional(), ...spec.params };
  return fields(`a ${spec.name} rule`, all).transform((written): Rule => {
    const { id, kind, on, severity, fix, ...params } = written as z.output<z.ZodObject<typeof common>> & {
      fix?: Fix;
    };
    return { id, kind, on: on ?? EVERYTHING, severity: severity ?? 'medium', params, fix: fix ?? null };
  });
}

/** `fix: remove`, or `fix: { remove: { … } }`. */
function fixSchema(kind: string, fixes: FixSchemas) {
  const schema = z.unknown().transform((written, context): Fix => {
    const names = Object.keys(fixes);
    const given = typeof written === 'string' ? { [written]: {} } : written;
    const entries =
      typeof given === 'object' && given !== null && !Array.isArray(given)
        ? Object.entries(given as Record<string, unknown>)
        : [];
    const [entry] = entries;
    const refuse = (message: string): never => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (names.length === 0) return refuse(`${kind} only reports: it has no fix. Leave "fix" out`);
    if (entry === undefined || entries.length > 1) {
      return refuse(`"fix" is one name, or a map of that one name to its parameters: ${names.join(', ')}`);
    }
    const [name, params] = entry;
    const schema = Object.hasOwn(fixes, name) ? fixes[name] : undefined;
    if (schema === undefined) {
      return refuse(
        `${kind} has no fix ${quote(name)}; it has: ${names.join(', ')}.${didYouMean(name, names)}`,
      );
    }
    const read = schema.safeParse(params === '' ? {} : params);
    if (read.success) return { name, params: read.data };
    for (const issue of read.error.issues) {
      const path = typeof written === 'string' ? issue.path : [name, ...issue.path];
      context.issues.push({ ...issue, path, input: written } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
  return writtenAs(schema, { json: (_own, of) => fixForm(fixes, of) });
}

/** What needs no parameters may be written as its bare name, or with nothing after it. */
function fixForm(fixes: FixSchemas, of: (schema: z.ZodType) => JsonSchema): JsonSchema {
  const isBare = (schema: z.ZodType) => schema.safeParse({}).success;
  const entries = Object.entries(fixes);
  if (entries.length === 0) return NOTHING;
  const bare = entries.filter(([, schema]) => isBare(schema)).map(([name]) => name);
  const properties = entries.map(([name, schema]) => [
    name,
    isBare(schema) ? { anyOf: [of(schema), { enum: [null, ''] }] } : of(schema),
  ]);
  const map = {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonSchema,
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  };
  return bare.length === 0 ? map : { anyOf: [{ enum: bare }, map] };
}
