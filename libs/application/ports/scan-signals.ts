/**
 * Tells that something of a scan has changed, whichever process changed it. A signal says "look" and carries nothing: who gets one
 * reads the scan. Signals may come twice or for nothing.
 */
export interface ScanSignals {
  /**
   * Status, progress or counts may be others than before: told at once, and within about a second when what tells is broken.
   * @returns ends it; may be called twice
   */
  onChange(scanId: string, look: () => void): () => void;
  /**
   * Somebody wants the scan stopped, or it has ended. Only ever told at once or not at all: who works on a scan looks by itself
   * once a second as well.
   * @returns ends it; may be called twice
   */
  onStop(scanId: string, look: () => void): () => void;
}
