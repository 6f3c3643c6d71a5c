/** What the `tagward` command takes from its environment; an empty variable counts as left out. */
export interface ClientEnvironment {
  /** TAGWARD_URL: where the service answers. */
  readonly url: string | null;
  /** TAGWARD_TOKEN: a secret. */
  readonly token: string | null;
}

export function readClientEnvironment(environment: NodeJS.ProcessEnv = process.env): ClientEnvironment {
  const { TAGWARD_URL, TAGWARD_TOKEN } = environment;
  return { url: TAGWARD_URL || null, token: TAGWARD_TOKEN || null };
}
