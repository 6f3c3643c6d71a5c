import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ReportModel, ScorePoint } from '#application';
import { scoreText } from '../../score-formula.js';
import { count, day } from '../figures.js';
import { type Markup, markup } from '../markup.js';
import { tableOf } from '../tables.js';

/** Units of the drawing, which is stretched to its place; strokes keep their width. */
const WIDTH = 1_000;
const HEIGHT = 240;
const TICKS = 4;

/** The score over time, this report's period shaded; null with fewer than two points. */
export function trendChart({ summary: { trend }, from, to }: ReportModel): Markup | null {
  const [first, last] = [trend[0], trend.at(-1)];
  if (first === undefined || last === undefined || trend.length < 2) return null;
  const y = scoreScale(trend);
  const x = scaleUtc([first.at, last.at], [0, WIDTH]);
  const ticks = y.ticks(TICKS);
  return markup`<figure class="trend">
    <figcaption>
      Hygiene score from ${day(first.at)} to ${day(last.at)}; the shaded part is this report's period
    </figcaption>
    <div class="plot">
      <ol class="axis" aria-hidden="true">
        ${ticks.toReversed().map((tick) => markup`<li>${tick}</li>`)}
      </ol>
      ${drawing(trend, x, y, [from, to])}
      <p class="ends" aria-hidden="true"><span>${day(first.at)}</span><span>${day(last.at)}</span></p>
    </div>
    <details>
      <summary>The numbers</summary>
      ${numbers(trend)}
    </details>
  </figure>`;
}

type X = ReturnType<typeof scaleUtc<number>>;
type Y = ReturnType<typeof scoreScale>;

/** From tick to tick around the scores, within 0 to 100. */
function scoreScale(trend: readonly ScorePoint[]) {
  const scores = trend.map(({ score }) => score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const room = Math.max(1, (high - low) * 0.1);
  return scaleLinear([Math.max(0, low - room), Math.min(100, high + room)], [HEIGHT, 0]).nice(TICKS);
}

function drawing(trend: readonly ScorePoint[], x: X, y: Y, period: readonly [Date, Date]): Markup {
  const place = { x: ({ at }: ScorePoint) => x(at), y: ({ score }: ScorePoint) => y(score) };
  const [start, end] = period.map((date) => Math.min(WIDTH, Math.max(0, x(date)))) as [number, number];
  const last = trend.at(-1);
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <rect class="period" x="${fixed(start)}" width="${fixed(end - start)}" height="${HEIGHT}" />
    ${y.ticks(TICKS).map((tick) => markup`<path class="grid" d="M0 ${fixed(y(tick))}H${WIDTH}" />`)}
    <path class="under" d="${area<ScorePoint>(place.x, HEIGHT, place.y)(trend) ?? ''}" />
    <path class="line" d="${line<ScorePoint>(place.x, place.y)(trend) ?? ''}" />
    ${last === undefined ? null : markup`<path class="dot" d="M${fixed(place.x(last))} ${fixed(place.y(last))}h0" />`}
  </svg>`;
}

function numbers(trend: readonly ScorePoint[]): Markup {
  return tableOf('The score at the end of each day that has one', trend, [
    { title: 'Day', kind: 'head', cell: ({ at }) => day(at) },
    { title: 'Score', kind: 'number', cell: ({ score }) => scoreText(score) },
    { title: 'Open', kind: 'number', cell: ({ open }) => count(open) },
  ]);
}

const fixed = (value: number): string => value.toFixed(1);
