import { createHash, randomUUID } from 'node:crypto';
import type { Backends } from '#composition';
import { aFault, aResource, aTag, aTarget, runScan } from '#testing';

/** A target with one of everything that belongs to a target, by the noun of the operations that take its id. */
export interface Place {
  readonly marker: string;
  readonly ids: Readonly<Record<string, string>>;
}

/** Makes a target that was scanned, with findings, an inventory and a report: all of it known by `marker`. */
export async function makePlace({ database, reportFiles }: Backends, marker: string): Promise<Place> {
  const { stores } = database;
  const target = await stores.targets.insert(
    aTarget({ name: marker, labels: [{ key: 'team', value: marker }] }),
  );
  const finding = fingerprintOf(marker);
  const { scan } = await runScan(database, {
    targetId: target.id,
    units: [
      {
        unit: { scope: 'eu-central-1', resourceType: 'instance' },
        resources: [aResource(`i-${marker}`, [aTag('enviroment', marker)])],
        faults: [aFault(finding, { resource: `i-${marker}`, value: marker })],
      },
    ],
  });
  const report = await stores.reports.insert({
    from: new Date('2026-01-01T00:00:00Z'),
    to: new Date('2026-01-08T00:00:00Z'),
    targetIds: [target.id],
    formats: ['HTML'],
    createdBy: marker,
  });
  const file = await reportFiles.write(report.id, 'HTML', asContent(marker));
  await stores.reports.ready(report.id, {
    score: 50,
    auditHead: 'head',
    totals: [{ name: marker, count: 1 }],
    files: [file],
  });
  return { marker, ids: { targets: target.id, scans: scan.id, findings: finding, reports: report.id } };
}

/** Ids as well formed as those of a place, of nothing that is there. */
export function nowhere(): Place['ids'] {
  return {
    targets: randomUUID(),
    scans: randomUUID(),
    findings: fingerprintOf(randomUUID()),
    reports: randomUUID(),
  };
}

function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function* asContent(text: string): AsyncGenerator<string> {
  yield JSON.stringify({ text });
}
