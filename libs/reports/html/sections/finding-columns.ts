import type { FindingRecord, FindingState } from '#application';
import type { ReportedFinding } from '../../reported-findings.js';
import { day } from '../figures.js';
import { foreignText, foreignValue } from '../foreign-text.js';
import { type Content, type Markup, markup } from '../markup.js';

interface FindingColumn {
  readonly title: string;
  /** Of the table where there is room for one; CSS. */
  readonly width: string;
  readonly cell: (row: ReportedFinding) => Markup;
}

const STATE_WORDS: Readonly<Record<FindingState, string>> = {
  OPEN: 'Open',
  RESOLVED: 'Fixed',
  SUPPRESSED: 'Suppressed',
};

/** The columns of the findings table, in their order. The style sheet takes widths and, for phones, titles from here. */
export const FINDING_COLUMNS: readonly FindingColumn[] = [
  { title: 'Severity', width: '7.5%', cell: ({ finding }) => severityCell(finding) },
  { title: 'Target', width: '13%', cell: (row) => targetCell(row) },
  { title: 'Resource', width: '16%', cell: ({ finding }) => resourceCell(finding) },
  { title: 'Tag', width: '10%', cell: ({ finding }) => markup`<div>${foreignValue(finding.tag)}</div>` },
  { title: 'Value', width: '9%', cell: ({ finding }) => markup`<div>${foreignValue(finding.value)}</div>` },
  { title: 'Fault', width: '15%', cell: ({ finding }) => faultCell(finding) },
  { title: 'Suggested fix', width: '12%', cell: ({ finding }) => fixCell(finding) },
  {
    title: 'First seen',
    width: '9.5%',
    cell: ({ finding }) => markup`<div>${day(finding.firstSeenAt)}</div>`,
  },
  { title: 'State', width: '8%', cell: ({ finding }) => stateCell(finding) },
];

function severityCell({ severity }: FindingRecord): Markup {
  return markup`<span class="badge ${severity}">${severity}</span>`;
}

function targetCell({ finding, target }: ReportedFinding): Markup {
  return markup`<div class="prose">${foreignText(target)}${small(finding.scope)}</div>`;
}

function resourceCell({ resource, resourceType }: FindingRecord): Markup {
  return markup`<div>${foreignText(resource)}${small(resourceType)}</div>`;
}

function faultCell({ message, rulePack, ruleId }: FindingRecord): Markup {
  return markup`<div class="prose">${foreignText(message)}${small(`${rulePack}/${ruleId}`)}</div>`;
}

function fixCell({ suggestion, blocked, fixAtSource }: FindingRecord): Markup {
  const notes = [
    blocked ? markup`<small>Blocked: needs a decision first</small>` : null,
    fixAtSource === null ? null : markup`<small>Fix at the source: ${foreignText(fixAtSource)}</small>`,
  ];
  return markup`<div class="prose">${foreignValue(suggestion)}${notes}</div>`;
}

function stateCell({ state, flapping, suppression, resolvedAt }: FindingRecord): Markup {
  const notes = [
    resolvedAt === null ? null : markup`<small>${day(resolvedAt)}</small>`,
    small(suppression?.reason ?? null),
    flapping ? markup`<small>Comes and goes</small>` : null,
  ];
  return markup`<div class="prose">${STATE_WORDS[state]}${notes}</div>`;
}

function small(text: string | null): Content {
  return text === null ? null : markup`<small>${foreignText(text)}</small>`;
}
