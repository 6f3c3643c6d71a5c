import { HygieneError } from '#core';
import { expect, it } from 'vitest';
import { GroupedCalls } from './grouped-calls.js';

function recorded(fails: (items: readonly number[]) => boolean = () => false, most = 100) {
  const groups: (readonly number[])[] = [];
  const writes = new GroupedCalls<number, string>(async (items) => {
    groups.push(items);
    await new Promise((resolve) => setImmediate(resolve));
    if (fails(items)) throw new Error(`cannot write ${items.join()}`);
    return items.map((item) => `wrote ${item}`);
  }, most);
  return { writes, groups };
}
const numbers = Array.from({ length: 7 }, (_, n) => n);

it('writes what comes meanwhile as one group, no larger than allowed, each with its own result', async () => {
  const { writes, groups } = recorded(undefined, 4);
  const results = await Promise.all(numbers.map((n) => writes.add(n)));
  expect(results).toEqual(numbers.map((n) => `wrote ${n}`));
  expect(groups).toEqual([[0], [1, 2, 3, 4], [5, 6]]);
  expect(await writes.add(9)).toBe('wrote 9');
});

it('lets nobody fail for a neighbour, and goes on', async () => {
  const { writes } = recorded((items) => items.includes(3));
  const results = await Promise.allSettled(numbers.map((n) => writes.add(n)));
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual(numbers.map((n) => n !== 3));
  expect(await writes.add(8)).toBe('wrote 8');
});

it('asks once, not once for each, while what it asks is away', async () => {
  const away = new HygieneError('DEPENDENCY_DOWN', 'PostgreSQL is not available.');
  let calls = 0;
  const reads = new GroupedCalls<number, string>(async () => {
    calls += 1;
    await new Promise((resolve) => setImmediate(resolve));
    throw away;
  }, 100);
  const results = await Promise.allSettled(numbers.map((n) => reads.add(n)));
  expect(results).toEqual(numbers.map(() => ({ status: 'rejected', reason: away })));
  expect(calls).toBe(2);
});
