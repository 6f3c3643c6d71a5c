export { gitConnector } from './git-connector.js';
