import type { Capability, JsonObject, Platform } from '#core';

export const TARGET_MODES = ['READ_ONLY', 'WRITE'] as const;
export type TargetMode = (typeof TARGET_MODES)[number];

export interface Label {
  readonly key: string;
  readonly value: string;
}

export interface TargetRecord {
  readonly id: string;
  readonly name: string;
  readonly platform: Platform;
  /** Canonical and secret-free. */
  readonly location: string;
  /** What was given, secret-free. */
  readonly config: JsonObject;
  readonly credentialId: string | null;
  /** Names; null: every stored pack. */
  readonly rulePacks: readonly string[] | null;
  readonly mode: TargetMode;
  readonly labels: readonly Label[];
  readonly capabilities: readonly Capability[];
  readonly createdAt: Date;
  readonly openFindings: number;
  /** 0..100 after the last scan that ended SUCCEEDED or PARTIAL; null before the first. */
  readonly hygieneScore: number | null;
}
