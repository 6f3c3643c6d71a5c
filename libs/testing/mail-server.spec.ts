import { connect } from 'node:net';
import { once } from 'node:events';
import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';
import { startMailServer } from './mail-server.js';

it('a sender that goes away in the middle of a mail has sent none, and the next is served', async () => {
  const server = await startMailServer({ login: null, plain: true });
  const socket = connect(server.port, '127.0.0.1');
  const replies: string[] = [];
  socket.on('data', (data) => replies.push(String(data)));
  const answered = async (code: string) => {
    while (!replies.join('').includes(`${code} `)) await once(socket, 'data');
    replies.length = 0;
  };
  await answered('220');
  for (const [line, code] of [
    ['EHLO sender.example.test', '250'],
    ['MAIL FROM:<a@example.test>', '250'],
    ['RCPT TO:<b@example.test>', '250'],
    ['DATA', '354'],
  ] as const) {
    socket.write(`${line}\r\n`);
    await answered(code);
  }
  socket.write('Subject: half\r\n\r\nhal');
  socket.destroy();
  await once(socket, 'close');

  const transport = createTransport({ host: '127.0.0.1', port: server.port, secure: false });
  await transport.sendMail({ from: 'a@example.test', to: 'b@example.test', subject: 'whole', text: 'whole' });
  expect(server.mails.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1])).toEqual(['whole']);
  await server.close();
});
