export * from './docker-registry.js';
export * from './htpasswd-line.js';
export * from './jwt-token-server.js';
export * from './push-images.js';
export * from './self-signed.js';
export * from './store-images.js';
