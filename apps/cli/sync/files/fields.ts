import { PACK_NAME, fields } from '#core';
import { z } from 'zod';

/** The name of a target, a credential or a schedule; blanks around it are not part of it. */
export const nameText = () => z.string().trim().min(1).max(200);

export const packName = () =>
  z.string().regex(PACK_NAME, 'expected the name of a pack: lower-case letters, digits and dashes');

export const labels = () =>
  z.array(fields('a label', { key: z.string().trim().min(1).max(128), value: z.string().max(256) })).max(50);
