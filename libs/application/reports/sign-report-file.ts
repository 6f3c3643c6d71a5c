import { notFound } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import type { SignedReportFile } from '../records/report.js';
import { ReportLinks } from './report-links.js';
import { isReportVisible } from './report-visibility.js';

/** Makes a link to one file of a report that works for a while without a token: for a mail, a ticket, a chat. */
export class SignReportFile {
  private readonly links: ReportLinks;

  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock' | 'linkSigner'>) {
    this.links = new ReportLinks(deps);
  }

  async execute(viewer: Viewer, input: OperationInput<'signReportFile'>): Promise<SignedReportFile> {
    const { database, clock } = this.deps;
    const { id, format, expiresInSeconds } = input;
    const report = await database.stores.reports.find(id);
    const visible = report !== null && isReportVisible(viewer, report);
    if (!visible || !report.files.some((file) => file.format === format))
      throw notFound('report file', `${id}/${format.toLowerCase()}`);
    const expiresAt = new Date((Math.floor(clock.now().getTime() / 1_000) + expiresInSeconds) * 1_000);
    await database.transaction((stores) =>
      recordAudit(stores, clock, {
        operation: 'signReportFile',
        viewer,
        subject: `report:${id}`,
        details: { format, expiresAt: expiresAt.toISOString() },
      }),
    );
    return { link: this.links.sign(id, format, expiresAt), expiresAt };
  }
}
