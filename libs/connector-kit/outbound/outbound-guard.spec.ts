import { createServer } from 'node:http';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { HygieneError } from '#core';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { classifyAddress, parseAddress } from './classify-address.js';
import { guardedAgents } from './guarded-agents.js';
import { OutboundGuard, type ResolveHost } from './outbound-guard.js';

function guard(allow: readonly string[] = [], resolve?: ResolveHost): OutboundGuard {
  return new OutboundGuard({ allow, allowLocal: true }, resolve);
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'passed';
  } catch (error) {
    return (error as HygieneError).code;
  }
}

const answers =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const octet = fc.integer({ min: 0, max: 255 });
const privateV4 = fc.oneof(
  fc.tuple(fc.constant(127), octet, octet, octet),
  fc.tuple(fc.constant(10), octet, octet, octet),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
  fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
  fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
  fc.tuple(fc.constant(0), octet, octet, octet),
  fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
);

/** The ways in which browsers and libc read one IPv4 address. */
function spellings([a, b, c, d]: readonly [number, number, number, number]): string[] {
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (n: number): string => n.toString(16).padStart(2, '0');
  const oct = (n: number): string => `0${n.toString(8)}`;
  const groups = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  return [
    [a, b, c, d].join('.'),
    [a, b, (c << 8) | d].join('.'),
    `${a}.${(b << 16) | (c << 8) | d}`,
    String(whole),
    `0x${whole.toString(16)}`,
    [a, b, c, d].map((n) => `0x${n.toString(16)}`).join('.'),
    [a, b, c, d].map(oct).join('.'),
    `${[a, b, c, d].join('.')}.`,
    [...[a, b, c, d].join('.')].map((letter) => (letter === '.' ? '。' : letter)).join(''),
    `[::ffff:${[a, b, c, d].join('.')}]`,
    `[::ffff:${groups}]`,
    `[0:0:0:0:0:FFFF:${groups}]`,
    `[::${groups}]`,
    `[64:ff9b::${groups}]`,
    `[64:ff9b:1::${groups}]`,
    `[2002:${groups}::1]`,
  ];
}

describe('the outbound guard', () => {
  it('refuses a private address however it is spelt', () => {
    fc.assert(
      fc.property(privateV4, fc.constantFrom('http', 'https'), (address, scheme) => {
        for (const host of spellings(address))
          expect([host, codeOf(() => guard().parse(`${scheme}://${host}/`))]).toEqual([
            host,
            'ADDRESS_REFUSED',
          ]);
      }),
    );
  });

  it.each([
    ...[
      '[::1]',
      '[::]',
      '[fe80::1]',
      '[fc00::1]',
      '[fd12:3456::1]',
      '[fec0::1]',
      '[ff02::1]',
      '[2001:db8::1]',
    ],
    ...['[2001::1]', '[100::1]', '198.18.0.1', '192.0.2.1', '255.255.255.255', '①②⑦.0.0.1', '0'],
  ])('refuses %s', (host) => {
    expect(codeOf(() => guard().parse(`http://${host}`))).toBe('ADDRESS_REFUSED');
  });

  it('lets public addresses pass', () => {
    for (const host of ['8.8.8.8', '[2600:1f18::1]', 'ec2.eu-west-1.amazonaws.com'])
      expect(codeOf(() => guard().parse(`https://${host}`))).toBe('passed');
  });

  it('gives every rendering of an address the same class', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const address = ipaddr.fromByteArray([...bytes]);
        const renderings = [
          address.toString(),
          address.toNormalizedString(),
          address.toByteArray().length === 16
            ? (address as ipaddr.IPv6).toRFC5952String()
            : address.toString(),
        ];
        const classes = renderings.map((text) => classifyAddress(parseAddress(text) ?? expect.fail(text)));
        expect(new Set(classes).size).toBe(1);
      }),
    );
  });

  it.each([
    ...['169.254.169.254', '169.254.170.2', '100.100.100.200', '[fd00:ec2::254]', '[::ffff:169.254.169.254]'],
    ...['[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::]', '0xa9fea9fe', '2852039166', '168.63.129.16'],
  ])('never opens the metadata service %s', (host) => {
    const open = guard(['0.0.0.0/0', '::/0', host.replace(/[[\]]/g, ''), '169.254.169.254']);
    expect(codeOf(() => open.parse(`http://${host}/latest/meta-data`))).toBe('ADDRESS_REFUSED');
  });

  it('opens what the operator lists: an address, a block, a name, one port of it', async () => {
    const inside = answers('10.1.2.3');
    expect(codeOf(() => guard(['10.0.0.0/8']).parse('http://10.1.2.3:5000'))).toBe('passed');
    expect(codeOf(() => guard(['10.1.2.3']).parse('http://0xa010203'))).toBe('passed');
    expect(codeOf(() => guard(['[fd00::1]:8080']).parse('http://[fd00::1]:8080'))).toBe('passed');
    expect(codeOf(() => guard(['10.1.2.3:5000']).parse('http://10.1.2.3:5001'))).toBe('ADDRESS_REFUSED');
    await expect(guard(['Registry.corp.'], inside).check('http://registry.corp')).resolves.toBeInstanceOf(
      URL,
    );
    await expect(guard(['registry.corp:443'], inside).check('https://registry.corp')).resolves.toBeInstanceOf(
      URL,
    );
    await expect(guard(['other.corp'], inside).check('https://registry.corp')).rejects.toThrow(
      'TAGWARD_OUTBOUND_ALLOW',
    );
  });

  it.each(['not a host', '10.0.0.0/99', 'http://host', 'a/b', ''])(
    'refuses the entry %j of the allow list',
    (entry) => {
      expect(codeOf(() => guard([entry]))).toBe('INPUT_INVALID');
    },
  );

  it.each(['file:///etc/passwd', 'ftp://host', 'gopher://host', 'javascript:0', '//host', 'host', 'http://'])(
    'refuses %s for its scheme or shape',
    (url) => {
      expect(codeOf(() => guard(['0.0.0.0/0']).parse(url))).toBe('ADDRESS_REFUSED');
    },
  );

  it('refuses user names and passwords in a URL and does not repeat them', () => {
    expect(() => guard().parse('https://user:hunter2hunter2@host')).toThrow(
      expect.objectContaining({
        code: 'ADDRESS_REFUSED',
        message: expect.not.stringContaining('hunter2') as string,
      }),
    );
  });

  it('H4: refuses a name when any of its answers is private', async () => {
    const mixed = guard([], answers('93.184.216.34', 'fd00::7'));
    await expect(mixed.check('https://rebind.example')).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    await expect(guard([], answers('93.184.216.34')).check('https://fine.example')).resolves.toBeInstanceOf(
      URL,
    );
  });

  it('lets a name pass that does not resolve: connecting says so', async () => {
    const nowhere = guard([], () => Promise.reject(new Error('ENOTFOUND')));
    await expect(nowhere.check('https://nowhere.example')).resolves.toBeInstanceOf(URL);
  });
});

describe('the guarded agents', () => {
  async function reach(guarded: OutboundGuard, host: string): Promise<{ outcome: string; hits: number }> {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits += 1;
      response.end('here');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const agents = guardedAgents(guarded, { maxSockets: 2 });
    const outcome = await new Promise<string>((resolve) => {
      const request = http.get({ host, port, agent: agents.http }, (response) => {
        response.resume();
        resolve('reached');
      });
      request.on('error', (error) => resolve((error as Error & { code?: string }).code ?? error.message));
    }).catch((error: unknown) => (error as HygieneError).code);
    agents.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return { outcome, hits };
  }

  it('connect to the address that was checked, so a second answer of DNS changes nothing', async () => {
    let asked = 0;
    const rebinding: ResolveHost = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
    };
    const guarded = guard([], rebinding);
    await guarded.check('http://rebind.example');
    expect(await reach(guarded, 'rebind.example')).toEqual({ outcome: 'ADDRESS_REFUSED', hits: 0 });
    expect(asked).toBe(2);
  });

  it('refuse a host that is an address, which no lookup ever sees', async () => {
    expect(await reach(guard(), '127.0.0.1')).toEqual({ outcome: 'ADDRESS_REFUSED', hits: 0 });
    expect(await reach(guard(['127.0.0.1']), '127.0.0.1')).toEqual({ outcome: 'reached', hits: 1 });
  });

  it('reach a name that the operator opened', async () => {
    expect(await reach(guard(['inside.corp'], answers('127.0.0.1')), 'inside.corp')).toEqual({
      outcome: 'reached',
      hits: 1,
    });
  });
});

describe('for programs that connect by themselves', () => {
  it('gives the address that was checked, and refuses what a socket would be refused', async () => {
    expect(await guard([], answers('93.184.216.34')).pin('git.example.', 22)).toEqual({
      address: '93.184.216.34',
      family: 4,
    });
    expect(await guard(['10.0.0.9:22']).pin('10.0.0.9', 22)).toEqual({ address: '10.0.0.9', family: 4 });
    expect(await guard(['[::1]']).pin('[::1]', 22)).toEqual({ address: '::1', family: 6 });
    for (const resolve of [answers('10.0.0.9'), answers('93.184.216.34', '169.254.169.254'), answers('::1')])
      await expect(guard([], resolve).pin('git.example', 22)).rejects.toMatchObject({
        code: 'ADDRESS_REFUSED',
      });
    await expect(guard([], answers()).pin('gone.example', 22)).rejects.toMatchObject({
      code: 'REMOTE_UNREACHABLE',
    });
  });
});

describe('schemes that do not encrypt', () => {
  const strict = (allow: readonly string[], resolve: ResolveHost = answers('93.184.216.34')) =>
    new OutboundGuard({ allow, allowLocal: false }, resolve);

  it('are refused even to public hosts, with the mend', async () => {
    const refusal = strict([]).checkUnencrypted('git:', 'git.example', 9418);
    await expect(refusal).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    await expect(refusal).rejects.toThrow('git.example:9418 to TAGWARD_OUTBOUND_ALLOW');
    await expect(strict([]).checkUnencrypted('http:', '93.184.216.34', 80)).rejects.toThrow('encrypted');
    await expect(strict(['git.example:80']).checkUnencrypted('git:', 'git.example', 9418)).rejects.toThrow();
  });

  it('pass to what the operator lists, by name or by every address of it, and with local targets', async () => {
    await strict(['git.example']).checkUnencrypted('git:', 'GIT.example.', 9418);
    await strict(['93.184.216.0/24']).checkUnencrypted('git:', 'git.example', 9418);
    await strict(['127.0.0.1']).checkUnencrypted('http:', '127.0.0.1', 80);
    await guard([]).checkUnencrypted('git:', 'git.example', 9418);
    const half = answers('93.184.216.34', '8.8.8.8');
    await expect(
      strict(['93.184.216.0/24'], half).checkUnencrypted('git:', 'git.example', 1),
    ).rejects.toThrow();
    await expect(
      strict(['93.184.216.0/24'], answers()).checkUnencrypted('git:', 'gone', 1),
    ).rejects.toThrow();
  });
});
