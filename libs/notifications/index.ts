export * from './create-notification-sender.js';
