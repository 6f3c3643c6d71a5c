import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ReportModel, ScorePoint } from '#application';
import { scoreText } from '../score-formula.js';
import { INK, SIZE } from './ink.js';
import { PAGE, type PdfPages, TEXT_WIDTH } from './pdf-pages.js';
import type { TextStyle } from './text-lines.js';
import { longDay } from './words.js';

const HEIGHT = 120;
const AXIS = 24;
const TICKS = 4;
const LABEL: TextStyle = { weight: 'regular', size: SIZE.small };
const NOTE: TextStyle = { weight: 'regular', size: SIZE.body };

/** The score over time, this report's period shaded; nothing with fewer than two points. */
export function trendChart(pages: PdfPages, { summary: { trend }, from, to }: ReportModel): void {
  const [first, last] = [trend[0], trend.at(-1)];
  if (first === undefined || last === undefined || trend.length < 2) return;
  const scores = trend.map(({ score }) => score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const room = Math.max(1, (high - low) * 0.1);
  const top = pages.y + 16;
  const y = scaleLinear([Math.max(0, low - room), Math.min(100, high + room)], [top + HEIGHT, top]).nice(
    TICKS,
  );
  const x = scaleUtc([first.at, last.at], [PAGE.left + AXIS, PAGE.right]);
  const said = `Hygiene score from ${longDay(first.at)} (${scoreText(first.score)}) to ${longDay(last.at)} (${scoreText(last.score)}); this report's period is shaded`;
  pages.tags.content('Caption', () =>
    pages.canvas.text(pages.lines.single(said, NOTE), [PAGE.left, pages.y + 4], NOTE.size, INK.muted),
  );
  pages.tags.content('Figure', () => draw(pages, trend, { x, y }, [from, to]), { alt: said });
  pages.y = top + HEIGHT + 26;
}

interface Scales {
  readonly x: ReturnType<typeof scaleUtc<number>>;
  readonly y: ReturnType<typeof scaleLinear<number>>;
}

function draw(
  pages: PdfPages,
  trend: readonly ScorePoint[],
  { x, y }: Scales,
  period: readonly [Date, Date],
): void {
  const { canvas, lines } = pages;
  const [bottom, top] = y.range() as [number, number];
  const [start, end] = period.map((date) => Math.min(PAGE.right, Math.max(PAGE.left + AXIS, x(date)))) as [
    number,
    number,
  ];
  canvas.box([start, top, end - start, bottom - top], INK.raised);
  for (const tick of y.ticks(TICKS)) {
    canvas.box([PAGE.left + AXIS, y(tick), TEXT_WIDTH - AXIS, 0.4], INK.line);
    const label = lines.single(String(tick), LABEL);
    canvas.text(label, [PAGE.left + AXIS - 6 - label.width, y(tick) + 2.2], LABEL.size, INK.muted);
  }
  const place = { x: ({ at }: ScorePoint) => x(at), y: ({ score }: ScorePoint) => y(score) };
  const last = trend.at(-1);
  canvas.drawing((document) => {
    document
      .path(area<ScorePoint>(place.x, bottom, place.y)(trend) ?? '')
      .fillOpacity(0.12)
      .fill(INK.accent);
    document.fillOpacity(1).lineWidth(1.4).lineJoin('round');
    document.path(line<ScorePoint>(place.x, place.y)(trend) ?? '').stroke(INK.accent);
    if (last !== undefined) document.circle(place.x(last), place.y(last), 3).fill(INK.accent);
  });
  canvas.forgetColour();
  const [from, to] = [trend[0], last].map((point) =>
    lines.single(point === undefined ? '' : longDay(point.at), LABEL),
  );
  if (from !== undefined) canvas.text(from, [PAGE.left + AXIS, bottom + 10], LABEL.size, INK.muted);
  if (to !== undefined) canvas.text(to, [PAGE.right - to.width, bottom + 10], LABEL.size, INK.muted);
}
