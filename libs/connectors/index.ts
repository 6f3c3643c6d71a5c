export * from './catalog.js';
export * from './create-connectors.js';
