import { CodecError, concat, sameOctets } from '#base/codec/index.ts';
import { LONGEST_USER_DATA, splitUserData, type UserData } from './user-data.ts';
import { concatenationElement, concatenationOf, type InformationElement, userDataHeader } from './user-data-header.ts';

/**
 * How a long message is cut. `wide` takes the 16-bit reference; `first` stands in the first segment only (TS 31.115
 * 4.2: 70 or 71).
 */
export interface Segmentation {
  readonly reference: number;
  readonly wide?: boolean;
  readonly first: readonly InformationElement[];
}

const MOST_SEGMENTS = 255;

/**
 * Cuts octets to what fits behind a header, in views: all of them when that is one segment, without a concatenation
 * element.
 */
export function segments(payload: Uint8Array, { reference, wide = false, first }: Segmentation): readonly UserData[] {
  const alone = userDataHeader.encode(first);
  if (alone.length + payload.length <= LONGEST_USER_DATA)
    return [withHeader(first.length === 0 ? undefined : alone, payload)];
  // Concatenation element and length octet: 6 or 7 octets.
  const header = wide ? 7 : 6;
  const roomInFirst = LONGEST_USER_DATA - header - (alone.length - 1);
  const roomInNext = LONGEST_USER_DATA - header;
  const total = 1 + Math.ceil((payload.length - roomInFirst) / roomInNext);
  if (total > MOST_SEGMENTS)
    throw new CodecError('concatenation', 0, `expected at most 255 segments, got ${total}: send less in one message`);
  return Array.from({ length: total }, (_, i) => {
    const element = concatenationElement({ reference, wide, total, sequence: i + 1 });
    const from = i === 0 ? 0 : roomInFirst + (i - 1) * roomInNext;
    const part = payload.subarray(from, from + (i === 0 ? roomInFirst : roomInNext));
    return withHeader(userDataHeader.encode(i === 0 ? [element, ...first] : [element]), part);
  });
}

function withHeader(header: Uint8Array | undefined, payload: Uint8Array): UserData {
  const octets = header ? concat(header, payload) : payload;
  return { hasHeader: header !== undefined, length: octets.length, octets };
}

/** Bounds of a reassembly: all input is hostile. */
export interface ReassemblyLimits {
  /** Messages begun and not complete. */
  readonly openMessages: number;
  /** Octets kept of all open messages together. */
  readonly octets: number;
  /** Milliseconds after its last segment that an open message is forgotten. */
  readonly ageMs: number;
}

/**
 * Room for two long command packets on a card, or for one subscriber at the gateway; a message's parts come within
 * minutes.
 */
export const DEFAULT_REASSEMBLY_LIMITS: ReassemblyLimits = { openMessages: 4, octets: 4096, ageMs: 10 * 60_000 };

interface OpenMessage {
  /** Sender, width, reference. */
  readonly key: string;
  readonly total: number;
  readonly lastMs: number;
  readonly octets: number;
  /** Elements other than the concatenation, of the first segment. */
  readonly elements: readonly InformationElement[];
  readonly parts: ReadonlyMap<number, Uint8Array>;
}

/** Messages of which segments are missing, oldest first. A value: `reassemble` makes a new one. */
export type Reassembly = readonly OpenMessage[];

/** Nothing begun. */
export const NO_OPEN_MESSAGES: Reassembly = [];

/**
 * A segment as it came in: from whom (any text that names the sender), when (milliseconds), and its user data (8-bit).
 */
export interface Segment {
  readonly sender: string;
  readonly nowMs: number;
  readonly userData: UserData;
}

/** What became of a segment, besides the new state. */
export type ReassemblyOutcome =
  /** The whole message: its elements without the concatenation, and its octets. */
  | { readonly kind: 'complete'; readonly elements: readonly InformationElement[]; readonly payload: Uint8Array }
  | { readonly kind: 'waiting'; readonly missing: number }
  | { readonly kind: 'duplicate' }
  /** The message is longer than the limits allow: nothing of it is kept. */
  | { readonly kind: 'tooLong' };

/**
 * Takes in one segment. Segments may come in any order and more than once. When there is no room, the message waited
 * for longest is given up, so that a flood of beginnings cannot shut out honest messages for the whole age. A segment
 * that contradicts what is there (other total, other octets at the same place) begins the message anew: references are
 * used again. Throws CodecError for a broken header.
 */
export function reassemble(
  state: Reassembly,
  { sender, nowMs, userData }: Segment,
  limits: ReassemblyLimits = DEFAULT_REASSEMBLY_LIMITS,
): { readonly state: Reassembly; readonly outcome: ReassemblyOutcome } {
  const { elements, payload } = splitUserData(userData);
  const place = concatenationOf(elements);
  const fresh = state.filter((message) => nowMs - message.lastMs < limits.ageMs);
  if (place === undefined || place.total === 1)
    return { state: fresh, outcome: { kind: 'complete', elements: elements.filter(isContent), payload } };
  const key = `${place.wide ? 'w' : 'n'}${place.reference} ${sender}`;
  const open = fresh.find((message) => message.key === key);
  const others = fresh.filter((message) => message !== open);
  const known = open?.parts.get(place.sequence);
  if (open?.total === place.total && known !== undefined && sameOctets(known, payload))
    return { state: fresh, outcome: { kind: 'duplicate' } };
  const isContinued = open !== undefined && open.total === place.total && known === undefined;
  const message: OpenMessage = {
    key,
    total: place.total,
    lastMs: nowMs,
    octets: payload.length + (isContinued ? open.octets : 0),
    elements: place.sequence === 1 ? elements.filter(isContent).map(copied) : isContinued ? open.elements : [],
    // What came in is a view of the sender's octets: what is kept is copied.
    parts: new Map([...(isContinued ? open.parts : []), [place.sequence, payload.slice()]]),
  };
  if (message.octets > limits.octets) return { state: others, outcome: { kind: 'tooLong' } };
  if (message.parts.size === message.total) return { state: others, outcome: whole(message) };
  return {
    state: withinLimits([...others, message], limits),
    outcome: { kind: 'waiting', missing: message.total - message.parts.size },
  };
}

const isContent = (element: InformationElement): boolean => concatenationOf([element]) === undefined;

const copied = ({ identifier, data }: InformationElement): InformationElement => ({ identifier, data: data.slice() });

function whole({ total, elements, parts }: OpenMessage): ReassemblyOutcome {
  const inOrder = Array.from({ length: total }, (_, i) => parts.get(i + 1) as Uint8Array);
  return { kind: 'complete', elements, payload: concat(...inOrder) };
}

/** Gives up messages from the oldest on until the newest fits with the rest. */
function withinLimits(messages: Reassembly, limits: ReassemblyLimits): Reassembly {
  let from = Math.max(0, messages.length - limits.openMessages);
  let kept = 0;
  for (let i = messages.length - 1; i >= from; i--) {
    kept += messages[i]?.octets ?? 0;
    if (kept > limits.octets) from = i + 1;
  }
  return messages.slice(from);
}
