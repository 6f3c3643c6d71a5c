import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const WEIGHTS = ['regular', 'semibold'] as const;
export type Weight = (typeof WEIGHTS)[number];

export interface FontFile {
  readonly name: string;
  readonly bytes: () => Buffer;
}

/** Subsets of IBM Plex Sans, the commonest characters first. */
const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'vietnamese'] as const;
const NUMBERS: Readonly<Record<Weight, number>> = { regular: 400, semibold: 600 };
const { resolve } = createRequire(import.meta.url);

/** Chinese, Japanese and Korean; it has one weight. */
const CJK = fontFile('cjk', () => fileURLToPath(new URL('./fonts/droid-sans-fallback.ttf', import.meta.url)));

/** The fonts of a weight, in the order in which a character is looked for. Each is read when it is first needed, and kept. */
export const FONT_FILES: Readonly<Record<Weight, readonly FontFile[]>> = {
  regular: [...plexFiles('regular'), CJK],
  semibold: [...plexFiles('semibold'), CJK],
};

function plexFiles(weight: Weight): FontFile[] {
  return SUBSETS.map((subset) =>
    fontFile(`${subset}-${weight}`, () =>
      resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-${subset}-${NUMBERS[weight]}-normal.woff`),
    ),
  );
}

function fontFile(name: string, path: () => string): FontFile {
  let held: Buffer | undefined;
  return { name, bytes: () => (held ??= readFileSync(path())) };
}
