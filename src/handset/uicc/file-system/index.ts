export {
  type AccessRule,
  accessRule,
  type Condition,
  conditionOf,
  conditionOfInstruction,
  DIRECTORY_MODE,
  FILE_MODE,
  INSTRUCTION,
} from './access-rule.ts';
export { AdministrativeCommands } from './administrative-commands.ts';
export { CardFiles } from './card-files.ts';
export { DataCommands } from './data-commands.ts';
export type { Coding, DedicatedFile, ElementaryFile } from './elementary-file.ts';
export { FileCommands } from './file-commands.ts';
export { type DirectoryNode, type FileImage, type FileNode, fileImage, type PinStatus } from './file-image.ts';
export { type FilePath, type FilePlan, filePlan, type PlannedDirectory, type PlannedFile } from './file-plan.ts';
export type { FileSession, Grants } from './grants.ts';
export { plannedImage } from './planned-image.ts';
export { catalogue, FilePlanError, isDirectory, pathText, plannedTables, tableAt } from './planned-tables.ts';
export { findRecords } from './search.ts';
export { Selection } from './selection.ts';
export { ISIM_AID, standardImage, USIM_AID, USIM_NUMBER } from './standard-image.ts';
