import { type Infer, rest, struct, u8, u16 } from '#base/codec/index.ts';

/**
 * The compact format of a remote response (TS 102 226 5.2.1.1), which is the data of a proof of receipt: number of
 * commands executed, status word of the last one, and its response data.
 */
export const compactResponse = struct({ commands: u8, statusWord: u16, data: rest() });
/** The compact format of a remote response. */
export type CompactResponse = Infer<typeof compactResponse>;
