export * from './ec2-sandbox.js';
export * from './sandbox-account.js';
export * from './sandbox-faults.js';
export * from './sandbox-inventory.js';
export * from './sandbox-stats.js';
export * from './sandbox-store.js';
