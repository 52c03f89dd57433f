/** What a run of a feed does. */
export const OPERATIONS = ['full sync', 'partial sync', 'retry failed items', 'publish'] as const;

export type Operation = (typeof OPERATIONS)[number];
