export * from './postgres.js';
export * from './real-servers.js';
export * from './scan-builders.js';
export * from './ec2-sandbox/index.js';
export * from './registry-content/index.js';
export * from './registry-sandbox/index.js';
export * from './source-process.js';
export * from './git-servers/index.js';
