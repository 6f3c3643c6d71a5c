import { once } from 'node:events';
import { connect } from 'node:net';

/** What a server answers to a request whose target is sent as it is written: clients would tidy it up. */
export async function rawRequest(url: string, method: string, target: string, body: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(
    [
      `${method} ${target} HTTP/1.1`,
      `Host: ${hostname}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  await once(socket, 'close');
  return text;
}
