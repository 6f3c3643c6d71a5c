import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '#testing';
import { createNotificationSender } from '../create-notification-sender.js';
import { messageOf, SCAN_DONE } from '../news.fixture.js';

const DOCS = readFileSync('docs/notifications.md', 'utf8');
const EXAMPLE = /<!-- verify -->\s+```js\n(.*?)```\s+<!-- \/verify -->/s.exec(DOCS)?.[1] ?? '';
const KEY = Buffer.alloc(32, 5);

it(
  'the receiver in docs/notifications.md takes what we sign, and nothing else',
  { timeout: 20_000 },
  async () => {
    const port = await freePort();
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: `whsec_${KEY.toString('base64')}` };
    const receiver = spawn(process.execPath, ['--input-type=module', '--eval', EXAMPLE], { env });
    onTestFinished(() => void receiver.kill());
    let output = '';
    receiver.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const sender = createNotificationSender({
      outbound: { allow: [`127.0.0.1:${port}`], allowLocal: false },
      publicUrl: 'https://tags.test',
      smtp: null,
    });
    const sendSignedBy = (key: Uint8Array) =>
      sender.send('WEBHOOK', `http://127.0.0.1:${port}/`, messageOf(SCAN_DONE), {
        signing: [key],
        signal: new AbortController().signal,
      });

    await vi.waitFor(
      async () => expect(await sendSignedBy(KEY)).toMatchObject({ responseCode: 204 }),
      10_000,
    );
    expect(await sendSignedBy(Buffer.alloc(32, 6))).toMatchObject({ kind: 'RETRY', responseCode: 401 });
    await vi.waitFor(() => expect(output).toContain('scan.done https://tags.test/api/v1/scans/s1'));
    receiver.kill();
    await once(receiver, 'exit');
  },
);
