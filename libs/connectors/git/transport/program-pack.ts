import { HygieneError } from '#core';
import { BoundedProcess, type ProcessEnd, type ProcessRequest } from '#connector-kit';
import type { GitRemote } from '../remote-url.js';
import { PktReader } from '../wire/pkt-reader.js';
import { reportedError } from './reported-error.js';
import type { OpenPack } from './transport.js';

/** How a program's end is put in words; null when it says nothing beyond the fault. */
export type ExplainEnd = (end: ProcessEnd) => HygieneError | null;

/** A conversation over the standard input and output of a program. */
export function openProgram(request: ProcessRequest, remote: GitRemote, explainEnd: ExplainEnd): OpenPack {
  const child = new BoundedProcess(request);
  const advertisement = new PktReader(child.output, remote.url);
  return {
    place: remote.url,
    advertisement,
    ask: async (text) => {
      await child.write(text);
      return advertisement;
    },
    reported: (message) => reportedError(remote, message),
    explain: async (fault) => {
      if (!(fault instanceof HygieneError) || fault.code === 'REMOTE_REPLY_INVALID')
        return (await explained(child, explainEnd)) ?? asError(fault);
      return fault;
    },
    close: async () => {
      child.endInput();
      await child.close();
    },
  };
}

/** A program that closed its output is about to end, and says why by how. */
async function explained(child: BoundedProcess, explainEnd: ExplainEnd): Promise<HygieneError | null> {
  child.endInput();
  const soon = new Promise<null>((resolve) => setTimeout(resolve, 2_000, null).unref());
  try {
    const end = await Promise.race([child.ended, soon]);
    return end === null ? null : explainEnd(end);
  } catch (fault) {
    return asError(fault);
  }
}

function asError(fault: unknown): HygieneError {
  if (fault instanceof HygieneError) return fault;
  return new HygieneError('INTERNAL', 'Reading a git remote failed for no known reason.', { cause: fault });
}
