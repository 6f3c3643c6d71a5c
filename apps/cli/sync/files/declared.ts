import type { Label, TargetMode } from '#application';
import type { JsonObject, Path, Platform, SourceDocument } from '#core';
import type { FileFault } from '../../failure.js';

/** What one file says there is to be, and where it says it. */
interface Declared {
  readonly name: string;
  readonly source: Source;
}

export interface DeclaredPack extends Declared {
  readonly kind: 'rule-pack';
  /** The file as it is: comments and layout are stored, too. */
  readonly document: string;
}

/** The fields of `createTarget`, names in place of ids; what a file leaves out has the value it has for a new target. */
export interface DeclaredTarget extends Declared {
  readonly kind: 'target';
  readonly platform: Platform;
  /** As the service stores it. */
  readonly config: JsonObject;
  readonly mode: TargetMode;
  readonly credential: string | null;
  /** null: every stored pack. */
  readonly rulePacks: readonly string[] | null;
  readonly labels: readonly Label[];
}

/** The fields of `upsertSchedule`, names in place of ids. */
export interface DeclaredSchedule extends Declared {
  readonly kind: 'schedule';
  readonly cron: string;
  readonly timezone: string;
  /** Names; none together with no labels: every target. */
  readonly targets: readonly string[];
  readonly labels: readonly Label[];
  readonly report: boolean;
  readonly enabled: boolean;
}

/** A file and its document, for saying where something is wrong. */
export class Source {
  constructor(
    readonly file: string,
    readonly document: SourceDocument,
  ) {}

  /** A fault at a path of the document; `atKey`: at the field's name rather than at its value. */
  fault(path: Path, message: string, atKey = false): FileFault {
    const place = atKey ? this.document.placeOfKey(path) : this.document.placeOf(path);
    return { file: this.file, line: place?.line ?? null, column: place?.column ?? null, message };
  }
}
