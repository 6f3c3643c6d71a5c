export * from './git-daemon.js';
export * from './http-backend.js';
export * from './rebuild-remote.js';
export * from './run-git.js';
export * from './ssh-keys.js';
export * from './sshd.js';
