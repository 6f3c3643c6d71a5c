import type { ReportModel } from '#application';
import { scoreText } from '../score-formula.js';
import { unreadParts } from '../unread-parts.js';
import { changeText, verdict } from '../verdict.js';
import { INK, SIZE } from './ink.js';
import { PAGE, type PdfPages, TEXT_WIDTH } from './pdf-pages.js';
import type { TextStyle } from './text-lines.js';
import { trendChart } from './trend-chart.js';
import { count, counted, moment, period } from './words.js';

const BAND = 178;
const TITLE: TextStyle = { weight: 'semibold', size: 26 };
const LEAD: TextStyle = { weight: 'regular', size: 12 };
const STRONG: TextStyle = { weight: 'semibold', size: 11 };
const BODY: TextStyle = { weight: 'regular', size: SIZE.body };
const SCORE: TextStyle = { weight: 'semibold', size: 44 };
/** Where the score stands: at the right of the band. */
const SCORE_WIDTH = 130;

/** What a hurried reader takes away: period, verdict, score, totals, what is missing, the trend. */
export function titlePage(pages: PdfPages, model: ReportModel): void {
  pages.next();
  pages.tags.artifact('Layout', () => pages.canvas.box([0, 0, PAGE.width, BAND], INK.band));
  band(pages, model);
  score(pages, model);
  pages.y = BAND + 18;
  warning(pages, model);
  tiles(pages, model);
  trendChart(pages, model);
}

function band(pages: PdfPages, { summary, from, to, generatedAt }: ReportModel): void {
  const { canvas, lines, tags } = pages;
  const width = TEXT_WIDTH - SCORE_WIDTH - 16;
  const put = (text: string, style: TextStyle, y: number, colour: string) =>
    canvas.text(lines.single(text, style), [PAGE.left, y], style.size, colour);
  tags.content('P', () => put('TAGWARD', { weight: 'semibold', size: 8.5 }, 40, INK['muted-on-band']));
  tags.content('H1', () => put('Tag hygiene report', TITLE, 68, INK['on-band']));
  tags.content('P', () => put(period(from, to), STRONG, 90, INK['on-band']));
  tags.content('P', () => {
    let y = 98;
    for (const line of lines.wrapped(verdict(summary, from), LEAD, width, 4))
      canvas.text(line, [PAGE.left, (y += 16)], LEAD.size, INK['on-band']);
  });
  const facts = `${counted(summary.targets.length, 'target')} · ${counted(summary.tags, 'tag')} · made ${moment(generatedAt)}`;
  tags.content('P', () => put(facts, BODY, 164, INK['muted-on-band']));
}

function score(pages: PdfPages, { summary }: ReportModel): void {
  const { canvas, lines, tags } = pages;
  const right = (text: string, style: TextStyle, y: number, colour: string) => {
    const line = lines.single(text, style);
    canvas.text(line, [PAGE.right - line.width, y], style.size, colour);
  };
  tags.content('P', () => {
    if (summary.score === null) return right('No score yet', LEAD, 84, INK['on-band']);
    const change = changeText(summary.score, summary.scoreBefore);
    right(scoreText(summary.score), SCORE, 84, INK['on-band']);
    right('hygiene score of 100', BODY, 100, INK['muted-on-band']);
    if (change !== null) right(change, STRONG, 120, INK['on-band']);
  });
}

function warning(pages: PdfPages, model: ReportModel): void {
  const parts = unreadParts(model).length;
  if (parts === 0) return;
  const text = `${counted(parts, 'part')} could not be read, so that the numbers may be too low or old: see "What could not be read".`;
  pages.tags.artifact('Layout', () =>
    pages.canvas.pill([PAGE.left, pages.y, TEXT_WIDTH, 24], 5, INK['warning-back']),
  );
  pages.tags.content('P', () =>
    pages.canvas.text(pages.lines.single(text, BODY), [PAGE.left + 10, pages.y + 15], BODY.size, INK.warning),
  );
  pages.y += 36;
}

function tiles(pages: PdfPages, { summary: { totals } }: ReportModel): void {
  const facts: readonly (readonly [string, number])[] = [
    ['Open', totals.open],
    ['New', totals.new],
    ['Fixed', totals.resolved],
    ['Suppressed', totals.suppressed],
    ['Can be fixed', totals.fixable],
    ['Come and go', totals.flapping],
  ];
  const gap = 8;
  const width = (TEXT_WIDTH - gap * (facts.length - 1)) / facts.length;
  facts.forEach(([name, number], index) => {
    const x = PAGE.left + index * (width + gap);
    pages.tags.artifact('Layout', () => pages.canvas.pill([x, pages.y, width, 46], 5, INK.raised));
    pages.tags.content('P', () => {
      const [label, value] = [pages.lines.single(name, BODY), pages.lines.single(count(number), TILE)];
      pages.canvas.text(label, [x + 9, pages.y + 15], BODY.size, INK.muted);
      pages.canvas.text(value, [x + 9, pages.y + 36], TILE.size, INK.text);
    });
  });
  pages.y += 60;
}

const TILE: TextStyle = { weight: 'semibold', size: 17 };
