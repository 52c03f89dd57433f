/**
 * Seconds between two progress records of an operation.
 *
 * @param iterations of one worker; undefined while their number is unknown.
 * @param configured wins where it is set (`EXPORTER_LOG_PROGRESS_INTERVAL`).
 */
export function progressInterval(iterations: number | undefined, configured?: number): number {
  if (configured !== undefined) return configured;
  if (iterations === undefined) return 30;
  if (iterations < 1_000) return 60;
  return iterations < 10_000 ? 120 : 600;
}
