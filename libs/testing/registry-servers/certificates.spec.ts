import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { htpasswdLine, REGISTRY_TEST_PASSWORD } from './htpasswd-line.js';
import { selfSigned } from './self-signed.js';

it('makes certificates that sign themselves, for the addresses of tests', () => {
  const { certificate, key } = selfSigned({
    names: ['registry.test'],
    until: new Date('2061-02-03T04:05:06Z'),
  });
  const read = new X509Certificate(certificate);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(read.checkHost('registry.test')).toBe('registry.test');
  expect(read.checkHost('elsewhere.test')).toBeUndefined();
  expect(read.ca).toBe(true);
  expect(read.validToDate.toISOString()).toBe('2061-02-03T04:05:06.000Z');
});

it('hashes the password of the tests without any program', async () => {
  expect(await htpasswdLine('ann', REGISTRY_TEST_PASSWORD)).toMatch(/^ann:\$2y\$05\$[./A-Za-z0-9]{53}\n$/);
});
