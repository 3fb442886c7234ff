export { CardManagement, type CardManagementParts } from './card-management.ts';
export {
  type IssuerKeySet,
  keySetProblem,
  type ManagementPersonalisation,
  managementRecords,
  USUAL_REMOTE_FILES,
} from './personalisation.ts';
export type { ServeRemote } from './script-execution.ts';
