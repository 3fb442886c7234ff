import { berTlv, berTlvs, CodecError, concat, type Infer, rest, struct, u8, u16 } from '#base/codec/index.ts';
import { BAD_FORMAT, type BadFormat, type RemoteFormat } from './remote-script.ts';

/**
 * The compact format of a remote response (TS 102 226 5.2.1.1), which is the data of a proof of receipt: number of
 * commands executed, status word of the last one, and its response data.
 */
export const compactResponse = struct({ commands: u8, statusWord: u16, data: rest() });
/** The compact format of a remote response. */
export type CompactResponse = Infer<typeof compactResponse>;

/** What a card answers to a script in the expanded format (TS 102 226 5.2.2): an R-APDU for each command, and why it stopped. */
export interface ExpandedResponse {
  readonly format: Exclude<RemoteFormat, 'compact'>;
  /** R-APDUs. */
  readonly responses: readonly Uint8Array[];
  readonly fault?: BadFormat;
  /** The script asked for something that is not offered. */
  readonly refused?: 'chaining' | 'immediateAction';
}

const TEMPLATE = { definite: 0xab, indefinite: 0xaf } as const;
const TAG = { executed: 0x80, response: 0x23, immediateAction: 0x81, scriptChaining: 0x83, badFormat: 0x90 } as const;
/** Immediate action: suspension error; script chaining: not supported. */
const REFUSAL = { immediateAction: [TAG.immediateAction, 0x01], chaining: [TAG.scriptChaining, 0x02] } as const;
const END = Uint8Array.of(0, 0);

/** The response template: its number of commands first when the length is definite, 00 00 at the end when it is not. */
export function writeExpandedResponse({ format, responses, fault, refused }: ExpandedResponse): Uint8Array {
  const objects = responses.map((response) => berTlv(TAG.response, response));
  if (fault !== undefined) objects.push(berTlv(TAG.badFormat, Uint8Array.of(BAD_FORMAT[fault])));
  if (refused !== undefined) objects.push(berTlv(REFUSAL[refused][0], Uint8Array.of(REFUSAL[refused][1])));
  if (format === 'indefinite') return concat(Uint8Array.of(TEMPLATE.indefinite, 0x80), ...objects, END);
  return berTlv(TEMPLATE.definite, berTlv(TAG.executed, Uint8Array.of(responses.length)), ...objects);
}

/** A card's answer to a script, as its operator reads it: one R-APDU of the last command, or one for each. */
export type RemoteResponse =
  | { readonly format: 'compact'; readonly executed: number; readonly last: Uint8Array }
  | (ExpandedResponse & { readonly executed: number });

/** The answer in a proof of receipt. Throws CodecError for what is none. */
export function readRemoteResponse(octets: Uint8Array): RemoteResponse {
  if (octets[0] === TEMPLATE.definite || octets[0] === TEMPLATE.indefinite) return readExpanded(octets);
  const { commands, statusWord, data } = compactResponse.decode(octets);
  return { format: 'compact', executed: commands, last: concat(data, Uint8Array.of(statusWord >> 8, statusWord)) };
}

function contentOf(octets: Uint8Array): Uint8Array {
  if (octets[0] === TEMPLATE.definite) {
    const [template] = berTlvs(octets);
    if (template?.end === octets.length) return template.value;
  } else if (octets[1] === 0x80 && octets.length >= 4 && octets.at(-1) === 0 && octets.at(-2) === 0)
    return octets.subarray(2, -2);
  throw new CodecError('response template', 0, 'expected AB and its length, or AF 80 and 00 00 at the end');
}

function readExpanded(octets: Uint8Array): RemoteResponse {
  const format = octets[0] === TEMPLATE.definite ? 'definite' : 'indefinite';
  const responses: Uint8Array[] = [];
  let executed: number | undefined;
  let fault: BadFormat | undefined;
  let refused: ExpandedResponse['refused'];
  for (const { tag, value, start } of berTlvs(contentOf(octets))) {
    if (tag === TAG.executed) executed = value.reduce((number, octet) => (number << 8) | octet, 0);
    else if (tag === TAG.response && value.length >= 2) responses.push(value.slice());
    else if (tag === TAG.badFormat) fault = badFormat(value[0]);
    else if (tag === TAG.immediateAction) refused = 'immediateAction';
    else if (tag === TAG.scriptChaining) refused = 'chaining';
    else throw new CodecError('response template', start, `expected a result, got tag ${tag.toString(16)}`);
  }
  return {
    format,
    executed: executed ?? responses.length,
    responses,
    ...(fault !== undefined && { fault }),
    ...(refused !== undefined && { refused }),
  };
}

function badFormat(code: number | undefined): BadFormat {
  const names = Object.keys(BAD_FORMAT) as BadFormat[];
  const name = names.find((candidate) => BAD_FORMAT[candidate] === code);
  if (name === undefined) throw new CodecError('Bad format', 0, 'expected 01, 02 or 03');
  return name;
}
