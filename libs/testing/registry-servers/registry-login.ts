import { request, type Dispatcher } from 'undici';
import type { BasicCredentials } from '../registry-sandbox/index.js';

type Request = Parameters<typeof request>[1];

/** Sends requests as somebody, by Basic or by tokens, as the registry wants it. */
export class RegistryLogin {
  private readonly headers = new Map<string, Promise<string>>();

  constructor(
    private readonly url: string,
    private readonly dispatcher: Dispatcher,
    private readonly auth: BasicCredentials | undefined,
  ) {}

  /** `scope`: `repository:acme/app:pull,push` */
  async send(path: string, scope: string, options: NonNullable<Request>) {
    const target = new URL(path, this.url);
    const { dispatcher } = this;
    const send = async () => {
      const authorization = await this.headers.get(scope);
      const own = authorization === undefined ? {} : { authorization };
      return request(target, { ...options, headers: { ...(options.headers as object), ...own }, dispatcher });
    };
    const response = await send();
    if (response.statusCode !== 401 || this.auth === undefined) return response;
    await response.body.dump();
    // Others may have been told the same at the same time: one asks for all.
    if (!this.headers.has(scope))
      this.headers.set(
        scope,
        this.authorization(String(response.headers['www-authenticate']), scope, this.auth),
      );
    return send();
  }

  private async authorization(challenge: string, scope: string, auth: BasicCredentials): Promise<string> {
    const basic = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
    const [, realm] = /^Bearer .*realm="([^"]+)"/i.exec(challenge) ?? [];
    if (realm === undefined) return basic;
    const address = new URL(realm);
    address.searchParams.set('service', /service="([^"]+)"/.exec(challenge)?.[1] ?? '');
    address.searchParams.set('scope', scope);
    const { body } = await request(address, {
      headers: { authorization: basic },
      dispatcher: this.dispatcher,
    });
    return `Bearer ${((await body.json()) as { token: string }).token}`;
  }
}
