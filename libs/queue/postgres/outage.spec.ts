import { expect, it } from 'vitest';
import { isOutage } from './outage.js';

const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code });

it.each([
  'ECONNREFUSED',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  '08006',
  '28P01',
  '3D000',
  '25006',
  '53300',
  '57P01',
  '57P03',
  '40P01',
  '42P01',
  '42501',
])('takes %s for an outage', (code) => {
  expect(isOutage(withCode(code))).toBe(true);
});

it.each(['22P05', '23505', 'BM001', 'P0001', '25001', 'ERR_ASSERTION'])('leaves %s to BullMQ', (code) => {
  expect(isOutage(withCode(code))).toBe(false);
});

it('knows what pg says without a code', () => {
  expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isOutage(new Error('Query read timeout'))).toBe(true);
  expect(isOutage(new Error('Missing lock for job 1'))).toBe(false);
  expect(isOutage('no error')).toBe(false);
});
