import type { Connection } from 'pg';
import pg from 'pg';

interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** COPY … FROM STDIN with what pg has on board: the fastest way to write rows, and so the baseline of the store. */
class CopyIn extends pg.Query {
  constructor(
    text: string,
    private readonly chunks: readonly Buffer[],
  ) {
    super({ text });
  }

  handleCopyInResponse(connection: CopyConnection): void {
    for (const chunk of this.chunks) connection.sendCopyFromChunk(chunk);
    connection.endCopyFrom();
  }
}

/** @param rows in COPY's text format, a line each, ready to send */
export async function copyIn(client: pg.Client, table: string, rows: readonly Buffer[]): Promise<void> {
  const query = new CopyIn(`copy ${table} from stdin`, rows);
  await new Promise<void>((resolve, reject) => {
    query.on('end', () => resolve());
    query.on('error', reject);
    client.query(query);
  });
}

/** Lines in chunks of some 64 kB, as COPY's text format has them. */
export function copyLines(rows: readonly (readonly (string | number | null)[])[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < rows.length; start += 1_000) {
    const lines = rows.slice(start, start + 1_000).map((row) => `${row.map(cell).join('\t')}\n`);
    chunks.push(Buffer.from(lines.join('')));
  }
  return chunks;
}

function cell(value: string | number | null): string {
  if (value === null) return String.raw`\N`;
  return String(value).replaceAll(/[\\\t\n\r]/g, (character) => `\\${character}`);
}
