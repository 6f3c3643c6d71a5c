import { describe, expect, it } from 'vitest';
import { compileCapture, groupNames } from './capture.js';

describe('captures', () => {
  it('hold what named groups took and where, and leave out what took no part', () => {
    const capture = compileCapture('(?P<group>.*/)?(?<version>[^/]+)');
    expect([...(capture('💡/b/v1') ?? [])]).toEqual([
      ['group', { text: '💡/b/', start: 0 }],
      ['version', { text: 'v1', start: '💡/b/'.length }],
    ]);
    expect([...(capture('v1') ?? [])]).toEqual([['version', { text: 'v1', start: 0 }]]);
    expect(capture('a/')).toBeNull();
  });

  it('take the whole text, whatever the alternatives', () => {
    const capture = compileCapture('(?P<a>x)|(?P<b>xy)');
    expect([...(capture('xy')?.keys() ?? [])]).toEqual(['b']);
    expect(capture('xyz')).toBeNull();
    expect(capture('x\n')).toBeNull();
  });

  it('know the names of their groups', () => {
    expect(groupNames('(?P<a>x)(y)(?<b>z)')).toEqual(['a', 'b']);
    expect(groupNames('xyz')).toEqual([]);
  });
});
