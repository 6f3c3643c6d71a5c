export * from './http-backend.js';
export * from './rebuild-remote.js';
export * from './run-git.js';
