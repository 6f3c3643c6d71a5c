import { SEVERITIES, type Severity } from '#core';

type Surface = 'page' | 'raised';
type Ink = 'text' | 'muted' | 'line' | 'track' | 'accent' | 'better' | 'worse' | 'warning' | 'warning-back';
type SeverityInk = `${Severity}` | `${Severity}-back` | `${Severity}-fill`;

/** Colours by name. Text on what it stands on keeps a contrast of 4.5, bars and rings of 3 (WCAG 2.2, 1.4.3 and 1.4.11). */
export type Palette = Readonly<Record<Surface | Ink | SeverityInk, string>>;

export const LIGHT: Palette = {
  page: '#ffffff',
  raised: '#f5f7f9',
  text: '#1a1f27',
  muted: '#4f5a68',
  line: '#d5dae1',
  track: '#e8ebef',
  accent: '#1f5fbf',
  better: '#14663a',
  worse: '#a3271f',
  warning: '#6b4300',
  'warning-back': '#fff4dc',
  critical: '#8f1022',
  'critical-back': '#fde8ea',
  'critical-fill': '#b3162b',
  high: '#8a3400',
  'high-back': '#fdeee0',
  'high-fill': '#c85a06',
  medium: '#694c00',
  'medium-back': '#fbf3d6',
  'medium-fill': '#a37a00',
  low: '#1b5478',
  'low-back': '#e6f2fa',
  'low-fill': '#2c78ab',
  info: '#4a5361',
  'info-back': '#eceff3',
  'info-fill': '#717c8b',
};

export const DARK: Palette = {
  page: '#12161c',
  raised: '#1a2029',
  text: '#e6eaf0',
  muted: '#a6b0bd',
  line: '#333c48',
  track: '#2a323d',
  accent: '#7fb0ff',
  better: '#7ed6a0',
  worse: '#ff9d94',
  warning: '#f5d48a',
  'warning-back': '#372a0c',
  critical: '#ffb3bb',
  'critical-back': '#4a1620',
  'critical-fill': '#f0596b',
  high: '#ffc69a',
  'high-back': '#472408',
  'high-fill': '#f08a3c',
  medium: '#f5dc8a',
  'medium-back': '#3d3107',
  'medium-fill': '#d9b23a',
  low: '#a9d6f5',
  'low-back': '#12344a',
  'low-fill': '#5aa9dc',
  info: '#c5cdd8',
  'info-back': '#2b3440',
  'info-fill': '#8f9bab',
};

/** A palette as custom properties, to stand within a rule. */
export function customProperties(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}

/** The rules that give badges and bars the colour of their severity. */
export const SEVERITY_RULES = SEVERITIES.map(
  (severity) =>
    `.badge.${severity}{color:var(--${severity});background:var(--${severity}-back)}.bar.${severity}{fill:var(--${severity}-fill)}`,
).join('\n');
