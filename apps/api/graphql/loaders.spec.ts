import type { ReadModels, Viewer } from '#application';
import { expect, it } from 'vitest';
import { sampleTarget } from '../testing/sample-records.js';
import { createLoaders } from './loaders.js';

const viewer: Viewer = { subject: 'token:x', source: 'TOKEN', scopes: ['READ'], targetIds: ['t1'] };

it('Q1: an edge to a foreign target is one to nothing, whatever row it begins at', async () => {
  const asked: string[] = [];
  const targetsById: ReadModels['targetsById'] = async (ids) => {
    asked.push(...ids);
    return new Map(ids.map((id) => [id, sampleTarget(id)]));
  };
  const { target } = createLoaders({ targetsById } as ReadModels, viewer);
  const [own, foreign] = await Promise.allSettled([target.load('t1'), target.load('t2')]);
  expect(own).toMatchObject({ status: 'fulfilled', value: { id: 't1' } });
  expect(foreign).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
  expect(asked).toEqual(['t1']);
});
