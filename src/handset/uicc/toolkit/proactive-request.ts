import type { ProactiveCommand } from '#protocol/usat/index.ts';

type WithoutNumber<C> = C extends ProactiveCommand ? Omit<C, 'number'> : never;

/** A proactive command without its number, which the queue gives it (TS 102 223 6.6). */
export type ProactiveRequest = WithoutNumber<ProactiveCommand>;
