import { HygieneError, type ScopeEvent } from '#core';
import { PATIENT } from '#connector-kit';
import { listNames } from '../client/list-names.js';
import type { RegistryClient } from '../client/registry-client.js';
import { toScanError } from '../errors.js';
import { isRepositoryName } from '../names.js';
import type { RepositoryChoice } from './repository-choice.js';

export const CATALOG_SCOPE = 'registry:catalog:*';

/**
 * The repositories of a target, each once: those named, then those of the catalog. A fault of the catalog after something was listed is an
 * `error` event: the list is not whole.
 */
export async function* listRepositories(
  client: RegistryClient,
  choice: RepositoryChoice,
  signal: AbortSignal,
): AsyncGenerator<ScopeEvent, void, undefined> {
  const named = new Set(choice.named);
  let listed = named.size > 0;
  if (listed) yield { type: 'scopes', scopes: [...named] };
  if (!choice.needsCatalog) return;
  try {
    for await (const page of catalog(client, signal)) {
      const scopes = page.filter((name) => !named.has(name) && choice.wants(name));
      if (scopes.length === 0) continue;
      listed = true;
      yield { type: 'scopes', scopes };
    }
  } catch (fault) {
    if (!(fault instanceof HygieneError) || fault.code === 'CANCELLED') throw fault;
    const error = nameThem(fault);
    if (!listed) throw error;
    yield { type: 'error', error: toScanError(error, null) };
  }
}

function catalog(
  client: RegistryClient,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, undefined> {
  return listNames(client, {
    ...{ path: '/v2/_catalog', field: 'repositories', what: 'the catalog', scope: CATALOG_SCOPE },
    ...{ isName: isRepositoryName, attempts: PATIENT, signal },
  });
}

/** Many registries have no catalog, or show it to administrators only. */
function nameThem(fault: HygieneError): HygieneError {
  const { code, message, details } = fault;
  if (code !== 'NOT_FOUND' && code !== 'OPERATION_UNSUPPORTED' && code !== 'REMOTE_FORBIDDEN') return fault;
  const own = code === 'NOT_FOUND' ? 'OPERATION_UNSUPPORTED' : code;
  return new HygieneError(
    own,
    `${message} Without the catalog, name the repositories to read one by one in the target's repositories.`,
    { details },
  );
}
