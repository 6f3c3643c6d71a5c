import { FINDING_COLUMNS } from './sections/finding-columns.js';
import { customProperties, DARK, LIGHT, SEVERITY_RULES } from './palette.js';

const PAGE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.wrap{max-width:1560px;margin:0 auto;padding:0 clamp(16px,3vw,40px)}
h1{font-size:1.9rem;line-height:1.2;margin:0;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3;margin:0 0 .25rem}
p{margin:.25rem 0}
a{color:var(--accent)}
.muted,.note{color:var(--muted)}
.note,small{font-size:.8125rem}
.facts,table,time{font-variant-numeric:tabular-nums}
time{white-space:nowrap}
.none{color:var(--muted);font-style:italic}
code,bdi,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem;overflow-wrap:anywhere;white-space:pre-wrap}
.prose bdi,h1 bdi{font-family:inherit;font-size:inherit}
section{margin:2.25rem 0 0}
footer{margin:2.5rem 0 0;padding:1rem 0 2rem;border-top:1px solid var(--line);font-size:.875rem}
`;

const HEAD = `
.brand{font-size:.8125rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--muted);margin:0 0 .25rem}
.top{background:var(--raised);border-bottom:1px solid var(--line);padding:1.75rem 0}
.top .wrap{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:1.25rem 2.5rem;align-items:center}
.score{display:flex;align-items:center;gap:1rem;margin:0}
.dial{position:relative;width:136px;height:136px;flex:none;display:grid;place-items:center}
.ring{position:absolute;inset:0;width:100%;height:100%;fill:none;stroke:var(--accent);stroke-width:10}
.ring .track{stroke:var(--track)}
.dial strong{font-size:2rem;line-height:1;font-variant-numeric:tabular-nums}
.dial span{display:block;text-align:center}
.score small{display:block;color:var(--muted)}
.period{font-weight:600}
.verdict{font-size:1.125rem;line-height:1.45;max-width:60ch;margin:.75rem 0}
.change{font-variant-numeric:tabular-nums;font-weight:600;white-space:nowrap}
.change.better{color:var(--better)}
.change.worse,.alert{color:var(--worse)}
.change.same{color:var(--muted)}
.facts{margin:.75rem 0 0;display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1rem}
.facts div{border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem}
.facts dt{color:var(--muted);font-size:.875rem}
.facts dd{margin:0;font-size:1.75rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.formula{color:var(--muted);font-size:.875rem;max-width:80ch;margin-top:1rem}
.warning{background:var(--warning-back);color:var(--warning);border-radius:10px;padding:.75rem 1rem;margin:1.5rem 0 0}
.warning a{color:inherit}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 3rem}
`;

/** The drawing is stretched to its place; what it is labelled with is not. */
const TREND = `
.trend{margin:1.5rem 0 0}
.trend figcaption{color:var(--muted);font-size:.875rem;margin:0 0 .5rem}
.plot{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.25rem .625rem}
.plot svg{width:100%;height:220px;display:block;overflow:visible}
.plot path{fill:none;vector-effect:non-scaling-stroke}
.axis{list-style:none;margin:-.6em 0;padding:0;display:flex;flex-direction:column;justify-content:space-between;text-align:right}
.axis,.ends{color:var(--muted);font-size:.8125rem;line-height:1.2;font-variant-numeric:tabular-nums}
.ends{grid-column:2;display:flex;justify-content:space-between;margin:0}
.plot .grid{stroke:var(--line);stroke-width:1}
.plot .period{fill:var(--raised)}
.plot .under{fill:var(--accent);fill-opacity:.12;stroke:none}
.plot .line{stroke:var(--accent);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.plot .dot{stroke:var(--accent);stroke-width:9;stroke-linecap:round}
details{margin:.5rem 0 0}
summary{color:var(--accent);cursor:pointer;font-size:.875rem}
details table{max-width:24rem;margin-top:.5rem}
`;

const TABLES = `
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding:0 0 .5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line)}
thead th{font-size:.8125rem;font-weight:600;color:var(--muted);white-space:nowrap}
tbody th{font-weight:600;min-width:8rem}
tbody th small{display:block;font-weight:400;color:var(--muted)}
th.number,td.number{text-align:right;font-variant-numeric:tabular-nums}
td.chart{width:22%;min-width:64px;padding-top:.8rem}
.bar{display:block;width:100%;height:10px;fill:var(--accent)}
.bar .track{fill:var(--track)}
.badge{display:inline-block;border-radius:999px;padding:.05rem .55rem;font-size:.8125rem;font-weight:600;white-space:nowrap}
td .note{display:block}
td small{display:block;color:var(--muted)}
.findings table{table-layout:fixed}
.sheet+.sheet{margin-top:1.5rem;content-visibility:auto;contain-intrinsic-size:auto 20000px}
.findings td,.findings th{overflow-wrap:anywhere}
.findings thead th{position:sticky;top:0;background:var(--page);overflow-wrap:normal}
${FINDING_COLUMNS.map(({ width }, index) => `.findings th:nth-child(${index + 1}){width:${width}}`).join('')}
`;

/** On a phone each finding is a card: the name of a column stands before its cell. */
const PHONE = `
@media screen and (max-width:1100px){.facts{grid-template-columns:repeat(3,minmax(0,1fr))}}
@media screen and (max-width:900px){
.pair{grid-template-columns:minmax(0,1fr)}
.findings table,.findings caption,.findings tbody,.findings tr,.findings td{display:block;width:auto}
.findings thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.findings tr{border:1px solid var(--line);border-radius:10px;padding:.5rem .875rem;margin:0 0 .75rem}
.findings td{display:grid;grid-template-columns:6rem minmax(0,1fr);gap:0 .75rem;border:0;padding:.2rem 0}
.findings td::before{color:var(--muted);font-size:.8125rem}
.findings td>*{grid-column:2;justify-self:start}
${FINDING_COLUMNS.map(({ title }, index) => `.findings td:nth-child(${index + 1})::before{content:"${title}"}`).join('')}
}
@media screen and (max-width:640px){
th,td{padding-right:.5rem}
td.chart{width:20%;min-width:40px}
.scroll td.chart,.scroll thead td{display:none}
.facts{gap:.5rem}
.plot svg{height:160px}
.top .wrap{grid-template-columns:minmax(0,1fr)}
.facts{grid-template-columns:repeat(2,minmax(0,1fr))}
.facts div{padding:.5rem .75rem}
.facts dd{font-size:1.4rem}
h1{font-size:1.6rem}
}
`;

const PAPER = `
@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt sans-serif;color:#4f5a68}@bottom-left{content:"Tagward hygiene report";font:8pt sans-serif;color:#4f5a68}}
@page wide{size:A4 landscape}
@media print{
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:12px}
body{font-size:1rem;line-height:1.35}
.wrap{max-width:none;padding:0}
.top{background:none;padding:0 0 5mm}
section{margin-top:4mm}
.top .wrap{gap:4mm}
.dial{width:26mm;height:26mm}
.facts{gap:2mm}
.plot svg{height:38mm}
details{display:none}
.scroll{overflow:visible}
.pair{gap:0 8mm}
.facts div{padding:1.5mm 3mm}
.warning{margin-top:4mm;padding:2mm 3mm}
tbody th small{display:inline}
h2,caption{break-after:avoid}
thead{display:table-header-group}
tr,.facts,.score,.warning,.trend{break-inside:avoid}
.sheet+.sheet{content-visibility:visible}
.findings,footer{page:wide}
.findings{margin-top:0}
.findings thead th{position:static}
.findings th,.findings td,.findings bdi,.findings .badge,.findings small{font-size:7.5pt}
th,td{padding:1.2mm 2mm 1.2mm 0}
footer{break-inside:avoid;margin-top:6mm;padding-bottom:0}
a{color:inherit;text-decoration:none}
}
`;

export const STYLES = [
  `:root{color-scheme:light dark;${customProperties(LIGHT)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${customProperties(DARK)}}}`,
  PAGE,
  HEAD,
  TREND,
  TABLES,
  SEVERITY_RULES,
  PHONE,
  PAPER,
].join('\n');
