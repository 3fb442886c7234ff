export { CardManagement, type CardManagementParts } from './card-management.ts';
export type { RemoteFileApplication } from './memory.ts';
export {
  type IssuerKeySet,
  keySetProblem,
  type ManagementPersonalisation,
  managementRecords,
  readManagement,
  USUAL_REMOTE_FILES,
} from './personalisation.ts';
export { isPinCommand } from './remote-file-commands.ts';
export type { ServeRemote } from './script-execution.ts';
