/** Places in `freshness`, two doubles in memory that all threads share: see ImageParts. */
export const FRESHNESS = { completeAt: 0, sequence: 1 } as const;
