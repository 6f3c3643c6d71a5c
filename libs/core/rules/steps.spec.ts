import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce, paced, sortedTexts } from './steps.js';

describe('work in steps', () => {
  it('sorts texts as `sort` does, with pauses between', () => {
    const texts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.constantFrom(0, 1, 150), (few, times) => {
        const all = [
          ...few,
          ...Array.from({ length: times }, (_, n) => few.map((text) => `${text}${n}`)).flat(),
        ];
        expect(atOnce(sortedTexts(all))).toEqual([...all].sort());
      }),
    );
    const many = Array.from({ length: 50_000 }, (_, n) => `v${(n * 7_919) % 50_000}`);
    let pauses = 0;
    const steps = sortedTexts(many);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        expect(step.value).toEqual([...many].sort());
        break;
      }
      pauses += 1;
    }
    expect(pauses).toBeGreaterThan(25);
  });

  it('does everything once, in order', () => {
    const seen: number[] = [];
    const steps = [...paced(5_000, (index) => seen.push(index))];
    expect(seen).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
    expect(steps).toHaveLength(2);
  });
});
