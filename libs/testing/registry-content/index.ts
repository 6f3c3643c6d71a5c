export * from './digest-of.js';
export * from './image-index.js';
export * from './image-manifest.js';
export * from './manifest.js';
export * from './media-types.js';
export * from './official-images.js';
export * from './supply-chain.js';
