import { describe, expect, it } from 'vitest';
import type { Platform } from '../../model/platform.js';
import { readReference } from './read-reference.js';

/** What is looked for, in order, in few words. */
function asked(platform: Platform, written: string, host: string | null = null): string[] {
  return readReference(platform, written, host).map(
    ({ means, resources, resourcePrefix, names, digestPrefix }) => {
      const parts = [
        ...(resources === null ? [] : [`in ${resources.join('|')}`]),
        ...(resourcePrefix === null ? [] : [`in ${resourcePrefix}…`]),
        ...(names === null ? [] : [names.join('|')]),
        ...(digestPrefix === null ? [] : [`at ${digestPrefix}…`]),
      ];
      return `${means} ${parts.join(' ')}`;
    },
  );
}

const HEX = 'ab12cd34';
const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('a reference', () => {
  it.each<[string, string[]]>([
    ['i-0abc1/owner', ['tag in i-0abc1 owner', 'tag in i-0abc1… owner']],
    ['i-0abc1 Patch Group', ['tag in i-0abc1 Patch Group', 'tag in i-0abc1… Patch Group']],
    [
      'i-0abc1:kubernetes.io/cluster/a',
      ['tag in i-0abc1 kubernetes.io/cluster/a', 'tag in i-0abc1… kubernetes.io/cluster/a'],
    ],
    ['i-0abc1 # aws:x', ['tag in i-0abc1 aws:x', 'tag in i-0abc1… aws:x']],
    ['i-0abc1', ['resource in i-0abc1', 'resource in i-0abc1…']],
    [' key-pair-name ', ['resource in key-pair-name']],
    ['i-0a/owner', ['tag in i-0a owner']],
  ])('of ec2: %s', (written, expected) => {
    expect(asked('ec2', written)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['v1.2.3', ['tag v1.2.3']],
    ['refs/tags/v1.2.3', ['tag v1.2.3', 'tag refs/tags/v1.2.3']],
    ['tags/v1', ['tag v1', 'tag tags/v1']],
    ['@scope/pkg@1.2.3', ['tag @scope/pkg@1.2.3']],
    [HEX, [`tag ${HEX}`, `tag at ${HEX}…`]],
    ['AB12', ['tag AB12', 'tag at ab12…']],
    ['ab1', ['tag ab1']],
  ])('of git: %s', (written, expected) => {
    expect(asked('git', written)).toEqual(expected);
  });

  it.each<[string, string | null, string[]]>([
    ['nginx', null, ['tag in nginx latest', 'tag in library/nginx latest']],
    ['acme/app:1.2', null, ['tag in acme/app 1.2']],
    [
      'docker.io/library/nginx',
      'registry-1.docker.io',
      ['tag in library/nginx latest', 'tag in docker.io/library/nginx latest'],
    ],
    [
      'localhost:5000/app:1',
      'localhost:5000',
      ['tag in app 1', 'tag in library/app 1', 'tag in localhost:5000/app 1'],
    ],
    ['ghcr.io/acme/app:1', 'registry.example', ['tag in ghcr.io/acme/app 1']],
    [`acme/app@${DIGEST}`, null, [`content in acme/app at ${DIGEST}…`]],
    [`acme/app:1@${DIGEST}`, null, [`content in acme/app at ${DIGEST}…`]],
    [HEX, null, [`tag in ${HEX} latest`, `tag in library/${HEX} latest`, `content at sha256:${HEX}…`]],
    [
      DIGEST,
      null,
      [`tag in sha256 ${'a'.repeat(64)}`, `tag in library/sha256 ${'a'.repeat(64)}`, `content at ${DIGEST}…`],
    ],
    ['@', null, []],
    ['app:', null, []],
  ])('of a registry: %s at %s', (written, host, expected) => {
    expect(asked('registry', written, host)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['nginx', ['tag nginx:latest']],
    ['docker.io/library/nginx:1.2', ['tag nginx:1.2|docker.io/library/nginx:1.2']],
    ['ghcr.io/acme/app', ['tag ghcr.io/acme/app:latest']],
    ['acme/app:1', ['tag acme/app:1']],
    [HEX, [`tag ${HEX}:latest`, `resource in sha256:${HEX}…`, `content at sha256:${HEX}…`]],
    [`nginx@${DIGEST}`, [`resource in ${DIGEST}`, `content at ${DIGEST}…`]],
  ])('of docker: %s', (written, expected) => {
    expect(asked('docker', written)).toEqual(expected);
  });
});
