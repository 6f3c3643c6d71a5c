export { registryConnector } from './registry-connector.js';
