import { LIGHT } from '../html/palette.js';

/** The colours of the pages on screens, and those that paper needs beside them. */
export const INK = {
  ...LIGHT,
  band: '#17263c',
  'on-band': '#ffffff',
  'muted-on-band': '#b9c6d8',
  better: '#1a7048',
  worse: '#8f1022',
} as const;

export const SIZE = { small: 6.5, body: 8.5, lead: 10.5, heading: 14 } as const;
