import { Authenticate, createHandlers, OpenReportLink, Operations, ReceiveDelivery } from '#application';
import { readiness, type Foundation, type Stoppable } from '#composition';
import { VERSION } from '#config';
import { loadAdminToken, type Config } from '#config';
import { openIdentity } from '#identity';
import { createApi } from './create-api.js';
import { listen } from './listen.js';

export interface RunningApi extends Stoppable {
  /** What users and links see: `TAGWARD_PUBLIC_URL`, else host and port. */
  readonly url: string;
  /** The bootstrap token; shown only by whoever started the service. */
  readonly adminToken: { readonly text: string; readonly isNew: boolean };
}

/** The API on its port. `stop` takes no new request and waits for those in hand. */
export async function startApi({ backends, deps, config, logger }: Foundation): Promise<RunningApi> {
  const adminToken = await loadAdminToken(config);
  const { port, publicUrl } = config;
  const { database, reportFiles } = backends;
  const identity = trustedIdentity(config, logger);
  const authenticate = new Authenticate(database.stores.apiTokens, deps.clock, adminToken.text, identity);
  const openLink = new OpenReportLink(deps);
  const receiveDelivery = new ReceiveDelivery(deps);
  const api = await createApi({
    config: { ...config, version: VERSION, trustProxy: trustedProxies(config.trustProxy) },
    operations: new Operations(createHandlers(deps)),
    readModels: database.readModels,
    signals: database.signals,
    authenticate: (token) => authenticate.execute(token),
    health: { ready: () => readiness(backends) },
    reportFiles,
    openReportLink: (link) => openLink.execute(link),
    receiveDelivery,
    logger,
  });
  await listen(api, port, config.host);
  const stop = async () => {
    await api.close();
    await receiveDelivery.settled();
    await identity?.verifier.close();
  };
  return { url: publicUrl, adminToken, stop };
}

/** Null unless the operator names an identity provider. */
function trustedIdentity({ oidc, outboundAllow }: Config, logger: Foundation['logger']) {
  if (oidc === null) return null;
  return { claimRules: oidc.claimRules, verifier: openIdentity({ ...oidc, outboundAllow, logger }) };
}

/** A number trusts that many proxies, counted from this process outwards. */
function trustedProxies(setting: Config['trustProxy']) {
  return typeof setting === 'number' ? (_address: string, hop: number) => hop < setting : setting;
}
