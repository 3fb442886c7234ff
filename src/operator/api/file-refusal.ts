import Type from 'typebox';
import { FILE_PROBLEMS, type FileRefusal, LINE_PROBLEMS } from '#operator/register/index.ts';
import { closed, SaidAs, saidView, Text } from './schema.ts';

/** Why a file is refused, by its code, and where one line is why, what is wrong with that. */
export const FileRefusalOf = closed({
  said: SaidAs(FILE_PROBLEMS.codes),
  line: Type.Optional(closed({ said: SaidAs(LINE_PROBLEMS.codes), column: Type.Optional(Text) })),
});

/** The same as it is answered. */
export const fileRefusalView = ({ said, line }: FileRefusal) => ({
  said: saidView(said),
  ...(line !== undefined && {
    line: { said: saidView(line.problem), ...(line.column !== undefined && { column: line.column }) },
  }),
});
