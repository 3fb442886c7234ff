export { FILE_MODE } from './access-rule.ts';
export { AdministrativeCommands } from './administrative-commands.ts';
export { CardFiles } from './card-files.ts';
export { DataCommands } from './data-commands.ts';
export { FileCommands } from './file-commands.ts';
export { type DirectoryNode, type FileImage, type FileNode, fileImage } from './file-image.ts';
export type { FileSession, Grants } from './grants.ts';
export { Selection } from './selection.ts';
export { ISIM_AID, standardImage, USIM_AID, USIM_NUMBER } from './standard-image.ts';
