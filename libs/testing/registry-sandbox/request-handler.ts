import type { IncomingMessage, ServerResponse } from 'node:http';
import { scopeText } from './access.js';
import { failed, type Answer } from './answer.js';
import { deliver, deliverBomb, deliverHuge, deliverPart, deliverSlowly } from './deliver.js';
import { challengeHeader, failureOf, madeUp } from './fault-answers.js';
import { Gate, type Claim, type RegistryAuth } from './gate.js';
import { OciError } from './oci-error.js';
import { received, type ReceivedRequest } from './received-request.js';
import type { FaultPhase, InjectedRegistryFault, RegistryFaults } from './registry-faults.js';
import type { RegistryJournal, RequestRecord } from './registry-journal.js';
import { noSuchPath, RegistryService, type RegistrySwitches } from './registry-service.js';
import { routeOf, type Route } from './route.js';
import type { SandboxContent } from './sandbox-content.js';
import type { SandboxTokens } from './sandbox-tokens.js';
import type { Sink } from './sink.js';
import { beginsAgain, spoiled } from './spoil-answer.js';

export interface HandlerParts {
  readonly content: SandboxContent;
  readonly faults: RegistryFaults;
  readonly stats: RegistryJournal;
  readonly elsewhere: Sink;
  readonly auth: RegistryAuth | undefined;
  readonly tokens: SandboxTokens | null;
  readonly switches: RegistrySwitches;
  readonly latencyMs: number;
  readonly scheme: 'http' | 'https';
}

/** What becomes of a request: an answer, and how it goes out. `fault`: the one that is about how. */
interface Outcome {
  readonly answer: Answer;
  readonly fault: InjectedRegistryFault | null;
}

/** From the socket to the socket: writes down, lets in, answers, breaks. */
export class RequestHandler {
  private readonly gate: Gate;
  private readonly service: RegistryService;

  constructor(private readonly parts: HandlerParts) {
    this.gate = new Gate(parts.auth, parts.tokens);
    this.service = new RegistryService(parts.content, parts.switches);
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { stats, scheme, latencyMs } = this.parts;
    stats.opened();
    response.once('close', () => stats.closed());
    const record = stats.add(message.method ?? '', message.url ?? '', message.headers);
    try {
      const request = await received(message, scheme);
      const outcome = this.outcome(request);
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      await this.send(response, outcome, { request, record });
    } catch {
      // The client went away in the middle of its request: there is nobody to answer.
      response.destroy();
    }
  }

  private outcome(request: ReceivedRequest): Outcome {
    try {
      const isToken = request.pathname === '/token' && this.parts.tokens !== null;
      const route = isToken ? null : routeOf(request.pathname);
      const answer = (asked: ReceivedRequest) =>
        isToken ? this.tokenAnswer(asked) : this.registryAnswer(asked, route);
      return this.withFaults(request, route, answer);
    } catch (error) {
      const known = error instanceof OciError ? error : new OciError(500, 'UNKNOWN');
      return { answer: failed(known), fault: null };
    }
  }

  private withFaults(
    request: ReceivedRequest,
    route: Route | null,
    answer: (asked: ReceivedRequest) => Answer,
  ): Outcome {
    const next = (phase: FaultPhase) =>
      this.parts.faults.next(phase, { ...request, route: route?.kind ?? null });
    const claim = this.claimOf(request, route);
    const door = next('door');
    if (door !== null) throw this.gate.challenge(claim, this.badChallenge(door, claim));
    if (route !== null) this.gate.check(claim);
    const instead = next('instead');
    if (instead?.kind === 'expire-token') throw this.gate.expired(claim);
    const failure = instead === null ? null : failureOf(instead);
    if (failure !== null) throw failure;
    if (instead !== null) return { answer: madeUp(instead, request) ?? noSuchPath(), fault: instead };
    const good = answer(request);
    const fault = good.status < 300 ? next('answer') : null;
    if (fault === null) return { answer: good, fault };
    const base = beginsAgain(fault) ? answer({ ...request, query: withoutLast(request.query) }) : good;
    return { answer: spoiled({ answer: base, fault, request, elsewhere: this.parts.elsewhere }), fault };
  }

  private tokenAnswer(request: ReceivedRequest): Answer {
    return request.method === 'GET'
      ? (this.parts.tokens?.desk.answer(request) ?? noSuchPath())
      : noSuchPath();
  }

  private registryAnswer(request: ReceivedRequest, route: Route | null): Answer {
    return route === null ? noSuchPath() : this.service.answer(route, request);
  }

  private claimOf(request: ReceivedRequest, route: Route | null): Claim {
    const needed = route === null ? [] : this.service.needs(route, request);
    return { authorization: request.headers.authorization, needed, origin: request.origin };
  }

  private badChallenge({ challenge = 'foreign-realm' }: InjectedRegistryFault, claim: Claim) {
    if (typeof challenge === 'object') return challenge.header;
    const { service } = this.gate;
    const parts = { realm: this.gate.realm(claim.origin), service, scope: scopeText(claim.needed) };
    return challengeHeader(challenge, { ...parts, elsewhere: this.parts.elsewhere.url });
  }

  private async send(
    response: ServerResponse,
    { answer, fault }: Outcome,
    { request, record }: { request: ReceivedRequest; record: RequestRecord },
  ): Promise<void> {
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'drop') {
      response.destroy();
      return;
    }
    const isFlood = fault?.kind === 'huge' || fault?.kind === 'gzip-bomb';
    record.status = isFlood ? 200 : answer.status;
    record.bytes = request.method === 'HEAD' || isFlood ? 0 : answer.body.length;
    if (fault?.kind === 'huge') await deliverHuge(response, fault);
    else if (fault?.kind === 'gzip-bomb') await deliverBomb(response, fault);
    else if (fault?.kind === 'trickle') await deliverSlowly(response, answer, fault);
    else if (fault?.kind === 'truncate') deliverPart(response, answer, fault.part ?? 0.5);
    else deliver(response, answer, request.method);
  }
}

function withoutLast(query: URLSearchParams): URLSearchParams {
  const copy = new URLSearchParams(query);
  copy.delete('last');
  return copy;
}
