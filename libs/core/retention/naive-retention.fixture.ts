import { compare, valid } from 'semver';
import type { AgeOf } from '../rules/age.js';
import type { Candidate, KeepClause, OrderBy, Retention } from './retention.js';

type Leaf = Exclude<KeepClause, { readonly any: unknown } | { readonly all: unknown }>;
type Unit = readonly Candidate[];

/**
 * The law of retention said the slow way, by counting: the candidates that go, for tests to compare with. It knows names with
 * exact matchers and versions without a `v` only.
 */
export class NaiveRetention {
  constructor(
    private readonly retention: Retention,
    private readonly candidates: readonly Candidate[],
    private readonly names: readonly string[],
    private readonly now: Date,
  ) {}

  condemned(): Candidate[] {
    const going = this.candidates.filter((candidate) => this.goes(candidate));
    const idle = this.leaves(this.retention.keep).some(
      (leaf) => 'matching' in leaf && !leaf.matching.some(({ text }) => this.names.includes(text)),
    );
    return idle ? [] : going;
  }

  private goes(candidate: Candidate): boolean {
    if (candidate.standing !== 'decided') return false;
    if (this.retention.unit === 'tag') return this.unitGoes([candidate]);
    const siblings = this.candidates.filter(({ digest }) => digest === candidate.digest);
    if (candidate.digest === null || siblings.some(({ standing }) => standing !== 'decided')) return false;
    return siblings.every((sibling) =>
      this.unitGoes(siblings.filter(({ group }) => group === sibling.group)),
    );
  }

  private unitGoes(unit: Unit): boolean {
    const { keep, expire, floor } = this.retention;
    const clauses: KeepClause[] = [];
    if (expire !== null) clauses.push({ newerThan: expire.olderThan, ageOf: expire.ageOf });
    if (keep !== null) clauses.push(keep);
    if (floor > 0) clauses.push({ newest: floor, orderBy: this.floorOrder(unit) });
    const isSure = clauses.flatMap((clause) => this.leaves(clause)).every((leaf) => this.isSure(leaf, unit));
    return isSure && !clauses.some((clause) => this.keeps(clause, unit));
  }

  private leaves(clause: KeepClause | null): Leaf[] {
    if (clause === null) return [];
    if ('any' in clause) return clause.any.flatMap((inner) => this.leaves(inner));
    if ('all' in clause) return clause.all.flatMap((inner) => this.leaves(inner));
    return [clause];
  }

  private isSure(leaf: Leaf, unit: Unit): boolean {
    if ('newest' in leaf) return this.place(unit, leaf.orderBy) !== null;
    return 'matching' in leaf || this.place(unit, leaf.ageOf) !== null;
  }

  private keeps(clause: KeepClause, unit: Unit): boolean {
    if ('any' in clause) return clause.any.some((inner) => this.keeps(inner, unit));
    if ('all' in clause) return clause.all.every((inner) => this.keeps(inner, unit));
    if ('matching' in clause) {
      return unit.some(({ name }) => clause.matching.some(({ text }) => text === name));
    }
    if ('newerThan' in clause) {
      const at = this.place(unit, clause.ageOf);
      return typeof at === 'number' && this.now.getTime() - at <= clause.newerThan;
    }
    const own = this.place(unit, clause.orderBy);
    const newer = this.peers(unit).filter((peer) => {
      const place = this.place(peer, clause.orderBy);
      return own !== null && place !== null && this.isNewer(place, own, clause.orderBy);
    });
    return own !== null && newer.length < clause.newest;
  }

  private isNewer(a: string | number, b: string | number, orderBy: OrderBy): boolean {
    return orderBy === 'semver' ? compare(`${a}`, `${b}`) > 0 : a > b;
  }

  /** Everything that is ranked together with the unit, itself too. */
  private peers(unit: Unit): Unit[] {
    const group = this.candidates.filter(
      (other) => other.standing === 'decided' && other.group === unit[0]?.group,
    );
    if (this.retention.unit === 'tag') return group.map((other) => [other]);
    const digests = [...new Set(group.map(({ digest }) => digest))].filter(
      (digest) =>
        digest !== null &&
        this.candidates.every((other) => other.digest !== digest || other.standing === 'decided'),
    );
    return digests.map((digest) => group.filter((other) => other.digest === digest));
  }

  private place(unit: Unit, orderBy: OrderBy): string | number | null {
    const places = unit.map((candidate) => {
      if (orderBy === 'name') return candidate.name;
      if (orderBy === 'semver' || orderBy === 'calver') {
        return candidate.name === null ? null : valid(candidate.version);
      }
      return this.date(candidate, orderBy);
    });
    return places.reduce((best, place) => {
      if (best === null || place === null) return null;
      return this.isNewer(place, best, orderBy) ? place : best;
    });
  }

  private date(candidate: Candidate, of: AgeOf): number | null {
    const at = (other: Candidate): number | null => {
      const date = other.date(of);
      return 'at' in date ? date.at.getTime() : null;
    };
    const own = at(candidate);
    const group = this.candidates.filter(
      ({ standing, group: name }) => standing !== 'outside' && name === candidate.group,
    );
    const digests = (list: readonly Candidate[]): number =>
      new Set(list.map(({ digest, name }) => digest ?? `${name}`)).size;
    const sharing = digests(group.filter((other) => at(other) === own));
    return sharing >= 20 && sharing > digests(group) / 2 ? null : own;
  }

  private floorOrder(unit: Unit): OrderBy {
    const { keep, expire } = this.retention;
    for (const leaf of this.leaves(keep)) if ('newest' in leaf) return leaf.orderBy;
    if (expire !== null) return expire.ageOf;
    for (const leaf of this.leaves(keep)) if ('newerThan' in leaf) return leaf.ageOf;
    const group = this.candidates.filter(
      ({ standing, group: name }) => standing !== 'outside' && name === unit[0]?.group,
    );
    return group.some((candidate) => this.date(candidate, 'created') !== null) ? 'created' : 'name';
  }
}
