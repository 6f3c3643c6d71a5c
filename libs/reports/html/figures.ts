import { changeText } from '../verdict.js';
import { type Content, type Markup, markup } from './markup.js';

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const COUNT = new Intl.NumberFormat('en-GB');

/** `17 Nov 2026, 11:03`, in UTC, readable by machines too. */
export function moment(date: Date): Markup {
  return markup`<time datetime="${date.toISOString()}">${MOMENT.format(date)}</time>`;
}

/** `2026-11-17`, in UTC. */
export function day(date: Date): Markup {
  const iso = date.toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 10)}</time>`;
}

/** `12,345`. */
export function count(number: number): string {
  return COUNT.format(number);
}

/** `1 finding`, `12,345 findings`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** How a score changed; a dash when one of the two is not known. */
export function change(score: number | null, before: number | null): Content {
  const text = changeText(score, before);
  if (text === null) return markup`<span class="none">–</span>`;
  const tone = text.startsWith('+') ? 'better' : text.startsWith('−') ? 'worse' : 'same';
  return markup`<span class="change ${tone}">${text}</span>`;
}

/** A bar of `part` of `whole`. It says nothing that the number beside it does not. */
export function bar(part: number, whole: number, tone: string): Markup {
  const SMALLEST_VISIBLE = 0.5;
  const share = whole === 0 || part === 0 ? 0 : Math.max(SMALLEST_VISIBLE, (100 * part) / whole);
  return markup`<svg class="bar ${tone}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="10" />
    <rect width="${share.toFixed(1)}" height="10" />
  </svg>`;
}

/** A ring that is full at 100. */
export function ring(score: number): Markup {
  const RADIUS = 52;
  const length = 2 * Math.PI * RADIUS;
  const drawn = ((length * score) / 100).toFixed(1);
  return markup`<svg class="ring" viewBox="0 0 120 120" aria-hidden="true">
    <circle class="track" cx="60" cy="60" r="${RADIUS}" />
    <circle
      cx="60"
      cy="60"
      r="${RADIUS}"
      stroke-dasharray="${drawn} ${length.toFixed(1)}"
      transform="rotate(-90 60 60)"
    />
  </svg>`;
}
