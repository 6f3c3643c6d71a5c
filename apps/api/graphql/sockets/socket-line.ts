import type { WebSocket as ProtocolSocket } from 'graphql-ws';
import { WebSocket } from 'ws';

const PING_EVERY_MS = 30_000;
/** A client has this long to say goodbye, too. */
const CLOSE_TIMEOUT_MS = 2_000;
/** What is written and not taken by the client; one that sends and never reads must not fill the memory. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** https://www.rfc-editor.org/rfc/rfc6455#section-5.5: a control frame holds 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

/** A WebSocket as graphql-ws takes it: pinged, bounded, and surely closed. */
export class SocketLine implements ProtocolSocket {
  private readonly pings: NodeJS.Timeout;
  private answered = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly inScope: (work: () => void) => void,
    private readonly onFault: (error: unknown) => void,
  ) {
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => {
      this.answered = true;
    });
    this.pings = setInterval(() => this.ping(), PING_EVERY_MS);
    socket.once('close', () => clearInterval(this.pings));
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Resolves once the text has left the process: a subscription goes no faster than its reader. */
  send(text: string): Promise<void> {
    const { socket } = this;
    if (!this.isOpen) return Promise.resolve();
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
    // An error is the connection's end, which is told as such.
    return new Promise((resolve) => socket.send(text, () => resolve()));
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.socket.close(code, cut(reason));
    const timer = setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS);
    this.socket.once('close', () => clearTimeout(timer));
  }

  onMessage(take: (text: string) => Promise<void>): void {
    this.socket.on('message', (data, isBinary) => {
      // What comes after we have hung up was sent by nobody that we let in.
      if (!this.isOpen) return;
      if (isBinary) return this.close(1003, 'Send text.');
      const text = (data as Buffer).toString();
      this.inScope(() => void take(text).catch(this.onFault));
    });
  }

  private ping(): void {
    if (!this.answered) return this.socket.terminate();
    this.answered = false;
    this.socket.ping();
  }
}

function cut(reason: string): string {
  let text = reason.toWellFormed();
  while (Buffer.byteLength(text) > MAX_REASON_BYTES) text = text.slice(0, -1).toWellFormed();
  return text;
}
