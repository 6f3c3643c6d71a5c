export * from './open-identity.js';
