// Subscriber updates between MSC or SGSN and HLR: IPA frames, the CCM exchange of identities, GSUP messages, and the Check-IMEI procedure.
// Standard: Osmocom GSUP (OsmoHLR user manual, chapter GSUP) over the IPA multiplex (libosmocore ipa.h); 24.008 10.5.5.14 causes.
// Must never: hold more than one unfinished frame, trust a length, drop an element it does not know, or open a connection.
export { CCM, ccm, identities, identityRequest, ROUTING_NAME, routingNameOf } from './ccm.ts';
export {
  CAUSE,
  CHECK_IMEI,
  type CheckImei,
  checkImeiError,
  checkImeiImsi,
  checkImeiResult,
  readCheckImei,
  withEquipmentDigits,
} from './check-imei.ts';
export {
  type ElementName,
  type ElementValue,
  element,
  elementOf,
  type GsupElement,
  type GsupMessage,
  gsupMessage,
} from './gsup-message.ts';
export {
  gsupFrame,
  gsupOf,
  IPA,
  type IpaFrame,
  IpaStream,
  ipaFrame,
  LONGEST_PAYLOAD,
} from './ipa.ts';
