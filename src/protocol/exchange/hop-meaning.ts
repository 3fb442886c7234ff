import type { TraceRecord } from '#base/trace/index.ts';

/** What hops mean in the story, by a code that a page can translate; the first whose name fits is taken. */
const MEANINGS: readonly (readonly [code: string, name: RegExp, sentence: string])[] = [
  [
    'reset',
    /^reset: ATR/,
    'The handset powers a card; the card says in its answer to reset which protocols it speaks.',
  ],
  [
    'terminal-profile',
    /^TERMINAL PROFILE/,
    'The operating system tells the UICC what it can do for it. From here on the UICC may ask for things.',
  ],
  ['power-on-support', /^POWER ON CARD/, 'The UICC asks for the storage support to be powered.'],
  [
    'carry-command',
    /^PERFORM CARD APDU/,
    'The UICC has a command for the storage support. It can only reach it through the operating system, which carries the octets.',
  ],
  [
    'carry-response',
    /^TERMINAL RESPONSE: PERFORM CARD APDU/,
    'The operating system brings back what the storage support answered, or what it says the answer was.',
  ],
  [
    'claimed-imei',
    /^(PROVIDE LOCAL INFORMATION|TERMINAL RESPONSE: PROVIDE LOCAL INFORMATION)/,
    'The UICC asks the operating system which IMEI it would tell the network, to compare it with the proved one.',
  ],
  ['select-support', /^SELECT storage support/, 'The application of the storage support is selected.'],
  [
    'initialize-update',
    /^INITIALIZE UPDATE/,
    'SCP03 begins: the UICC sends a challenge, the storage support answers with its own and a cryptogram only a holder of the pairing keys can make.',
  ],
  [
    'external-authenticate',
    /^EXTERNAL AUTHENTICATE/,
    'The UICC shows that it holds the pairing keys too. Now both are proved to each other.',
  ],
  [
    'certificate',
    /^GET DATA \(certificate\)/,
    'The first meeting: the UICC reads the storage support’s certificate, signed by its maker.',
  ],
  ['uicc-certificate', /^PSO/, 'The UICC presents its own certificate, signed by the operator.'],
  [
    'mutual-authenticate',
    /^MUTUAL AUTHENTICATE/,
    'SCP11a: both agree session keys; the receipt shows that the storage support holds the key of its certificate.',
  ],
  [
    'static-authenticate',
    /^INTERNAL AUTHENTICATE/,
    'The static-key mode: one exchange proves the IMEI under a key of the operator.',
  ],
  ['pairing-keys', /^PUT KEY/, 'The UICC gives the storage support keys for later power-ons: the two are paired.'],
  [
    'read-imei',
    /^GET DATA \(IMEI/,
    'Inside the channel the storage support says its IMEI, with a counter that never repeats.',
  ],
  ['read-identity', /^GET DATA/, 'Inside the channel the storage support says who it is.'],
  [
    'report',
    /^(report$|SEND SHORT MESSAGE)/,
    'The UICC reports what it proved to the operator, in a packet that nobody on the way can read.',
  ],
  ['answer', /^(answer: |ENVELOPE: SMS-PP DOWNLOAD)/, 'The operator answers: permit, track or block. The UICC obeys.'],
  ['proof-of-receipt', /^proof of receipt/, 'The UICC tells the operator that it has done what was ordered.'],
  [
    'dropped',
    /^DROPPED/,
    'The laboratory lost this short message, as a network can. Whoever waits for it has to send again.',
  ],
  [
    'replayed',
    /^REPLAYED/,
    'The laboratory sends a copy of an older short message, octet for octet. Its counter gives it away.',
  ],
  [
    'as-reported',
    /as reported$/,
    'What the UICC did in the handset, as its report says. The operator did not see it: it believes the seal of the report.',
  ],
  [
    'verdict',
    /^verdict/,
    'What the register says about the IMEI, and what the operator’s policy makes of it: the first reason decides.',
  ],
  [
    'delivery-receipt',
    /^delivery receipt/,
    'The service centre says what became of a short message. It is no proof: only the UICC can give that.',
  ],
  ['message-submitted', /^SMS-SUBMIT/, 'A short message from a handset reaches the service centre.'],
  ['message-delivered', /^SMS-DELIVER/, 'The service centre has a short message for a handset.'],
  [
    'smpp',
    /^(submit_sm|deliver_sm|enquire_link|bind_)/,
    'The service centre and the operator’s gateway speak SMPP over TCP.',
  ],
  [
    'authenticate',
    /^AUTHENTICATE/,
    'The network’s challenge reaches the UICC. Its lock decides here whether the handset may have service.',
  ],
  [
    'authentication',
    /^(AUTHENTICATION|SEND AUTHENTICATION INFO|RESYNCHRONISATION)/,
    'The network makes sure that the subscriber’s UICC is really there.',
  ],
  ['identity', /^IDENTITY/, 'The network asks the operating system for its IMEI, and has to believe what it says.'],
  [
    'check-imei',
    /^CHECK IMEI/,
    'The register is asked about an IMEI together with the IMSI: by the network about the one it was told, by the operator about the one that was proved.',
  ],
  [
    'location-updating',
    /^(LOCATION UPDATING|IMSI DETACH)/,
    'The handset asks for service, is answered, or says that it goes.',
  ],
  ['emergency', /^EMERGENCY SETUP/, 'An emergency call. It works in every state of card, lock and network.'],
  ['call', /^(SETUP|CM SERVICE|CALL PROCEEDING|CONNECT|RELEASE)/, 'A call is set up or ends.'],
  ['call-control', /^ENVELOPE: CALL CONTROL/, 'The operating system has to ask the UICC before it calls.'],
  ['display', /^(display|DISPLAY TEXT)/, 'The person is told why.'],
  [
    'fetch',
    /^(FETCH|TERMINAL RESPONSE|ENVELOPE)/,
    'The UICC and the operating system speak the toolkit of TS 102 223.',
  ],
  [
    'files',
    /^(SELECT|STATUS|READ|UPDATE|VERIFY|MANAGE CHANNEL|GET RESPONSE)/,
    'The operating system reads or writes a file of the UICC, as it does at each power-on.',
  ],
  ['carrier', /^(CP-|MO FORWARD SHORT MESSAGE)/, 'The network carries a short message, or acknowledges one.'],
];

/** A code that a page can translate, and the same in a sentence. */
export interface HopMeaning {
  readonly code: string;
  readonly sentence: string;
}

const OTHER: HopMeaning = { code: 'other', sentence: 'A hop that there are no words for.' };

/** Every code there is. */
export const MEANING_CODES: readonly string[] = [...MEANINGS.map(([code]) => code), OTHER.code];

/** What a hop means in the story. */
export function hopMeaning({ name }: Pick<TraceRecord, 'name'>): HopMeaning {
  const found = MEANINGS.find(([, pattern]) => pattern.test(name));
  return found === undefined ? OTHER : { code: found[0], sentence: found[2] };
}
