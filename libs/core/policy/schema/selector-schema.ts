import { z } from 'zod';
import { PLATFORMS } from '../../model/platform.js';
import type { Selector } from '../selector.js';
import { fields, listOf, text } from './fields.js';
import { matcher, matchers, nameOrMatcher } from './matcher-schema.js';
import { sharedAs } from './written-form.js';

/** What it does not name it does not limit. */
export const selector = (): z.ZodType<Selector> =>
  sharedAs(
    'selector',
    fields('a selector', {
      platforms: listOf(z.enum(PLATFORMS)).optional(),
      targets: listOf(nameOrMatcher()).optional(),
      resources: matchers().optional(),
      resourceTypes: listOf(nameOrMatcher()).optional(),
      tags: matchers().optional(),
      where: listOf(fields('a condition', { tag: text(256), matches: matcher() })).optional(),
    }).transform(({ platforms, targets, resources, resourceTypes, tags, where }): Selector => ({
      platforms: platforms ?? null,
      targets: targets ?? null,
      resources: resources ?? null,
      resourceTypes: resourceTypes ?? null,
      tags: tags ?? null,
      where: where ?? [],
    })),
  );
