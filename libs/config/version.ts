import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { z } from 'zod';

const manifest = findPackageJSON('..', import.meta.url);

/** The version of this build, as package.json says. */
export const VERSION: string =
  manifest === undefined
    ? '0.0.0'
    : z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8'))).version;
