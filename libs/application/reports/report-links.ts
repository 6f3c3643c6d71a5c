import { HygieneError } from '#core';
import type { Clock, LinkSigner } from '../ports/services.js';
import type { ReportFormat, ReportLink } from '../records/report.js';

/** Signs links to files of reports, and tells those that are good. What a link says is signed as a whole. */
export class ReportLinks {
  constructor(private readonly deps: { readonly linkSigner: LinkSigner; readonly clock: Clock }) {}

  /** @param expiresAt whole seconds */
  sign(reportId: string, format: ReportFormat, expiresAt: Date): ReportLink {
    const said = { reportId, format, expires: String(expiresAt.getTime() / 1_000) };
    return { ...said, signature: this.deps.linkSigner.sign(textOf(said)) };
  }

  /** @throws HygieneError LINK_INVALID, LINK_EXPIRED; nothing is told of what a link without a good signature names */
  check(link: ReportLink): void {
    const { linkSigner, clock } = this.deps;
    if (!linkSigner.verify(textOf(link), link.signature)) {
      throw new HygieneError(
        'LINK_INVALID',
        'This link was changed, cut short, or signed with another TAGWARD_SECRET_KEY; ask for a new one.',
      );
    }
    if (Number(link.expires) * 1_000 <= clock.now().getTime())
      throw new HygieneError('LINK_EXPIRED', 'The time of this link is over; ask for a new one.');
  }
}

function textOf({ reportId, format, expires }: Omit<ReportLink, 'signature'>): string {
  return JSON.stringify(['report file', reportId, format, expires]);
}
