// Card content management: names, life cycles, the data of INSTALL, DELETE, GET STATUS, what a card tells of itself.
// Standards: GPC 2.3.1 5, 11, annex H; ETSI TS 102 226 8.2; ETSI TS 101 220 annex D (TARs).
// Must never: decide whether a command is allowed, or carry a key.
export {
  type DeleteTarget,
  deleteTarget,
  type InstallRequest,
  installRequest,
  type SecurityDomainParameters,
  securityDomainParameters,
} from './install.ts';
export {
  APPLICATION_STATE,
  CARD_LIFE_CYCLE,
  type CardLifeCycle,
  DATA_TAG,
  ISSUER_DOMAIN_AID,
  ISSUER_DOMAIN_ALIAS,
  ISSUER_KEY_VERSION,
  PRIVILEGE,
  REMOTE_MANAGEMENT_TAR,
  SECURITY_DOMAIN_MODULE,
  SECURITY_DOMAIN_PACKAGE,
} from './names.ts';
export { applicationFci, cardRecognitionData, type KeyComponent, keyInformation, oid } from './public-data.ts';
export { type RegistryLine, type StatusSearch, statusLine, statusSearch } from './status.ts';
