import { expect, it } from 'vitest';
import { countsPulls } from './counts-pulls.js';

it.each([
  ['https://registry-1.docker.io', true],
  ['https://public.ecr.aws', true],
  ['https://123456789012.dkr.ecr.eu-west-1.amazonaws.com', true],
  ['https://123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', true],
  ['https://ghcr.io', false],
  ['https://registry-1.docker.io.example.com', false],
])('%s: %s', (url, expected) => expect(countsPulls({ url })).toBe(expected));

it('goes by what the target says it is', () => {
  expect(countsPulls({ url: 'https://mirror.example.com', flavor: 'DOCKER_HUB' })).toBe(true);
  expect(countsPulls({ url: 'https://mirror.example.com', flavor: 'HARBOR' })).toBe(false);
});
