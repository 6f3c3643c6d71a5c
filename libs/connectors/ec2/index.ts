export { ec2Connector } from './ec2-connector.js';
