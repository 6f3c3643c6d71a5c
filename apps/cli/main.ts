import { runCli } from './run-cli.js';
import { createTerminal } from './terminal/terminal.js';

// Whoever reads may stop (`tagward … | head`); what was begun is done to the end all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), createTerminal(process.stdout, process.stderr));
