/** Lets whatever else waits in this process go on. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
