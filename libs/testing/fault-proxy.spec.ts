import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';

let echo: Server;
let proxy: FaultProxy;
beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startFaultProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});
afterEach(async () => {
  await proxy.close();
  echo.close();
});

const client = (): Socket => connect({ host: '127.0.0.1', port: proxy.port }).on('error', () => {});
async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

it('hands on what it gets', async () => {
  expect(await echoed(client(), 'hello')).toBe('hello');
});

it('swallows everything, on connections old and new, and closes none', async () => {
  const [before, after] = [client(), client()];
  await echoed(before, 'hello');
  proxy.blackhole();
  let heard = 0;
  for (const socket of [before, after]) {
    socket.on('data', () => (heard += 1)).on('close', () => (heard += 1));
    socket.write('anybody?');
  }
  await expect.poll(() => proxy.swallowed).toBe(2 * 'anybody?'.length);
  expect(heard).toBe(0);
});

it('resets what hung when it heals, and works again', async () => {
  const hung = client();
  await echoed(hung, 'hello');
  proxy.blackhole();
  const gone = once(hung, 'error');
  proxy.heal();
  expect((await gone)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(await echoed(client(), 'again')).toBe('again');
});
