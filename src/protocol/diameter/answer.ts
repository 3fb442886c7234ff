import { concat, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type Avp, AvpFault, avp } from './avp.ts';
import { CEA, CER, DPA, DPR, DWA, DWR, ERROR_ANSWER } from './command.ts';
import { APPLICATION, AVP, COMMAND, NO_STATE_MAINTAINED, VENDOR_3GPP } from './dictionary.ts';
import { FLAG, type Header, messageOctets, VERSION } from './header.ts';
import { addressValue, type LocalNode } from './local-node.ts';
import { isProtocolError, RESULT } from './result-code.ts';

/** The AVPs of a request that its answer repeats as they came (RFC 6733 6.2). */
export interface AvpEcho {
  readonly session: Avp | undefined;
  readonly proxyInfo: readonly Avp[];
}

/** What is to be repeated of these AVPs. */
export function echoOf(avps: readonly Avp[]): AvpEcho {
  const is = (one: Avp, { code }: { readonly code: number }) => one.vendor === 0 && one.code === code;
  return {
    session: avps.find((one) => is(one, AVP['Session-Id'])),
    proxyInfo: avps.filter((one) => is(one, AVP['Proxy-Info'])),
  };
}

/** The header of the answer to a request: the same identifiers and P flag (RFC 6733 6.2). */
function answerHead(request: Header, resultCode: number): Omit<Header, 'version' | 'length'> {
  const { command, application, hopByHop, endToEnd } = request;
  const flags = (request.flags & FLAG.P) | (isProtocolError(resultCode) ? FLAG.E : 0);
  return { flags, command, application, hopByHop, endToEnd };
}

/**
 * The answer that refuses a request (RFC 6733 6.2, 7.2): with the E flag for a protocol error; Failed-AVP when the fault names an AVP; and,
 * for S13, the Auth-Session-State that its answers must have.
 */
export function errorAnswer(node: LocalNode, request: Header, fault: AvpFault, echo: AvpEcho): Uint8Array {
  const { resultCode, failed, problem } = fault;
  const isWhole = request.application === APPLICATION.S13 && !isProtocolError(resultCode);
  const body = ERROR_ANSWER.write({
    ...(isWhole && { 'Auth-Session-State': NO_STATE_MAINTAINED }),
    'Origin-Host': node.originHost,
    'Origin-Realm': node.originRealm,
    'Result-Code': resultCode,
    'Error-Message': problem,
    ...(failed !== undefined && { 'Failed-AVP': [failed] }),
  });
  const session = echo.session === undefined ? NO_OCTETS : avp.encode(echo.session);
  const all = concat(session, body, ...echo.proxyInfo.map((one) => avp.encode(one)));
  return messageOctets(answerHead(request, resultCode), all);
}

/** What is wrong with the header of a request, whatever its command (RFC 6733 3, 7.1.3, 7.1.5). */
export function headerFault({ version, flags }: Header): AvpFault | undefined {
  if (version !== VERSION)
    return new AvpFault(RESULT.UNSUPPORTED_VERSION, undefined, `expected version ${VERSION}, got ${version}`);
  if ((flags & FLAG.E) !== 0)
    return new AvpFault(RESULT.INVALID_HDR_BITS, undefined, 'the E flag is for answers, it came in a request');
  if ((flags & FLAG.RESERVED) !== 0)
    return new AvpFault(
      RESULT.INVALID_BIT_IN_HEADER,
      undefined,
      `expected reserved flags 0, got ${toHex(Uint8Array.of(flags & FLAG.RESERVED))}`,
    );
  return undefined;
}

/** This node's part of CER and CEA. `isRelay`: it takes every application too (RFC 6733 2.4). */
function capabilities(node: LocalNode, isRelay: boolean) {
  return {
    'Origin-Host': node.originHost,
    'Origin-Realm': node.originRealm,
    'Host-IP-Address': node.addresses.map(addressValue),
    'Vendor-Id': 0,
    'Product-Name': node.productName,
    'Origin-State-Id': node.originStateId,
    'Supported-Vendor-Id': [VENDOR_3GPP],
    'Auth-Application-Id': isRelay ? [APPLICATION.RELAY] : [],
    'Vendor-Specific-Application-Id': [{ 'Vendor-Id': VENDOR_3GPP, 'Auth-Application-Id': APPLICATION.S13 }],
  };
}

/** Capabilities-Exchange-Answer (RFC 6733 5.3.2): SUCCESS, or the fault; a protocol error is an answer-message with nothing else (7.2). */
export function capabilitiesAnswer(
  node: LocalNode,
  request: Header,
  isRelay: boolean,
  fault: AvpFault | undefined,
): Uint8Array {
  const resultCode = fault?.resultCode ?? RESULT.SUCCESS;
  if (fault !== undefined && isProtocolError(resultCode))
    return errorAnswer(node, request, fault, { session: undefined, proxyInfo: [] });
  const body = CEA.write({
    'Result-Code': resultCode,
    ...capabilities(node, isRelay),
    ...(fault !== undefined && { 'Error-Message': fault.problem }),
    ...(fault?.failed !== undefined && { 'Failed-AVP': [fault.failed] }),
  });
  return messageOctets(answerHead(request, resultCode), body);
}

/** The two identifiers of a request of our own (RFC 6733 3). */
export interface Identifiers {
  readonly hopByHop: number;
  readonly endToEnd: number;
}
const own = (command: number, identifiers: Identifiers) => ({
  flags: FLAG.R,
  command,
  application: APPLICATION.COMMON,
  ...identifiers,
});

const origin = (node: LocalNode) => ({ 'Origin-Host': node.originHost, 'Origin-Realm': node.originRealm });

/** Capabilities-Exchange-Request (RFC 6733 5.3.1), as a node that offers S13 sends it. */
export function capabilitiesRequest(node: LocalNode, identifiers: Identifiers): Uint8Array {
  return messageOctets(own(COMMAND.CAPABILITIES_EXCHANGE, identifiers), CER.write(capabilities(node, false)));
}

/** Device-Watchdog-Request (RFC 6733 5.5.1). */
export function watchdogRequest(node: LocalNode, identifiers: Identifiers): Uint8Array {
  const body = DWR.write({ ...origin(node), 'Origin-State-Id': node.originStateId });
  return messageOctets(own(COMMAND.DEVICE_WATCHDOG, identifiers), body);
}

/** Device-Watchdog-Answer: SUCCESS (RFC 6733 5.5.2). */
export function watchdogAnswer(node: LocalNode, request: Header): Uint8Array {
  const body = DWA.write({
    'Result-Code': RESULT.SUCCESS,
    ...origin(node),
    'Origin-State-Id': node.originStateId,
  });
  return messageOctets(answerHead(request, RESULT.SUCCESS), body);
}

/** Disconnect-Peer-Request (RFC 6733 5.4.1). */
export function disconnectRequest(node: LocalNode, cause: 0 | 1 | 2, identifiers: Identifiers): Uint8Array {
  const body = DPR.write({ ...origin(node), 'Disconnect-Cause': cause });
  return messageOctets(own(COMMAND.DISCONNECT_PEER, identifiers), body);
}

/** Disconnect-Peer-Answer: SUCCESS (RFC 6733 5.4.2). */
export function disconnectAnswer(node: LocalNode, request: Header): Uint8Array {
  const body = DPA.write({ 'Result-Code': RESULT.SUCCESS, ...origin(node) });
  return messageOctets(answerHead(request, RESULT.SUCCESS), body);
}
