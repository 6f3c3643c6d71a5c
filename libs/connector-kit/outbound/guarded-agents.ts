import http from 'node:http';
import https from 'node:https';
import type { OutboundGuard } from './outbound-guard.js';

export interface AgentLimits {
  /** Sockets open at once to one host. */
  readonly maxSockets: number;
}

export interface GuardedAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  /** Ends every socket, those in use too. */
  destroy(): void;
}

/** Keep-alive agents for node's http and https that connect only where the guard allows. */
export function guardedAgents(guard: OutboundGuard, { maxSockets }: AgentLimits): GuardedAgents {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: 'lifo' as const };
  const plain = new http.Agent(options);
  const secure = new https.Agent({ ...options, minVersion: 'TLSv1.2' });
  for (const agent of [plain, secure]) guardConnections(agent, guard);
  return {
    http: plain,
    https: secure,
    destroy: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** A host that is an address never reaches `lookup`, so it is checked here; a name is checked where it is resolved. */
function guardConnections(agent: http.Agent, guard: OutboundGuard): void {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const port = Number(options.port ?? 0);
    guard.checkLiteral(options.host ?? 'localhost', port);
    return connect({ ...options, lookup: guard.lookupFor(port) }, callback);
  };
}
