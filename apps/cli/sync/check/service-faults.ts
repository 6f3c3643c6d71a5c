import type { RestClient } from '../../api/rest-client.js';
import { diagnostics } from '../../api/rows.js';
import type { FileFault } from '../../failure.js';
import type { PackStep } from '../plan/step.js';

/** What the service has against the packs that are new to it: it may be of another version than this command. */
export async function serviceFaults(client: RestClient, packs: readonly PackStep[]): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  for (const { action, declared } of packs) {
    if (declared === null || action === 'unchanged') continue;
    const { document: body, source } = declared;
    const found = await client.call({ method: 'POST', path: '/rule-packs:validate', body }, diagnostics);
    for (const { line, column, message, severity } of found.diagnostics) {
      if (severity !== 'critical' && severity !== 'high') continue;
      faults.push({ file: source.file, line, column, message: `The service: ${message}` });
    }
  }
  return faults;
}
