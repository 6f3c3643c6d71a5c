import type { DetectedFinding } from '#core';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.js';

const finding: DetectedFinding = {
  rulePack: 'acme',
  ruleId: 'environment-key',
  severity: 'medium',
  scope: '111122223333/eu-west-1',
  resource: 'i-1',
  resourceType: 'instance',
  tag: 'enviroment',
  value: 'prod',
  discriminator: '',
  message: 'a',
  suggestion: null,
  changes: [],
  fixable: false,
  blocked: false,
  fixAtSource: null,
  evidence: {},
};

describe('fingerprint', () => {
  it('is the same for the same fault with another value, message, severity or fix', () => {
    const later: DetectedFinding = {
      ...finding,
      value: 'dev',
      message: 'b',
      severity: 'high',
      fixable: true,
    };

    expect(fingerprint('t', later)).toBe(fingerprint('t', finding));
  });

  it.each(['scope', 'rulePack', 'ruleId', 'resource', 'tag', 'discriminator'] as const)(
    'tells faults apart by %s',
    (field) => {
      expect(fingerprint('t', { ...finding, [field]: 'other' })).not.toBe(fingerprint('t', finding));
    },
  );

  it('tells targets apart, and a fault without a tag from one with an empty name', () => {
    expect(fingerprint('u', finding)).not.toBe(fingerprint('t', finding));
    expect(fingerprint('t', { ...finding, tag: null })).not.toBe(fingerprint('t', { ...finding, tag: '' }));
  });
});
