import { describe, expect, it } from 'vitest';
import { AesSecretBox } from '../crypto/aes-secret-box.js';
import { openChannel, sealChannel, signingKeys } from './channel-secret.js';

const box = new AesSecretBox(Buffer.alloc(32, 7));
const NOW = new Date('2026-03-01T08:00:00Z');
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
const [FIRST, SECOND, THIRD] = [
  'first secret of 24 bytes!',
  'second secret of 24 byte',
  'third secret of 24 bytes!',
];
const channel = (secret: string | null) => ({ id: 'c1', address: 'https://x.test/a', secret });
const keysAt = (sealed: string, at: Date) =>
  signingKeys(openChannel(box, sealed, 'c1'), at).map((key) => Buffer.from(key).toString());

describe('the secret of a channel', () => {
  it('is sealed with the address, for its own row alone', () => {
    const sealed = sealChannel(box, channel(FIRST), null, NOW);
    expect(sealed).not.toContain('x.test');
    expect(openChannel(box, sealed, 'c1')).toEqual({ address: 'https://x.test/a', secret: FIRST });
    expect(() => openChannel(box, sealed, 'c2')).toThrow(/cannot be opened/);
  });

  it('A9: signs beside its successor for a day, and no longer', () => {
    const first = sealChannel(box, channel(FIRST), null, NOW);
    const second = sealChannel(box, channel(SECOND), openChannel(box, first, 'c1'), NOW);
    expect(keysAt(second, later(23))).toEqual([SECOND, FIRST]);
    expect(keysAt(second, later(24))).toEqual([SECOND]);
    const unchanged = sealChannel(box, channel(SECOND), openChannel(box, second, 'c1'), later(20));
    expect(keysAt(unchanged, later(23))).toEqual([SECOND, FIRST]);
    expect(keysAt(unchanged, later(25))).toEqual([SECOND]);
    const third = sealChannel(box, channel(THIRD), openChannel(box, second, 'c1'), later(1));
    expect(keysAt(third, later(2))).toEqual([THIRD, SECOND]);
  });

  it('is none for other kinds', () => {
    const sealed = sealChannel(box, channel(null), null, NOW);
    expect(keysAt(sealed, NOW)).toEqual([]);
  });
});
