import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_STYLES, inStyle } from './key-styles.js';

describe('styles of keys', () => {
  it.each([
    ['CostCenter', ['cost-center', 'cost_center', 'costCenter', 'CostCenter', 'costcenter']],
    ['cost_center', ['cost-center', 'cost_center', 'costCenter', 'CostCenter', 'cost_center']],
    ['cost center', ['cost-center', 'cost_center', 'costCenter', 'CostCenter', 'cost center']],
    ['HTTPServer2', ['http-server2', 'http_server2', 'httpServer2', 'HTTPServer2', 'httpserver2']],
    [
      'acme:CostCenter',
      ['acme:cost-center', 'acme:cost_center', 'acme:costCenter', 'Acme:CostCenter', 'acme:costcenter'],
    ],
    ['owner', ['owner', 'owner', 'owner', 'Owner', 'owner']],
    ['--', ['--', '--', '--', '--', '--']],
  ])('%s', (key, styled) => {
    expect(KEY_STYLES.map((style) => inStyle(key, style))).toEqual(styled);
  });

  it('is done after once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...KEY_STYLES), (key, style) => {
        const styled = inStyle(key, style);
        expect(inStyle(styled, style)).toBe(styled);
      }),
      { numRuns: 1_000 },
    );
  });
});
