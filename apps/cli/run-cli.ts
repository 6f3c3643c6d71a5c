import { Failure } from './failure.js';
import { HELP, SYNC_HELP } from './help.js';
import type { Terminal } from './terminal/terminal.js';

const FAILED = 1;

/** The `tagward` command. @returns its exit code */
export async function runCli([command, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
      terminal.raw(HELP);
      return command === undefined ? FAILED : 0;
    }
    if (command === '--version') {
      const { VERSION } = await import('#config');
      terminal.line(VERSION);
      return 0;
    }
    if (command !== 'sync') {
      terminal.error(`There is no command ${JSON.stringify(command)}; tagward --help lists them.`);
      return FAILED;
    }
    if (args.includes('--help') || args.includes('-h')) {
      terminal.raw(SYNC_HELP);
      return 0;
    }
    const { syncCommand } = await import('./sync/command.js');
    return await syncCommand(args, terminal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    for (const line of error.message.split('\n')) terminal.error(line);
    return FAILED;
  }
}
