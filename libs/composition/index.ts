export * from './backends.js';
export * from './on-backends.js';
export * from './readiness.js';
export * from './run-until-stopped.js';
