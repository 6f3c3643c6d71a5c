import { digestOf } from './digest-of.js';
import { LazyManifest, type Descriptor, type Manifest } from './manifest.js';
import { OCI } from './media-types.js';

export type CosignSuffix = 'sig' | 'att' | 'sbom';

/** The tag that cosign gives to what it says of a digest. https://github.com/sigstore/cosign/blob/v2.4.0/specs/SIGNATURE_SPEC.md */
export function cosignTag(subjectDigest: string, suffix: CosignSuffix = 'sig'): string {
  return `${subjectDigest.replace(':', '-')}.${suffix}`;
}

/** A signature as cosign stores it under `cosignTag`: no subject, no date, a config that says nothing. */
export function cosignSignature(subjectDigest: string): Manifest {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'registry.example/app' },
        image: { 'docker-manifest-digest': subjectDigest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );
  const annotations = { 'dev.cosignproject.cosign/signature': 'bm90IGEgcmVhbCBzaWduYXR1cmU=' };
  const layer = { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', annotations };
  return statement({ config: { mediaType: OCI.config, json: {} }, layer, payload });
}

/** A provenance attestation as BuildKit puts it beside an image in its index. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
export function attestation(subjectDigest: string): Manifest {
  const payload = inTotoStatement(subjectDigest);
  const layer = {
    mediaType: 'application/vnd.in-toto+json',
    annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' },
  };
  const config = {
    mediaType: OCI.config,
    json: { architecture: 'unknown', os: 'unknown', config: {}, rootfs: { type: 'layers', diff_ids: [] } },
  };
  return statement(
    { config, layer, payload },
    {},
    {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': subjectDigest,
      },
    },
  );
}

/** An artifact that refers to a subject by the field of OCI 1.1. */
export function referrer(subject: Descriptor, artifactType = 'application/vnd.example.sbom+json'): Manifest {
  const { mediaType, digest, size } = subject;
  const layer = { mediaType: artifactType };
  const config = { mediaType: OCI.empty, json: {} };
  const more = { artifactType, subject: { mediaType, digest, size } };
  return statement({ config, layer, payload: inTotoStatement(digest) }, more);
}

function inTotoStatement(subjectDigest: string): Buffer {
  const [algorithm = '', hex = ''] = subjectDigest.split(':');
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      subject: [{ name: '_', digest: { [algorithm]: hex } }],
      predicate: {},
    }),
  );
}

interface StatementParts {
  readonly config: { readonly mediaType: string; readonly json: object };
  readonly layer: { readonly mediaType: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly payload: Buffer;
}

/** A manifest that carries one signed or signable text. */
function statement(
  { config, layer, payload }: StatementParts,
  more: object = {},
  listedAs: Manifest['listedAs'] = {},
): Manifest {
  return new LazyManifest(
    OCI.manifest,
    () => {
      const configBytes = Buffer.from(JSON.stringify(config.json));
      const configDigest = digestOf(configBytes);
      const digest = digestOf(payload);
      const content = {
        schemaVersion: 2,
        mediaType: OCI.manifest,
        config: { mediaType: config.mediaType, digest: configDigest, size: configBytes.length },
        layers: [{ mediaType: layer.mediaType, digest, size: payload.length, ...annotated(layer) }],
        ...more,
      };
      return {
        content,
        blobs: new Map([
          [configDigest, configBytes],
          [digest, payload],
        ]),
      };
    },
    listedAs,
  );
}

function annotated({ annotations }: StatementParts['layer']): object {
  return annotations === undefined ? {} : { annotations };
}
