import type { Diagnostic } from '../policy.js';
import { dotted, type Path, type Place } from './document.js';

/** A fault that refuses the document. */
export function critical(message: string, place: Place, path: Path): Diagnostic {
  return { message, line: place.line, column: place.column, path: dotted(path), severity: 'critical' };
}
