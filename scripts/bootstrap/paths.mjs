import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const NODE_MODULES = join(ROOT, 'node_modules');
export const CACHE = join(NODE_MODULES, '.cache', 'tagward');
export const DIST = join(ROOT, 'dist');
