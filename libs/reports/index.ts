export { renderJunit } from './junit/render-junit.js';
export { renderSarif } from './sarif/render-sarif.js';
export { REPORT_JSON_SCHEMA } from './json/report-document.js';
export { renderReport } from './render-report.js';
export { guardFormula } from './csv/formula-guard.js';
