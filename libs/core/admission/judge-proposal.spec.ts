import { readFileSync } from 'node:fs';
import { CONTEXT, packOf, policyOf } from '../../testing/policy-builders.js';
import { describe, expect, it } from 'vitest';
import type { Platform } from '../model/platform.js';
import type { RulePack } from '../policy/rule-pack.js';
import { tagOf } from '../policy/given-tag.js';
import { judgeProposal } from './judge-proposal.js';
import { readProposedTags } from './proposed-tags.js';

const contract = (name: string): RulePack =>
  packOf(readFileSync(new URL(`../policy/fixtures/${name}.yaml`, import.meta.url), 'utf8'));

interface Asked {
  readonly platform?: Platform;
  readonly target?: string;
  readonly resourceType?: string;
  readonly now?: Date;
}

function check(pack: RulePack, tags: unknown, { platform = 'ec2', target, resourceType, now }: Asked = {}) {
  const proposal = {
    platform,
    target: target ?? null,
    resource: 'thing-1',
    resourceType: resourceType ?? null,
    tags: readProposedTags(platform, tags),
  };
  const packs = [{ name: pack.name, version: 1, pack }];
  return judgeProposal(policyOf(pack), packs, proposal, now ?? CONTEXT.now);
}

const said = ({ findings }: ReturnType<typeof check>) =>
  findings.map(({ ruleId, severity, tag }) => `${severity} ${ruleId} ${tag}`);

describe('a proposal', () => {
  it.each(['labels', 'pointers'])(
    'of a case of the pack %s has the findings that the case expects',
    (name) => {
      const pack = contract(name);
      expect(pack.tests.length).toBeGreaterThan(1);
      for (const test of pack.tests) {
        const { only } = test;
        const proposal = {
          ...{ platform: test.platform, target: null },
          ...{ resource: test.resource, resourceType: test.resourceType || null },
          tags: test.given.map(tagOf),
        };
        const packs = [{ name, version: 1, pack }];
        const { findings, notEvaluated } = judgeProposal(
          policyOf(pack),
          packs,
          proposal,
          test.now ?? CONTEXT.now,
        );
        const found = findings.filter(({ ruleId }) => (only ?? []).includes(ruleId));
        expect(found.map(({ ruleId, tag }) => ({ rule: ruleId, tag })).sort(byText)).toEqual(
          test.expect?.map(({ rule, tag }) => ({ rule, tag })).sort(byText),
        );
        for (const rule of test.notEvaluated ?? []) {
          expect(notEvaluated.map(({ ruleId }) => ruleId)).toContain(rule);
        }
      }
    },
  );

  it('of labels is judged as all that the resource has, worst first', () => {
    const answer = check(contract('labels'), { enviroment: 'prod' }, { resourceType: 'instance' });
    expect(said(answer)).toEqual([
      'high must-have-owner environment',
      'high must-have-owner owner',
      'medium environment-key enviroment',
      'info only-known-keys enviroment',
    ]);
    expect(answer.notEvaluated).toEqual([]);
  });

  it('that does not say what it is about is not passed by the rules that ask that', () => {
    const pack = packOf({
      pack: 'p',
      vocabulary: { keys: ['owner'] },
      rules: [
        { id: 'owners', kind: 'required-key', on: { resourceTypes: ['instance'] }, keys: ['owner'] },
        { id: 'here', kind: 'unknown-key', on: { targets: ['prod'] } },
        { id: 'names', kind: 'name-pattern', on: { targets: ['prod'] }, mustNot: { exact: 'wip' } },
      ],
    });
    const needs = ({ notEvaluated }: ReturnType<typeof check>) =>
      notEvaluated.map(({ ruleId, needs: fact, resources }) => `${ruleId}: ${fact} (${resources})`);
    expect(needs(check(pack, { a: 'b' }))).toEqual([
      'owners: the type of the resource (1)',
      'here: the name of the target (1)',
    ]);
    const whole = check(pack, { a: 'b' }, { target: 'prod', resourceType: 'instance' });
    expect([said(whole), needs(whole)]).toEqual([['medium here a', 'medium owners owner'], []]);
  });

  it('of a repository needs no type', () => {
    const pack = packOf({
      pack: 'p',
      rules: [
        {
          id: 'names',
          kind: 'name-pattern',
          on: { resourceTypes: ['repository'] },
          mustNot: { exact: 'wip' },
        },
      ],
    });
    expect(said(check(pack, ['wip', 'v1'], { platform: 'git' }))).toEqual(['medium names wip']);
  });

  it('lists what nobody gave the facts for, as neither a pass nor a finding', () => {
    const { findings, notEvaluated } = check(contract('pointers'), ['v1.0.0'], { platform: 'git' });
    expect(findings).toEqual([]);
    expect(notEvaluated.map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining(['annotated-only', 'signed-only', 'on-a-branch', 'moved']),
    );
  });
});

const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
