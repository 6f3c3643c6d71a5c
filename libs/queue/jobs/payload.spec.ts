import { expect, it } from 'vitest';
import { DELIVERY_JOB, LANE_JOB, laneId, laneRef, REPORT_JOB, SCAN_JOB } from './payload.js';

const ID = '0198c1f2-7b1e-7a7c-9d66-0a1b2c3d4e5f';

it('reads what it writes', () => {
  expect(SCAN_JOB.payload(ID)).toEqual({ version: 1, targetId: ID });
  expect(SCAN_JOB.id(SCAN_JOB.payload(ID))).toBe(ID);
  expect(REPORT_JOB.id(REPORT_JOB.payload(ID))).toBe(ID);
  expect(DELIVERY_JOB.payload(ID)).toEqual({ version: 1, channelId: ID });
  expect(DELIVERY_JOB.id(DELIVERY_JOB.payload(ID))).toBe(ID);
  const lane = { scanId: ID, lane: 3 };
  expect(LANE_JOB.payload(laneId(lane))).toEqual({ version: 1, ...lane });
  expect(laneRef(LANE_JOB.id(LANE_JOB.payload(laneId(lane))) ?? '')).toEqual(lane);
});

it.each([`${ID}`, `${ID}:`, `${ID}:-1`, `${ID}:1.5`, `${ID}:64`, `${ID}:x`, ':1', '1', ''])(
  'refuses %j as a lane',
  (id) => {
    expect(() => LANE_JOB.payload(id)).toThrow();
  },
);

it('refuses the lane of another payload', () => {
  expect(LANE_JOB.id({ version: 1, scanId: ID })).toBeNull();
  expect(LANE_JOB.id({ version: 1, scanId: ID, lane: '1' })).toBeNull();
  expect(LANE_JOB.id({ version: 2, scanId: ID, lane: 1 })).toBeNull();
});

it.each<[string, unknown]>([
  ['the payload of another kind', { version: 1, reportId: ID }],
  ['a later version', { version: 2, targetId: ID }],
  ['no version', { targetId: ID }],
  ['a further field', { version: 1, targetId: ID, approved: true }],
  ['a prototype', JSON.parse(`{"version":1,"targetId":"${ID}","__proto__":{"admin":true}}`)],
  ['an object for an id', { version: 1, targetId: { toString: 'x' } }],
  ['a path for an id', { version: 1, targetId: '../../etc/passwd' }],
  ['a line break in an id', { version: 1, targetId: `${ID}\n` }],
  ['an id without end', { version: 1, targetId: 'x'.repeat(10_000) }],
  ['a list', [ID]],
  ['a text', ID],
  ['nothing', undefined],
  ['null', null],
])('refuses %s', (_what, payload) => {
  expect(SCAN_JOB.id(payload)).toBeNull();
});
