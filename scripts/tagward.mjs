#!/usr/bin/env node
/** The `tagward` command of an installed or linked package: as `npm run tagward`, in the folder where it is typed. */
process.argv.splice(2, 0, 'tagward');
await import('./run.mjs');
