import { type CommandApdu, isProprietary, SW } from '#protocol/apdu/index.ts';

/** One command of an applet. */
export interface CommandRow<Context, Answer> {
  /** The standard's name. */
  readonly name: string;
  readonly ins: number;
  /** Interindustry (0X, 4X, 6X), the card's own (8X, CX, EX), or both. Secure messaging and channel are not looked at. */
  readonly class: 'interindustry' | 'proprietary' | 'both';
  /** Whether it carries data: cases 3 and 4 do, cases 1 and 2 do not (ISO/IEC 7816-3 12.1.2). */
  readonly data: 'none' | 'some' | 'any';
  readonly serve: (command: CommandApdu, context: Context) => Answer;
}

/** Serves a command by its row, or refuses it: 6D00 no such instruction, 6E00 not in this class, 6700 data too much or missing. */
export type CommandTable<Context, Answer> = (command: CommandApdu, context: Context) => Answer;

/** A table of an applet's commands, one row for each instruction. `refuse` makes an answer of a status word. */
export function commandTable<Context, Answer>(
  rows: readonly CommandRow<Context, Answer>[],
  refuse: (statusWord: number) => Answer,
): CommandTable<Context, Answer> {
  const byInstruction: (CommandRow<Context, Answer> | undefined)[] = new Array(256).fill(undefined);
  for (const row of rows) byInstruction[row.ins] = row;
  return (command, context) => {
    const row = byInstruction[command.ins];
    if (row === undefined) return refuse(SW.instructionNotSupported);
    if (row.class !== 'both' && (row.class === 'proprietary') !== isProprietary(command.cla))
      return refuse(SW.classNotSupported);
    if (row.data !== 'any' && (row.data === 'some') !== command.data.length > 0) return refuse(SW.wrongLength);
    return row.serve(command, context);
  };
}
