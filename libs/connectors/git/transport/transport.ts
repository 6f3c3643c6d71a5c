import type { HygieneError } from '#core';
import type { UploadPack } from '../wire/list-tags.js';

/** A conversation that is open, and has to be closed. */
export interface OpenPack extends UploadPack {
  /** What went wrong, with what the transport knows of it beyond the fault: how a program ended, say. */
  explain(fault: unknown): Promise<HygieneError>;
  close(): Promise<void>;
}

/** Carries conversations with one remote. Connects only where the guard allows; each wait ends by a limit or an abort. */
export interface GitTransport {
  open(signal: AbortSignal): Promise<OpenPack>;
  close(): Promise<void>;
}

/** Milliseconds; bytes are limited where lines are read. */
export const TIMES = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000, totalMs: 600_000 } as const;

export const READING = 'the tags';
