import type { ReportModel } from '#application';
import { scoreText } from '../score-formula.js';
import { targetName } from '../reported-findings.js';
import { bar, count } from './figures.js';
import { foreignText } from './foreign-text.js';
import { type Markup, markup } from './markup.js';

/** Open findings by severity, by rule and by target. */
export function breakdowns(model: ReportModel): Markup {
  return markup`<div class="pair">${bySeverity(model)}${byRule(model)}</div>
    ${byTarget(model)}`;
}

function bySeverity({ summary }: ReportModel): Markup {
  const most = largest(summary.bySeverity);
  return markup`<section aria-labelledby="by-severity">
    <h2 id="by-severity">By severity</h2>
    <table>
      <caption>
        Open findings of each severity
      </caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col" class="number">Open</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${summary.bySeverity.map(
          ({ severity, open }) =>
            markup`<tr>
              <th scope="row"><span class="badge ${severity}">${severity}</span></th>
              <td class="number">${count(open)}</td>
              <td class="chart">${bar(open, most, severity)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </section> `;
}

function byRule({ summary }: ReportModel): Markup {
  const most = largest(summary.byRule);
  const table = markup`<table>
    <caption>
      Open findings of each rule, the most first
    </caption>
    <thead>
      <tr>
        <th scope="col">Rule</th>
        <th scope="col" class="number">Open</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${summary.byRule.map(
        ({ rulePack, ruleId, open }) =>
          markup`<tr>
            <th scope="row" class="prose">
              ${foreignText(ruleId)} <small>${foreignText(rulePack)}</small>
            </th>
            <td class="number">${count(open)}</td>
            <td class="chart">${bar(open, most, 'plain')}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
  return markup`<section aria-labelledby="by-rule">
    <h2 id="by-rule">By rule</h2>
    ${summary.byRule.length === 0 ? markup`<p>No rule has an open finding.</p>` : table}
  </section> `;
}

function byTarget(model: ReportModel): Markup {
  const { byTarget: rows } = model.summary;
  return markup`<section aria-labelledby="by-target">
    <h2 id="by-target">By target</h2>
    ${rows.length === 0 ? markup`<p>There is no target in this report.</p>` : targetTable(model)}
  </section> `;
}

function targetTable(model: ReportModel): Markup {
  const targets = new Map(model.summary.targets.map((target) => [target.id, target]));
  const rows = model.summary.byTarget.map(({ targetId, score, open, new: opened, resolved }) => {
    const target = targets.get(targetId);
    return markup`<tr>
      <th scope="row" class="prose">
        ${foreignText(targetName(model, targetId))}
        ${target === undefined ? null : markup`<small>${target.platform} · ${foreignText(target.location)}</small>`}
      </th>
      <td class="number">${score === null ? 'not scanned' : scoreText(score)}</td>
      <td class="number">${count(open)}</td>
      <td class="number">${count(opened)}</td>
      <td class="number">${count(resolved)}</td>
    </tr> `;
  });
  return markup`<table>
    <caption>
      Score now, open findings now, and what changed in the period
    </caption>
    <thead>
      <tr>
        <th scope="col">Target</th>
        <th scope="col" class="number">Score</th>
        <th scope="col" class="number">Open</th>
        <th scope="col" class="number">New</th>
        <th scope="col" class="number">Fixed</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function largest(rows: readonly { readonly open: number }[]): number {
  return rows.reduce((most, { open }) => Math.max(most, open), 0);
}
