// The UICC (31): files, PINs, AUTHENTICATE, GET IDENTITY, toolkit, over-the-air endpoint and security domains of a USIM, and the interface of its toolkit application.
// Standards: ETSI TS 102 221, TS 102 223, TS 102 225, TS 102 226; GPC 2.3.1; 3GPP TS 31.102, TS 31.111, TS 31.115, TS 33.102 annex C, TS 33.220, TS 33.501 annex C.
// Must never: let a key, a PIN or the lock's memory be read by a command, answer before what must last is stored, or hinder an emergency call.
export type { ToolkitApplication, ToolkitPort } from './application.ts';
export type { IssuerKeySet, ManagementPersonalisation, RemoteFileApplication } from './card-management/index.ts';
export {
  type AccessRule,
  accessRule,
  accessRuleFormat,
  type Condition,
  conditionOf,
  conditionOfInstruction,
  DIRECTORY_MODE,
  FILE_MODE,
  INSTRUCTION,
  KEY,
} from './file-system/access-rule.ts';
export {
  type Coding,
  type DedicatedFile,
  type ElementaryFile,
  isOfRecords,
  STRUCTURE,
} from './file-system/elementary-file.ts';
export {
  catalogue,
  type FilePath,
  type FilePlan,
  FilePlanError,
  filePlan,
  isDirectory,
  type PlannedDirectory,
  type PlannedFile,
  pathText,
  plannedTables,
  tableAt,
} from './file-system/index.ts';
export { servicesWithoutFile, serviceTableOf } from './file-system/planned-services.ts';
export type { FurtherCode } from './further-codes.ts';
export {
  LOCK_PERSONALISATION_KEY,
  type LockPersonalisation,
  type LockPolicy,
  USUAL_POLICY,
} from './lock-personalisation.ts';
export {
  type OtaKeyPair,
  personaliseUicc,
  readPersonalisation,
  type UiccPersonalisation,
  UiccPersonalisationError,
} from './personalisation.ts';
export { isAdministrative, isReference, isSecondPin } from './pin.ts';
export type { VitalRecord } from './reserve.ts';
export type { ProactiveRequest } from './toolkit/index.ts';
export { type UiccParts, uicc } from './uicc.ts';
