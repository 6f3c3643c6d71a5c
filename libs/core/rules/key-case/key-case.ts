import { z } from 'zod';
import { byCodeUnit } from '../../matchers/ascii-case.js';
import { anyOf } from '../../matchers/matcher-set.js';
import { matchers } from '../../policy/schema/matcher-schema.js';
import type { Subject, TagJudge } from '../judge.js';
import { KEY_STYLES, inStyle } from '../key-styles.js';
import { quote } from '../quote.js';
import { renameKey, renameParams } from '../rename-key.js';
import { defineKind } from '../rule-kind.js';

export const keyCase = defineKind({
  name: 'key-case',
  judges: 'label',
  finds: 'keys that are not written in the chosen style',
  params: { style: z.enum(KEY_STYLES), except: matchers().optional() },
  fixes: { rename: renameParams() },
  title: ({ params }) => `Keys that are not ${params.style}`,
  compile({ params, fix }, { judges }): TagJudge<string> {
    const excepted = anyOf(params.except ?? []);
    const styledName = (name: string): string | null => {
      const styled = inStyle(name, params.style);
      return styled === name || excepted(name) ? null : styled;
    };
    const rivals = (subject: Subject, to: string): string[] =>
      subject.tags
        .map(({ name }) => name)
        .filter((name) => judges(name) && styledName(name) === to)
        .sort(byCodeUnit);
    return {
      level: 'tag',
      names: 'all',
      look: styledName,
      judge(tag, styled, subject) {
        const request = { from: tag.name, to: styled, rivals: rivals(subject, styled) };
        return {
          tag: tag.name,
          value: tag.value,
          message: `The key ${quote(tag.name)} is not ${params.style}; that would be ${quote(styled)}.`,
          repair: fix === null ? null : renameKey(subject, { ...request, onConflict: fix.params.onConflict }),
          evidence: { style: params.style, canonical: styled },
        };
      },
    };
  },
});
