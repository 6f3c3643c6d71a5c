import { runCli } from './run-cli.js';
import { createTerminal } from './terminal/terminal.js';

// Whoever reads may stop: `tagward … | head`.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), createTerminal(process.stdout, process.stderr));
