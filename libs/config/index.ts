export * from './client-environment.js';
export * from './config.js';
export * from './config-error.js';
export * from './describe-config.js';
export * from './kept-secrets.js';
export * from './secrets-of.js';
export { VARIABLES, type Variable } from './variables.js';
export { VERSION } from './version.js';
