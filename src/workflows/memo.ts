/** What the memo of a run tells: who asked for it, why, and which workflow started it. */
export function memoOf(asked: {
  readonly requestedBy?: string | undefined;
  readonly reason?: string | undefined;
  readonly launchedBy?: string | undefined;
  readonly trigger: string;
}): Record<string, string> {
  const { requestedBy = asked.trigger, reason, launchedBy } = asked;
  return {
    requestedBy,
    ...(reason === undefined ? {} : { reason }),
    ...(launchedBy === undefined ? {} : { launchedBy }),
  };
}
