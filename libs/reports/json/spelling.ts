import type { Platform, Severity } from '#core';

/** As the API spells them. */
export function upperSeverity(severity: Severity): Uppercase<Severity> {
  return severity.toUpperCase() as Uppercase<Severity>;
}

export function upperPlatform(platform: Platform): Uppercase<Platform> {
  return platform.toUpperCase() as Uppercase<Platform>;
}
