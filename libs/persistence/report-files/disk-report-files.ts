import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReportFileRecord, ReportFiles, ReportFormat } from '#application';
import { HygieneError } from '#core';
import { explainDiskFault } from './disk-fault.js';

const SAFE_ID = /^[0-9a-f-]{36}$/;

/** Report files on disk: `<directory>/<report id>/report.<format>`. Paths are made of ids we made ourselves, never of names. */
export class DiskReportFiles implements ReportFiles {
  constructor(private readonly directory: string) {}

  async write(
    reportId: string,
    format: ReportFormat,
    content: AsyncIterable<string | Uint8Array>,
  ): Promise<ReportFileRecord> {
    const path = this.pathOf(reportId, format);
    const partial = `${path}.part`;
    const digest = createHash('sha256');
    let bytes = 0;
    const measured = async function* (
      source: AsyncIterable<string | Uint8Array>,
    ): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        digest.update(data);
        bytes += data.byteLength;
        yield data;
      }
    };
    try {
      await mkdir(this.folderOf(reportId), { recursive: true, mode: 0o700 });
      // Flushed: a file that the database tells of is on the disk, whatever happens to the power.
      await pipeline(
        Readable.from(content),
        measured,
        createWriteStream(partial, { mode: 0o600, flush: true }),
      );
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw explainDiskFault(error, this.directory);
    }
    return { format, bytes, sha256: digest.digest('hex') };
  }

  async path(reportId: string, format: ReportFormat): Promise<string | null> {
    const path = this.pathOf(reportId, format);
    try {
      await access(path);
      return path;
    } catch {
      return null;
    }
  }

  async remove(reportId: string): Promise<void> {
    await rm(this.folderOf(reportId), { recursive: true, force: true });
  }

  private pathOf(reportId: string, format: ReportFormat): string {
    return join(this.folderOf(reportId), `report.${format.toLowerCase()}`);
  }

  private folderOf(reportId: string): string {
    if (!SAFE_ID.test(reportId)) throw new HygieneError('NOT_FOUND', 'There is no such report.');
    return join(this.directory, reportId);
  }
}
