import { NO_OCTETS, sameOctets } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { onChannel, SW } from '#protocol/apdu/index.ts';
import {
  type HostSession,
  putKey,
  putKeyAnswer,
  Scp03Host,
  type SecurityLevel,
  type StaticKeyOctets,
  staticKeys,
} from '#protocol/secure-channel/index.ts';
import type { CardSession, Reply } from './session.ts';

/** What came of opening a secure channel, or of a command in one that ended it. */
export interface DomainFailure {
  readonly reason: string;
}

const octetsOfReply = ({ data, statusWord }: Reply): Uint8Array => {
  const octets = new Uint8Array(data.length + 2);
  octets.set(data);
  octets[data.length] = statusWord >> 8;
  octets[data.length + 1] = statusWord & 0xff;
  return octets;
};

/** Commands to the security domain that is selected: plain, or under SCP03 while one is open (GPC Amendment D). Keys are not kept. */
export class DomainChannel {
  readonly #session: CardSession;
  readonly #random: Random;
  #open: HostSession | undefined;
  /** The channel and the directory it was opened in: what is selected elsewhere is another's. */
  #place: string | undefined;

  constructor(session: CardSession, random: Random) {
    this.#session = session;
    this.#random = random;
  }

  #here(): string {
    return `${this.#session.channel} ${this.#session.directory.name} ${this.#session.resets}`;
  }

  /** Whether commands are secured now. */
  get isOpen(): boolean {
    return this.#open?.open === true && this.#place === this.#here();
  }

  /** Opens SCP03, key version 0 for the card's default; undefined when it is open, or why not. */
  async open(keys: StaticKeyOctets, securityLevel: SecurityLevel): Promise<DomainFailure | undefined> {
    this.close();
    const host = new Scp03Host({
      ...{ aes: tableAes, random: this.#random, securityLevel, challengeLength: 8 },
      keys: staticKeys(tableAes, keys),
      ...(keys.version === 0 && { defaultKeySet: true }),
    });
    let step = host.receive(octetsOfReply(await this.#raw(host.start())));
    while (step.kind === 'send') step = host.receive(octetsOfReply(await this.#raw(step.command)));
    if (step.kind !== 'open') return { reason: step.reason };
    this.#open = step.session;
    this.#place = this.#here();
    return undefined;
  }

  #raw(command: Uint8Array): Promise<Reply> {
    return this.#session.sendRaw(command.with(0, onChannel(command[0] as number, this.#session.channel)));
  }

  /** Forgets the session; the card ends it at the next SELECT or INITIALIZE UPDATE. */
  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  /**
   * PUT KEY under the channel that is open: a whole key set, added, or in place of version `oldVersion` (0: of none). The card's check values
   * are compared with those of the keys. A failure when no channel is open, or the card holds other keys.
   */
  async putKeys(keys: StaticKeyOctets, oldVersion: number): Promise<Reply | DomainFailure> {
    const dek = this.isOpen ? this.#open?.dek : undefined;
    if (dek === undefined) return { reason: 'none is open: establish_scp03 first' };
    const { ins, p1, p2, data, le } = putKey(tableAes, dek, oldVersion, keys, this.#random);
    const reply = await this.send(ins, p1, p2, data, le);
    const isTaken = !('reason' in reply) && reply.statusWord === SW.ok;
    return isTaken && !sameOctets(reply.data, putKeyAnswer(tableAes, keys))
      ? { reason: 'the check values that the card answered are those of other keys' }
      : reply;
  }

  /** One command of class 80. A failure when what came back is no answer of the card's. */
  async send(
    ins: number,
    p1: number,
    p2: number,
    data: Uint8Array = NO_OCTETS,
    le?: number,
  ): Promise<Reply | DomainFailure> {
    const open = this.isOpen ? this.#open : undefined;
    if (open === undefined) return this.#session.send(0x80, ins, p1, p2, data, le);
    const cla = onChannel(0x80, this.#session.channel);
    const reply = await this.#session.sendRaw(open.wrap({ cla, ins, p1, p2, data, ...(le !== undefined && { le }) }));
    const answer = open.unwrap(octetsOfReply(reply));
    if (answer.kind !== 'notProven') return { statusWord: answer.statusWord, data: answer.data };
    // A refusal is never protected: it is told as it came, and has ended a session with R-MAC.
    const isRefusal = answer.reason === 'errorStatusWord' && reply.statusWord !== SW.ok;
    return isRefusal ? reply : { reason: answer.reason };
  }
}
