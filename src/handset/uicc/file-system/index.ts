export { FileCommands } from './file-commands.ts';
export { FileContents } from './file-contents.ts';
export { Selection } from './selection.ts';
export { USIM_AID } from './ts-31-102.ts';
