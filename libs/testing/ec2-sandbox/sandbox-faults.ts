/**
 * `throttle`: RequestLimitExceeded. `error`: a 500. `deny`: UnauthorizedOperation. `unknown-action`: InvalidAction, as in a region that lacks it.
 * `slow`: answers late. `hang`: never answers. `truncate`: the XML cut off. `repeat-token`: the same NextToken for ever.
 * `drop`: closes the connection without a word, as a region that is down. `html`: a proxy's page.
 */
export type FaultKind =
  | 'throttle'
  | 'error'
  | 'deny'
  | 'unknown-action'
  | 'slow'
  | 'hang'
  | 'truncate'
  | 'repeat-token'
  | 'drop'
  | 'html';

export interface FaultRequest {
  readonly kind: FaultKind;
  /** Only this action; every action when left out. */
  readonly action?: string;
  /** Only this region; every region when left out. */
  readonly region?: string;
  /** How many calls it hits; all until it is cleared when left out. */
  readonly times?: number;
  /** `slow`: milliseconds. */
  readonly ms?: number;
  /** `truncate`: the part of the XML that is sent, 0 to 1; half when left out. */
  readonly part?: number;
  /** `throttle`: a Retry-After header, as it is sent. */
  readonly retryAfter?: string;
}

export interface InjectedFault extends FaultRequest {
  /** How many calls it hit: a test asserts that its fault happened. */
  fired: number;
}

/** The switches of the sandbox. */
export class SandboxFaults {
  private injected: InjectedFault[] = [];

  inject(request: FaultRequest): InjectedFault {
    const fault: InjectedFault = { ...request, fired: 0 };
    this.injected.push(fault);
    return fault;
  }

  clear(): void {
    this.injected = [];
  }

  /** The first switch that applies to a call; counts it. */
  next(action: string, region: string): InjectedFault | null {
    const fault = this.injected.find(
      (one) =>
        (one.action === undefined || one.action === action) &&
        (one.region === undefined || one.region === region) &&
        (one.times === undefined || one.fired < one.times),
    );
    if (fault === undefined) return null;
    fault.fired += 1;
    return fault;
  }
}
