import { OCI, type Descriptor, type Manifest } from '../registry-content/index.js';
import { json, type Answer } from './answer.js';
import type { SandboxRepository } from './sandbox-repository.js';

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers: an index, empty when nothing refers to it. */
export function referrersAnswer(
  found: SandboxRepository | null,
  digest: string,
  artifactType: string | null,
): Answer {
  const all = [...(found?.manifests.values() ?? [])].flatMap((manifest) => referring(manifest, digest));
  const manifests = artifactType === null ? all : all.filter((one) => one.artifactType === artifactType);
  return json(
    { schemaVersion: 2, mediaType: OCI.index, manifests },
    {
      'content-type': OCI.index,
      ...(artifactType === null ? {} : { 'oci-filters-applied': 'artifactType' }),
    },
  );
}

function referring({ bytes, mediaType, digest: own }: Manifest, digest: string): Descriptor[] {
  const content = JSON.parse(bytes.toString()) as {
    subject?: Descriptor;
    artifactType?: string;
    config?: Descriptor;
    annotations?: Record<string, string>;
  };
  if (content.subject?.digest !== digest) return [];
  const artifactType = content.artifactType ?? content.config?.mediaType;
  const { annotations } = content;
  const described = { mediaType, digest: own, size: bytes.length };
  return [
    {
      ...described,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  ];
}
