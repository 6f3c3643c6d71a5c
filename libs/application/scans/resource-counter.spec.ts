import { expect, it } from 'vitest';
import { aResource } from '#testing';
import { ResourceCounter } from './resource-counter.js';

const UNIT = { scope: 'acme/app', resourceType: 'repository' };
const OTHER = { ...UNIT, scope: 'acme/web' };
const [app, web] = [aResource('acme/app'), aResource('acme/web')];

it('counts a resource once that comes in pages, whatever comes between', () => {
  const counter = new ResourceCounter();

  expect(counter.count(UNIT, [app])).toBe(1);
  expect(counter.count(OTHER, [web])).toBe(1);
  expect(counter.count(UNIT, [])).toBe(0);
  expect(counter.count(UNIT, [app, web])).toBe(1);
  expect(counter.count(UNIT, [web, web, { ...web, resourceType: 'image' }])).toBe(1);
});

it('starts again after the end of a unit', () => {
  const counter = new ResourceCounter();
  counter.count(UNIT, [app]);
  counter.forget(UNIT);

  expect(counter.count(UNIT, [app])).toBe(1);
});
