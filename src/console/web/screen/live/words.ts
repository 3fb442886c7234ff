import { saidWords, t } from '../../text/index.ts';
import { operatorWords } from '../said-words.ts';
import type { Exchange, Handset, Hop, Sheet } from './types.ts';

/** The columns of the ladder, in their order; what a person is shown stands at the operating system. */
export const PARTIES = [
  'storageSupport',
  'operatingSystem',
  'uicc',
  'smsc',
  'operator',
  'register',
  'network',
] as const satisfies readonly Hop['from'][];

/** Those that an operator knows of. */
export const OPERATOR_PARTIES = ['uicc', 'smsc', 'operator', 'register', 'network'] as const satisfies readonly Party[];
/** Who sends or receives. */
export type Party = Exclude<Hop['from'], 'person'>;

/** A party's name. */
export const partyText = (party: Hop['from']): string => t(`live.party-${party}`);
/** Its place among these columns. */
export const columnOf = (parties: readonly Party[], party: Hop['from']): number =>
  parties.indexOf(party === 'person' ? 'operatingSystem' : party);

/** What a handset did. */
export const kindText = ({ kind }: Pick<Exchange, 'kind'>): string => t(`live.kind-${kind}`);

const HEX = 16;

/** How an exchange ended. */
export function outcomeText({ outcome, kind: of }: Pick<Exchange, 'outcome' | 'kind'>): string {
  // What nobody began has no end that anybody waits for.
  if (outcome === undefined) return t(of === 'message' ? 'live.outcome-done' : 'live.outcome-open');
  const { kind, code } = outcome;
  const words = t(`live.outcome-${kind}`);
  if (code === undefined) return words;
  return `${words} (${kind === 'uiccRefused' ? code.toString(HEX).toUpperCase() : code})`;
}

const GOOD: readonly string[] = ['attached', 'connected', 'same', 'off', 'acknowledged'];
const BAD: readonly string[] = [
  'rejected',
  'uiccRefused',
  'powerCut',
  'different',
  'notAllowed',
  'putAside',
  'notDelivered',
];

/** The colour of an outcome. */
export function outcomeTone({ outcome }: Pick<Exchange, 'outcome'>): 'good' | 'bad' | 'watch' | 'plain' {
  if (outcome === undefined) return 'plain';
  if (GOOD.includes(outcome.kind)) return 'good';
  return BAD.includes(outcome.kind) ? 'bad' : 'watch';
}

/** An operating system's name. */
export const osText = (os: Handset['os']): string => t(`live.os-${os}`);
/** What service a handset has. */
export const serviceText = ({ service }: Pick<Handset, 'service'>): string => t(`live.service-${service}`);

/** What a hop is called. */
export const hopText = ({ name, named }: Hop): string => saidWords('hopName', named, name);
/** What is worth knowing about a hop: the status word, or words. */
export const resultText = ({ statusWord, detail, detailed }: Hop): string =>
  statusWord ?? (detail === undefined ? '' : operatorWords('hopDetail', detailed, detail));
/** The title of an octet string. */
export const titleText = ({ title, titled }: Sheet): string => saidWords('octetName', titled, title);

/** What a hop means, in a sentence. */
export const meaningText = ({ meaning }: Hop): string => t(`live.meaning-${meaning}`);
