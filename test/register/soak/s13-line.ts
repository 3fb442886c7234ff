import {
  AVP,
  type Avp,
  AvpFault,
  capabilitiesRequest,
  DPA,
  ECA,
  ECR,
  FLAG,
  HEADER_LENGTH,
  headerAt,
  MessageStream,
  messageOctets,
  readAvps,
  watchdogAnswer,
} from '#protocol/diameter/index.ts';
import { Line, type Protocol } from './line.ts';
import type { Answer } from './model.ts';

const LONGEST = 64 * 1024;
const COMMANDS = { watchdog: 280, disconnect: 282, check: 324 } as const;
const S13 = 16777252;
const SUCCESS = 2001;
const EQUIPMENT_UNKNOWN = 5422;
const REALM = 'test';
/** TS 29.272 7.3.51. */
const STATUS = ['permitted', 'prohibited', 'tracking'] as const;

/** An answer, or the Result-Code of one that is none. */
export type S13Answer = Answer | `Result-Code ${string}`;

function resultCodeOf(avps: readonly Avp[]): number | undefined {
  const data = avps.find(({ code }) => code === AVP['Result-Code'].code)?.data;
  return data && new DataView(data.buffer, data.byteOffset).getUint32(0);
}

/** A ME-Identity-Check-Answer in the words of the model. */
function answerOf(message: Uint8Array): S13Answer {
  const found: Avp[] = [];
  const budget = { avps: 64, depth: 4 };
  readAvps(message, HEADER_LENGTH, message.length, budget, found);
  // An answer-message follows no grammar of S13.
  if ((headerAt(message).flags & FLAG.E) !== 0) return `Result-Code ${resultCodeOf(found)}`;
  const eca = ECA.read(found, budget);
  if (eca instanceof AvpFault) return 'Result-Code unreadable';
  const status = eca['Equipment-Status'];
  if (eca['Result-Code'] === SUCCESS && status !== undefined) return STATUS[status] ?? 'Result-Code unreadable';
  const experimental = eca['Experimental-Result']?.['Experimental-Result-Code'];
  return experimental === EQUIPMENT_UNKNOWN ? 'unknown' : `Result-Code ${eca['Result-Code'] ?? experimental}`;
}

function protocolOf(originHost: string): Protocol<S13Answer> {
  const node = {
    ...{ originHost, originRealm: REALM, productName: 'soak', addresses: ['127.0.0.1'], originStateId: 1 },
  };
  return {
    framing() {
      const stream = new MessageStream(LONGEST);
      return {
        push(octets, take) {
          stream.push(octets, (all, start, end) => {
            take(all.slice(start, end));
            return true;
          });
        },
      };
    },
    greeting: capabilitiesRequest(node, { hopByHop: 1, endToEnd: 1 }),
    isGreeting: () => true,
    read(message) {
      const head = headerAt(message);
      const isRequest = (head.flags & FLAG.R) !== 0;
      if (!isRequest) return head.command === COMMANDS.check ? { answer: answerOf(message) } : {};
      if (head.command === COMMANDS.watchdog) return { reply: watchdogAnswer(node, head) };
      if (head.command !== COMMANDS.disconnect) return {};
      const origin = { 'Result-Code': SUCCESS, 'Origin-Host': originHost, 'Origin-Realm': REALM };
      return { reply: messageOctets({ ...head, flags: 0 }, DPA.write(origin)), isLast: true };
    },
  };
}

/** An MME of this name on S13. */
export class S13Line {
  readonly #line: Line<S13Answer>;
  readonly #originHost: string;
  #number = 1;

  constructor(port: number, originHost: string) {
    this.#originHost = originHost;
    this.#line = new Line(port, protocolOf(originHost));
  }

  /** Asks about 14, 15 or 16 digits; undefined when no answer came. */
  ask(digits: string, imsi: string | undefined): Promise<S13Answer | undefined> {
    const number = ++this.#number;
    const body = ECR.write({
      'Session-Id': `${this.#originHost};1;${number};s13`,
      'Auth-Session-State': 1,
      'Origin-Host': this.#originHost,
      'Origin-Realm': REALM,
      'Destination-Realm': REALM,
      'Terminal-Information': { IMEI: digits, 'Software-Version': '01' },
      ...(imsi !== undefined && { 'User-Name': imsi }),
    });
    const head = { flags: 0xc0, command: COMMANDS.check, application: S13, hopByHop: number, endToEnd: number };
    return this.#line.ask(messageOctets(head, body));
  }

  close(): void {
    this.#line.close();
  }
}
