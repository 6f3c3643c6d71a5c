import { makeServer, type ServerOptions } from 'graphql-ws';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { HygieneError, type ErrorCategory } from '#core';
import type { ApiDependencies } from '../../api-dependencies.js';
import { graphqlErrorFormatter } from '../../errors/graphql-error-formatter.js';
import { bearerToken } from '../../http/bearer-token.js';
import { STOPPING, type LiveSession } from '../../live/live-sessions.js';
import type { Live } from '../../live/live.js';
import type { GraphqlContext } from '../graphql-context.js';
import { createLoaders } from '../loaders.js';
import { prepareSubscription } from './prepare-subscription.js';
import type { SocketLine } from './socket-line.js';

const INIT_TIMEOUT_MS = 10_000;
/** Of the protocol: a client does not try again with what it has. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
/** https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number */
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

const CLOSE_CODES: Partial<Record<ErrorCategory, number>> = {
  unauthenticated: UNAUTHORIZED,
  forbidden: FORBIDDEN,
};

/** One connected client, from its upgrade on. */
export interface Connection extends Record<PropertyKey, unknown> {
  readonly line: SocketLine;
  /** `Authorization` of the upgrade request. */
  readonly authorization: string | undefined;
  /** null until it has shown a good token. */
  session: LiveSession | null;
  /** Gives back what the connection holds. */
  release: () => void;
}

/** The protocol graphql-transport-ws with our tokens, limits and errors; subscriptions only. */
export function socketProtocol(deps: ApiDependencies, live: Live, schema: GraphQLSchema) {
  const format = graphqlErrorFormatter(deps.logger, deps.config.introspection);
  const formatAll = (errors: readonly GraphQLError[]) => errors.map((error) => format(error.toJSON(), error));
  const options: ServerOptions<Record<string, unknown>, Connection> = {
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: ({ connectionParams, extra }) => admit(deps, live, extra, connectionParams ?? {}),
    onSubscribe: (context, _id, payload) => {
      const { session } = context.extra;
      if (session === null || !context.extra.line.isOpen) return [new GraphQLError('The connection ends.')];
      const prepared = prepareSubscription(schema, deps.config.introspection, payload);
      if (!('document' in prepared)) return prepared;
      const { viewer } = session;
      const contextValue: GraphqlContext = { viewer, loaders: createLoaders(deps.readModels, viewer, false) };
      return { ...prepared, contextValue };
    },
    onNext: (...[, , , , result]) =>
      result.errors === undefined
        ? undefined
        : { data: result.data ?? null, errors: formatAll(result.errors) },
    onError: (_context, _id, _payload, errors) => formatAll(errors),
    onClose: ({ extra }) => extra.release(),
  };
  return makeServer(options);
}

/** Lets a client in by its token, for as long as the token is good; hangs up otherwise. */
async function admit(
  deps: ApiDependencies,
  live: Live,
  connection: Connection,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { line } = connection;
  try {
    const token = bearerToken(authorizationOf(params) ?? connection.authorization);
    const viewer = await deps.authenticate(token);
    if (!line.isOpen) return;
    const giveBack = live.sockets.take(viewer.subject);
    const session = live.sessions.hold(token ?? '', viewer);
    connection.session = session;
    const release = connection.release;
    connection.release = () => {
      session.release();
      giveBack();
      release();
    };
    const hangUp = (): void => line.close(...closingOf(session.ended.reason));
    session.ended.addEventListener('abort', hangUp, { once: true });
    if (session.ended.aborted) hangUp();
  } catch (error) {
    if (!(error instanceof HygieneError))
      deps.logger.error({ err: error }, 'a WebSocket could not be let in');
    line.close(...closingOf(error));
  }
}

function authorizationOf(params: Readonly<Record<string, unknown>>): string | undefined {
  const key = Object.keys(params).find((name) => name.toLowerCase() === 'authorization');
  const value = key === undefined ? undefined : params[key];
  return typeof value === 'string' ? value : undefined;
}

function closingOf(error: unknown): [code: number, reason: string] {
  if (error === STOPPING) return [GOING_AWAY, STOPPING.message];
  if (!(error instanceof HygieneError)) return [TRY_AGAIN_LATER, 'INTERNAL: something went wrong inside.'];
  return [CLOSE_CODES[error.category] ?? TRY_AGAIN_LATER, `${error.code}: ${error.message}`];
}
