import type { JWK } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';

export interface IdentityProvider {
  /** As `iss` says it. */
  readonly issuer: string;
  readonly port: number;
  /** How often it was asked for its configuration. */
  asked(): number;
  /** A token that it signs: by the key of that id, else by its first. Claims of its own: iss, iat, nbf, exp in an hour. */
  token(claims?: Readonly<Record<string, unknown>>, kid?: string): Promise<string>;
  /** Publishes one more key. */
  addKey(kid: string, algorithm?: string): Promise<void>;
  /** The private key of that id, as a JWK. */
  key(kid: string): JWK;
  stop(): Promise<void>;
}

/** An OpenID provider on a port of this machine; with the port and other keys, one that has replaced them. */
export async function startIdentityProvider({ port = 0, kid = 'first' } = {}): Promise<IdentityProvider> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256', { kid });
  let asked = 0;
  server.service.on('beforeWellKnownOpenIdConfiguration', () => (asked += 1));
  await server.start(port === 0 ? undefined : port, '127.0.0.1');
  const issuer = server.issuer.url ?? '';
  return {
    issuer,
    port: server.address().port,
    asked: () => asked,
    token: (claims = {}, by = kid) =>
      server.issuer.buildToken({
        kid: by,
        scopesOrTransform: (_header, payload) =>
          Object.assign(payload, { sub: 'alice', aud: 'tagward', ...claims }),
      }),
    async addKey(id, algorithm = 'RS256') {
      await server.issuer.keys.generate(algorithm, { kid: id });
    },
    key: (id) => server.issuer.keys.get(id) ?? {},
    stop: () => server.stop(),
  };
}
