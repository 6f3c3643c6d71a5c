import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReportFileRecord, ReportFiles, ReportFormat } from '#application';
import { HygieneError } from '#core';

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
    await mkdir(join(this.directory, reportId), { recursive: true, mode: 0o700 });
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
      await pipeline(Readable.from(content), measured, createWriteStream(partial, { mode: 0o600 }));
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
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

  private pathOf(reportId: string, format: ReportFormat): string {
    if (!SAFE_ID.test(reportId)) throw new HygieneError('NOT_FOUND', 'There is no such report.');
    return join(this.directory, reportId, `report.${format.toLowerCase()}`);
  }
}
