import type { Count } from './scan.js';

export const REPORT_FORMATS = ['HTML', 'CSV', 'JSON', 'XLSX', 'PDF'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export const REPORT_STATUSES = ['QUEUED', 'RUNNING', 'READY', 'FAILED'] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

export interface ReportFileRecord {
  readonly format: ReportFormat;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ReportRecord {
  readonly id: string;
  readonly status: ReportStatus;
  readonly error: string | null;
  readonly from: Date;
  readonly to: Date;
  /** null: all targets that its maker may see. */
  readonly targetIds: readonly string[] | null;
  readonly formats: readonly ReportFormat[];
  readonly createdAt: Date;
  readonly score: number | null;
  readonly auditHead: string | null;
  readonly totals: readonly Count[];
  readonly files: readonly ReportFileRecord[];
}

/** What a link to a file of a report says of itself. */
export interface ReportLink {
  readonly reportId: string;
  readonly format: ReportFormat;
  /** Seconds since 1970, as the address has them. */
  readonly expires: string;
  readonly signature: string;
}

export interface SignedReportFile {
  readonly link: ReportLink;
  readonly expiresAt: Date;
}
