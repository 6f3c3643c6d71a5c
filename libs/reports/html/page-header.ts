import type { ReportModel } from '#application';
import { SCORE_FORMULA, scoreText } from '../score-formula.js';
import { count, counted, moment, ring } from './figures.js';
import { type Markup, markup } from './markup.js';
import { unreadParts } from './unread-parts.js';

/** Title, period and score. */
export function pageHeader(model: ReportModel): Markup {
  return markup`<header class="top">
    <div class="wrap">
      <div>
        <p class="brand">Tagward</p>
        <h1>Tag hygiene report</h1>
        <p>${moment(model.from)} to ${moment(model.to)} UTC</p>
        <p class="muted">
          ${counted(model.summary.targets.length, 'target')} · generated ${moment(model.generatedAt)} UTC
        </p>
      </div>
      ${scoreDial(model.summary.score)}
    </div>
  </header> `;
}

function scoreDial(score: number | null): Markup {
  if (score === null) {
    return markup`<p class="score">
      <span><strong>No hygiene score yet</strong><small>Nothing was scanned.</small></span>
    </p>`;
  }
  return markup`<p class="score">
    <span class="dial"
      >${ring(score)}<span><strong>${scoreText(score)}</strong><small>of 100</small></span></span
    ><span><strong>Hygiene score</strong><small>100 means no faulty tag</small></span>
  </p>`;
}

/** What a hurried reader takes away: what was not read, the totals, how the score is made. */
export function overview(model: ReportModel): Markup {
  const { totals } = model.summary;
  const unread = unreadParts(model).length;
  const warning = markup`<p class="warning">
    ${counted(unread, 'part')} could not be read, so the numbers may be too low or old.
    <a href="#unread">See which and why</a>.
  </p>`;
  return markup`${unread === 0 ? null : warning}
    <section aria-labelledby="totals">
      <h2 id="totals">Totals</h2>
      <dl class="facts">
        <div>
          <dt>Open</dt>
          <dd>${count(totals.open)}</dd>
        </div>
        <div>
          <dt>New in the period</dt>
          <dd>${count(totals.new)}</dd>
        </div>
        <div>
          <dt>Fixed in the period</dt>
          <dd>${count(totals.resolved)}</dd>
        </div>
        <div>
          <dt>Suppressed</dt>
          <dd>${count(totals.suppressed)}</dd>
        </div>
      </dl>
      <p class="formula">How the score is made: ${SCORE_FORMULA}</p>
    </section> `;
}
