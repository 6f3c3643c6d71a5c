/** Loaded before the program: when the command that started it is killed outright, it stops as if told to. */
const POLL_MS = 200;
const parent = process.ppid;

const timer = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(timer);
  process.kill(process.pid, 'SIGTERM');
}, POLL_MS);
timer.unref();
