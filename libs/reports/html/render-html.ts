import type { ReportModel } from '#application';
import { Markup, markup } from './markup.js';
import { breakdowns } from './sections/breakdowns.js';
import { oldestDebts } from './sections/debts.js';
import { findingsSection } from './sections/findings-section.js';
import { overview, pageHeader, scoreFormula } from './sections/page-header.js';
import { notEvaluated, packChanges } from './sections/rule-packs.js';
import { unreadSection } from './sections/unread-section.js';
import { STYLES } from './styles.js';

/** Even if something slipped in: no script, no request, no form. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One self-contained page for people: screen (light, dark, phone), paper and screen readers. */
export async function* renderHtml(model: ReportModel): AsyncGenerator<string> {
  yield pageStart(model).text;
  for await (const piece of findingsSection(model)) yield piece.text;
  yield pageEnd(model).text;
}

function pageStart(model: ReportModel): Markup {
  const title = `Tag hygiene report, ${isoDay(model.from)} to ${isoDay(model.to)}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title}</title>
<style>
${new Markup(STYLES)}
</style>
</head>
<body>
${pageHeader(model)}
<main class="wrap">
${overview(model)}
${breakdowns(model)}
${oldestDebts(model)}
${unreadSection(model)}
${notEvaluated(model)}
${packChanges(model)}
${scoreFormula()}
`;
}

function pageEnd(model: ReportModel): Markup {
  return markup`</main>
<footer class="wrap"><p>Report <code>${model.id}</code>. The audit log ended with <code>${model.auditHead}</code> when it was made: a log that no longer holds this hash was cut or changed.</p></footer>
</body>
</html>
`;
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
