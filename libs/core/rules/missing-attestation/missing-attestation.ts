import { z } from 'zod';
import { listOf } from '../../policy/schema/fields.js';
import { listWords } from '../quote.js';
import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

const ATTESTATIONS = ['signature', 'sbom', 'provenance'] as const;

export const missingAttestation = defineKind({
  name: 'missing-attestation',
  judges: 'pointer',
  finds: 'registry: images without a signature, an SBOM or a provenance where one is asked for',
  params: { needs: listOf(z.enum(ATTESTATIONS)) },
  fixes: {},
  title: ({ params }) => `Images without ${listWords(params.needs)}`,
  compile: () => unknownFact('what is attested of images'),
});
