import { toHex } from '#base/codec/index.ts';
import { type FurtherCode, type UiccPersonalisation, USUAL_POLICY } from '#handset/uicc/index.ts';
import { DOCUMENT_VERSION } from './document.ts';
import { planJson } from './document-files.ts';
import type { Json } from './json-value.ts';

/** Members whose values are secret, and those that only contain them. */
const SECRETS: ReadonlySet<string> = new Set(
  'k opc topc op ki pin1 unblock1 pin2 unblock2 universal adm furtherAdm code unblock staticKey kic kid first second dek'.split(
    ' ',
  ),
);
const HIDDEN = '(hidden)';

type Document = { readonly [name: string]: Json };

const octet = (value: number) => toHex(Uint8Array.of(value));
const hexOf = (record: Readonly<Record<string, unknown>>): Document =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, value instanceof Uint8Array ? toHex(value) : (value as Json)]),
  );

const identifier = (value: number) => value.toString(16).toUpperCase().padStart(4, '0');

function furtherCodeOf({ reference, application, code, isEnabled, unblockCode, sharedWith }: FurtherCode): Document {
  return {
    reference: octet(reference),
    ...(application !== undefined && { application: identifier(application) }),
    ...(code && { code: toHex(code) }),
    ...(unblockCode && { unblock: toHex(unblockCode) }),
    ...(isEnabled !== undefined && { enabled: isEnabled }),
    ...(sharedWith !== undefined && { sharedWith: identifier(sharedWith) }),
  };
}

function pinsOf(card: UiccPersonalisation): Document {
  const { pin, unblockCode, pin2, unblockCode2, universalPin, adm, furtherAdm, furtherCodes } = card;
  return {
    ...(pin !== undefined && { pin1: pin }),
    ...(unblockCode !== undefined && { unblock1: unblockCode }),
    ...(pin2 !== undefined && { pin2 }),
    ...(unblockCode2 !== undefined && { unblock2: unblockCode2 }),
    ...(universalPin !== undefined && { universal: universalPin }),
    adm: toHex(adm),
    ...(furtherAdm && { furtherAdm: furtherAdm.map(toHex) }),
    ...(furtherCodes && { further: furtherCodes.map(furtherCodeOf) }),
  };
}

function managementOf({ management }: UiccPersonalisation): Document {
  if (management === undefined) return {};
  const { keySets, emptySelect, minimumSession, minimumLevel, remoteFiles } = management;
  return {
    management: {
      keySets: keySets.map(({ version, ...keys }) => ({ version: octet(version), ...hexOf(keys) })),
      ...(emptySelect && { emptySelect }),
      ...(minimumSession !== undefined && { minimumSession: octet(minimumSession) }),
      ...(minimumLevel !== undefined && { minimumLevel: octet(minimumLevel) }),
      ...(remoteFiles && { remoteFiles: remoteFiles.map((files) => hexOf({ ...files })) }),
    },
  };
}

/** How the SUCI is calculated, by the name of its scheme: the network's public keys stand with the operator. */
function suciOf({ suci }: UiccPersonalisation): Document {
  if (suci === undefined) return {};
  const scheme = (['null', 'profile-a', 'profile-b'] as const)[suci.calculation.schemes[0]?.scheme ?? 0] ?? 'null';
  return { suci: { by: suci.by, scheme, routingIndicator: suci.routingIndicator } };
}

/** The document that makes a card like this one. Certificate and makers of its lock are the workshop's, and not in it. Full of secrets. */
export function profileOf(card: UiccPersonalisation): Document {
  const { algorithm, gsmAlgorithm, sequence, ims, otaKeys, policy, staticKey, files } = card;
  const { kind, ...secrets } = algorithm;
  const { res: _res, ...xorSecrets } = { res: undefined, ...secrets };
  return {
    profile: DOCUMENT_VERSION,
    iccid: card.iccid.digits,
    imsi: card.imsi.digits,
    msisdn: card.msisdn.digits,
    mncLength: card.mncLength,
    serviceCentre: card.serviceCentre.digits,
    operatorAddress: card.operatorAddress.digits,
    algorithm: { kind, ...hexOf(kind === 'xor' ? xorSecrets : secrets) },
    ...(gsmAlgorithm && { gsmAlgorithm: hexOf(gsmAlgorithm) }),
    ...(sequence && { sequence: hexOf({ ...sequence }) }),
    ...suciOf(card),
    ...(ims && { ims: hexOf({ ...ims }) }),
    pins: pinsOf(card),
    lock: { policy: hexOf({ ...USUAL_POLICY, ...policy }), ...(staticKey && { staticKey: toHex(staticKey) }) },
    otaKeys: { answer: hexOf({ ...otaKeys.answer }), report: hexOf({ ...otaKeys.report }) },
    ...managementOf(card),
    ...(files && planJson(files)),
  };
}

/** The same for eyes that may not see secrets. */
export function withoutSecrets(document: Json): Json {
  if (Array.isArray(document)) return document.map(withoutSecrets);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, SECRETS.has(name) ? HIDDEN : withoutSecrets(value as Json)]),
  );
}
