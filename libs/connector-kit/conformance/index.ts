export * from './connector-harness.js';
export * from './describe-connector.js';
