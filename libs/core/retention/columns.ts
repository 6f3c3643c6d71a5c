import type { AgeOf } from '../rules/age.js';
import { paced, type Steps } from '../rules/steps.js';
import { candidateAt, type Candidates } from './candidates.js';
import { Digests } from './digests.js';
import type { Candidate } from './retention.js';

/** What is held of each candidate while a rule decides: numbers, in some 20 bytes. What is not here is asked of the candidate itself. */
export class Columns {
  static readonly STANDINGS = [
    'outside',
    'held',
    'decided',
  ] as const satisfies readonly Candidate['standing'][];
  /** By candidate: its place in `STANDINGS`. */
  readonly standings: Uint8Array;
  /** By candidate: the number of its group. */
  readonly groups: Uint32Array;
  readonly groupNames: (string | null)[] = [];
  private readonly dates = new Map<AgeOf, DateColumn>();

  private constructor(
    readonly candidates: Candidates,
    readonly digests: Digests,
    asked: ReadonlySet<AgeOf>,
  ) {
    this.standings = new Uint8Array(candidates.length);
    this.groups = new Uint32Array(candidates.length);
    for (const age of asked) this.dates.set(age, new DateColumn(candidates.length));
  }

  static *of(candidates: Candidates, asked: ReadonlySet<AgeOf>): Steps<Columns> {
    const digests = yield* Digests.of(candidates.length, (index) => candidateAt(candidates, index).digest);
    const columns = new Columns(candidates, digests, asked);
    const numbers = new Map<string | null, number>();
    yield* paced(candidates.length, (index) => columns.fill(index, numbers));
    return columns;
  }

  /** Milliseconds; NaN: `unknown` says why. Only of the ages that were asked for. */
  date(index: number, of: AgeOf): number {
    return this.dates.get(of)?.at[index] ?? Number.NaN;
  }

  unknown(index: number, of: AgeOf): string {
    return this.dates.get(of)?.why(index) ?? '';
  }

  candidate(index: number): Candidate {
    return candidateAt(this.candidates, index);
  }

  private fill(index: number, numbers: Map<string | null, number>): void {
    const candidate = candidateAt(this.candidates, index);
    const { standing } = candidate;
    this.standings[index] = Columns.STANDINGS.indexOf(standing);
    if (standing === 'outside') return;
    const { group } = candidate;
    let number = numbers.get(group);
    if (number === undefined) {
      number = this.groupNames.push(group) - 1;
      numbers.set(group, number);
    }
    this.groups[index] = number;
    for (const [age, column] of this.dates) column.set(index, candidate.date(age));
  }
}

/** Dates, and for what reason one is not known: the reasons are few. */
class DateColumn {
  readonly at: Float64Array;
  private readonly reasons: Uint8Array;
  private readonly words: string[] = [];

  constructor(length: number) {
    this.at = new Float64Array(length);
    this.reasons = new Uint8Array(length);
  }

  set(index: number, date: ReturnType<Candidate['date']>): void {
    if ('at' in date) {
      this.at[index] = date.at.getTime();
      return;
    }
    this.at[index] = Number.NaN;
    const word = 'missing' in date ? date.missing : date.untrusted;
    const known = this.words.indexOf(word);
    this.reasons[index] = known >= 0 ? known : this.words.push(word) - 1;
  }

  why(index: number): string {
    return this.words[this.reasons[index] ?? 0] ?? '';
  }
}
