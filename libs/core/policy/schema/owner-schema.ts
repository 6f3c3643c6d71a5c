import { z } from 'zod';
import type { Owner } from '../owners.js';
import { fields, listOf, text } from './fields.js';
import { globOrMatcher, nameOrMatcher } from './matcher-schema.js';

export const MAX_OWNERS = 500;

/** One line of the owners map: what it does not name it does not limit, but it names something. */
export const owner = (): z.ZodType<Owner> =>
  fields('an owner', {
    repositories: listOf(globOrMatcher(), 500).optional(),
    targets: listOf(nameOrMatcher()).optional(),
    team: text(256),
  })
    .refine(({ repositories, targets }) => repositories !== undefined || targets !== undefined, {
      error: 'an owner names repositories or targets (or both)',
    })
    .transform(({ repositories, targets, team }): Owner => ({
      resources: repositories ?? null,
      targets: targets ?? null,
      team,
    }));
