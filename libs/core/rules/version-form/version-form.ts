import { z } from 'zod';
import { didYouMean } from '../../policy/document/did-you-mean.js';
import { capture } from '../../policy/schema/capture-schema.js';
import { fields } from '../../policy/schema/fields.js';
import { writtenAs } from '../../policy/schema/written-form.js';
import { aliasName } from '../alias-name.js';
import type { Fault, TagJudge } from '../judge.js';
import { isLegalName } from '../legal-name.js';
import { quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';
import { PREFIXES, SCHEMES, compileForm, type FormReading, type VersionForm } from '../version-names.js';

type Wrong = Exclude<FormReading, { readonly form: 'right' }>;

export const versionForm = defineKind({
  name: 'version-form',
  judges: 'pointer',
  finds: 'names that are no version of the scheme, or have the wrong prefix before it',
  params: {
    scheme: scheme(),
    prefix: z.enum(PREFIXES).optional(),
    group: capture('group', 'version').optional(),
  },
  fixes: { alias: fields('this fix', {}) },
  title: ({ params }) => `Names that are no ${wanted(params)}`,
  check: ({ params, fix }) => (fix === null ? [] : aliasFaults(params)),
  needs: ({ fix }) => (fix === null ? [] : ['annotated']),
  compile({ params, fix }): TagJudge<Wrong> {
    const read = compileForm(params);
    return {
      level: 'tag',
      names: 'all',
      look(name) {
        const reading = read(name);
        return reading.form === 'right' ? null : reading;
      },
      judge(tag, reading, subject): Fault | null {
        const fault = { tag: tag.name, value: null, evidence: { digest: tag.digest } };
        if (reading.form === 'none') {
          const message = `The name ${quote(tag.name)} is no ${wanted(params)}.`;
          return { ...fault, message, repair: null };
        }
        const { right } = reading;
        const message = `The version in ${quote(tag.name)} has the wrong prefix; the right name is ${quote(right)}.`;
        const evidence = { ...fault.evidence, canonical: right };
        if (fix === null || !isLegalName(subject.platform, right)) {
          return { ...fault, message, evidence, repair: null };
        }
        const alias = aliasName(tag, right, subject);
        return alias.there ? null : { ...fault, message, evidence, repair: alias.repair };
      },
    };
  },
});

/** `semver`, `calver`, or a pattern of one's own. */
function scheme() {
  const pattern = capture();
  const schema = z.unknown().transform((written, context): VersionForm['scheme'] => {
    const known = SCHEMES.find((name) => name === written);
    if (known !== undefined) return known;
    if (typeof written === 'object' && written !== null) {
      const read = pattern.safeParse(written);
      if (read.success) return { re2: read.data };
      for (const issue of read.error.issues)
        context.issues.push({ ...issue, input: written } as z.core.$ZodRawIssue);
      return z.NEVER;
    }
    const near = typeof written === 'string' ? didYouMean(written, SCHEMES) : '';
    const message = `"scheme" is semver, calver, or a pattern: { re2: … }.${near}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
  return writtenAs(schema, { json: (_own, of) => ({ anyOf: [{ enum: SCHEMES }, of(pattern)] }) });
}

function aliasFaults({ prefix }: VersionForm): RuleFault[] {
  if (prefix !== undefined && prefix !== 'any') return [];
  const message =
    'The alias puts the right prefix before a version, and this rule takes any prefix for right: say `prefix: v` or `prefix: none`, or leave `fix` out.';
  return [{ path: ['fix'], message, severity: 'critical' }];
}

const NAMES = { semver: 'SemVer version', calver: 'calendar version' } as const;
const WITH = { v: ' with a v', none: ' without a prefix', any: '' } as const;

const wanted = ({ scheme, prefix }: VersionForm): string =>
  `${typeof scheme === 'string' ? NAMES[scheme] : `version like ${scheme.re2}`}${WITH[prefix ?? 'any']}`;
