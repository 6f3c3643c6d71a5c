import type { FindingState, ReportModel } from '#application';
import { type ReportedFinding, reportedFindings } from '../reported-findings.js';
import { heading, paragraph } from './heading.js';
import { INK, SIZE } from './ink.js';
import { PAGE, type PdfPages, TEXT_WIDTH } from './pdf-pages.js';
import type { TextLine, TextStyle } from './text-lines.js';
import { counted, isoDay } from './words.js';

const FAULT: TextStyle = { weight: 'semibold', size: SIZE.body };
const BODY: TextStyle = { weight: 'regular', size: SIZE.body };
const SMALL: TextStyle = { weight: 'regular', size: SIZE.small };
const BADGE: TextStyle = { weight: 'semibold', size: SIZE.small };
const BADGE_WIDTH = 46;
const DATES_WIDTH = 92;
const TEXT_LEFT = PAGE.left + BADGE_WIDTH + 10;
const TEXT_ROOM = TEXT_WIDTH - BADGE_WIDTH - DATES_WIDTH - 20;
const LINE = SIZE.body * 1.3;
const SMALL_LINE = SIZE.small * 1.35;
const PADDING = 5;
const MOST_LINES = 4;

const STATES: Readonly<Record<FindingState, string>> = {
  OPEN: 'Open',
  RESOLVED: 'Fixed',
  SUPPRESSED: 'Suppressed',
};

/** One finding, laid out and not yet drawn. */
interface Row {
  readonly finding: ReportedFinding['finding'];
  readonly texts: readonly {
    readonly line: TextLine;
    readonly size: number;
    readonly step: number;
    readonly colour: string;
  }[];
  readonly height: number;
}

interface RowText {
  readonly style: TextStyle;
  readonly colour: string;
  readonly step: number;
  readonly mostLines?: number;
}

/** Every finding, most severe first. A page of them is one piece for a screen reader: thousands of cells would be the larger part of the file. */
export async function* findings(pages: PdfPages, model: ReportModel): AsyncGenerator<Uint8Array> {
  heading(
    pages,
    'Findings',
    'Everything that was open at some time of the period, the most severe first. Dates are UTC.',
  );
  let waiting: Row[] = [];
  let used = 0;
  let rows = 0;
  for await (const reported of reportedFindings(model)) {
    const row = layOut(pages, reported);
    rows += 1;
    if (pages.y + used + row.height > PAGE.bottom) {
      drawRows(pages, waiting);
      pages.next();
      yield* pages.ready();
      [waiting, used] = [[], 0];
    }
    waiting.push(row);
    used += row.height;
  }
  drawRows(pages, waiting);
  paragraph(
    pages,
    rows === 0 ? 'No finding was open in this period.' : `${counted(rows, 'finding')} listed.`,
    {
      colour: INK.muted,
    },
  );
}

function layOut(pages: PdfPages, { finding, target }: ReportedFinding): Row {
  const { lines } = pages;
  const { scope, resource, resourceType, tag, value, suggestion, fixAtSource, rulePack, ruleId, id } =
    finding;
  const of = (text: string, { style, colour, step, mostLines = MOST_LINES }: RowText) =>
    lines
      .wrapped(text, style, TEXT_ROOM, mostLines)
      .map((line) => ({ line, size: style.size, step, colour }));
  const place = [target, scope, `${resourceType} ${resource}`].filter((part) => part !== null).join(' · ');
  const tagged =
    tag === null ? '' : ` · tag ${tag}${value === null ? '' : ` = ${value === '' ? '(empty)' : value}`}`;
  const fix = [suggestion, fixAtSource === null ? null : `Fix at the source: ${fixAtSource}`]
    .filter((part) => part !== null)
    .join(' ');
  const texts = [
    ...of(finding.message, { style: FAULT, colour: INK.text, step: LINE }),
    ...of(`${place}${tagged}`, { style: BODY, colour: INK.text, step: LINE }),
    ...(fix === ''
      ? []
      : of(`${finding.blocked ? 'Blocked: ' : ''}${fix}`, { style: BODY, colour: INK.muted, step: LINE })),
    ...of(`${rulePack}/${ruleId} · ${id}`, {
      style: SMALL,
      colour: INK.muted,
      step: SMALL_LINE,
      mostLines: 2,
    }),
  ];
  const height = texts.reduce((sum, { step }) => sum + step, 0) + 2 * PADDING;
  return { finding, texts, height };
}

function drawRows(pages: PdfPages, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  pages.tags.content('P', () => {
    for (const row of rows) drawRow(pages, row);
  });
}

function drawRow(pages: PdfPages, { finding, texts, height }: Row): void {
  const { canvas, lines } = pages;
  const { severity, state, firstSeenAt, resolvedAt, suppression, flapping } = finding;
  let y = pages.y + PADDING;
  canvas.pill([PAGE.left, y + 1, BADGE_WIDTH, 11], 5.5, INK[`${severity}-back`]);
  const badge = lines.single(severity, BADGE);
  canvas.text(badge, [PAGE.left + (BADGE_WIDTH - badge.width) / 2, y + 8.8], BADGE.size, INK[severity]);
  const right = [
    `${STATES[state]}${resolvedAt === null ? '' : ` ${isoDay(resolvedAt)}`}`,
    `since ${isoDay(firstSeenAt)}`,
    ...(flapping ? ['comes and goes'] : []),
    ...(suppression === null ? [] : [suppression.reason]),
  ];
  let beside = y - LINE + SIZE.body;
  for (const text of right)
    for (const line of lines.wrapped(text, SMALL, DATES_WIDTH, 2))
      canvas.text(line, [PAGE.right - line.width, (beside += SMALL_LINE)], SMALL.size, INK.muted);
  y -= 2;
  for (const { line, size, step, colour } of texts) canvas.text(line, [TEXT_LEFT, (y += step)], size, colour);
  pages.y += height;
  canvas.box([PAGE.left, pages.y, TEXT_WIDTH, 0.4], INK.line);
}
