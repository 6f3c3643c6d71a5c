import type { ReportModel } from '#application';
import { SCORE_FORMULA, scoreText } from '../../score-formula.js';
import { unreadParts } from '../../unread-parts.js';
import { verdict } from '../../verdict.js';
import { trendChart } from '../charts/trend-chart.js';
import { change, count, counted, moment, ring } from '../figures.js';
import { type Markup, markup } from '../markup.js';
import { section } from '../tables.js';

/** Title, period, score and what they come to. */
export function pageHeader(model: ReportModel): Markup {
  const { summary, from, to, generatedAt } = model;
  return markup`<header class="top">
    <div class="wrap">
      <div>
        <p class="brand">Tagward</p>
        <h1>Tag hygiene report</h1>
        <p class="period">${moment(from)} to ${moment(to)} UTC</p>
        <p class="verdict">${verdict(summary, from)}</p>
        <p class="muted">
          ${counted(summary.targets.length, 'target')} · ${counted(summary.tags, 'tag')} · generated
          ${moment(generatedAt)} UTC
        </p>
      </div>
      ${scoreDial(model)}
    </div>
  </header> `;
}

function scoreDial({ summary: { score, scoreBefore } }: ReportModel): Markup {
  if (score === null) {
    return markup`<p class="score">
      <span><strong>No hygiene score yet</strong><small>Nothing was scanned.</small></span>
    </p>`;
  }
  return markup`<p class="score">
    <span class="dial"
      >${ring(score)}<span><strong>${scoreText(score)}</strong><small>of 100</small>${change(score, scoreBefore)}</span></span
    >
  </p>`;
}

/** What a hurried reader takes away: what was not read, the totals, the trend. */
export function overview(model: ReportModel): Markup {
  const unread = unreadParts(model).length;
  const warning = markup`<p class="warning">
    ${counted(unread, 'part')} could not be read, so the numbers may be too low or old.
    <a href="#unread">See which and why</a>.
  </p>`;
  return markup`${unread === 0 ? null : warning}
    ${section('totals', 'Totals', markup`${tiles(model)}${trendChart(model)}`)}`;
}

function tiles({ summary: { totals } }: ReportModel): Markup {
  const facts: readonly (readonly [string, number])[] = [
    ['Open', totals.open],
    ['New in the period', totals.new],
    ['Fixed in the period', totals.resolved],
    ['Suppressed', totals.suppressed],
    ['Can be fixed', totals.fixable],
    ['Come and go', totals.flapping],
  ];
  return markup`<dl class="facts">
    ${facts.map(
      ([name, number]) =>
        markup`<div>
          <dt>${name}</dt>
          <dd>${count(number)}</dd>
        </div> `,
    )}
  </dl>`;
}

/** How the score is made, for whoever doubts it. */
export function scoreFormula(): Markup {
  return section('formula', 'How the score is made', markup`<p class="formula">${SCORE_FORMULA}</p>`);
}
