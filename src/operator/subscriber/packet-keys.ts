import { berTlvSet, concat, required, rest } from '#base/codec/index.ts';
import { type Aes, nodeAes } from '#base/crypto/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { blob, type Database, integer, type MasterKey, nullable, oneOf, text } from '#operator/database/index.ts';
import type { OtaKeys } from '#protocol/ota/index.ts';

/** Three AES keys of the set that protects packets for remote management, as octets. Secret: never log them. */
export interface PacketKeyOctets {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly dek: Uint8Array;
}

/** A key set that a UICC holds, or may hold. Generation 0 came with the card. */
export interface PacketKeySet {
  readonly generation: number;
  readonly octets: PacketKeyOctets;
  readonly keys: OtaKeys;
  readonly dek: Aes;
}

const STATES = ['coming', 'held', 'replaced', 'unused'] as const;
/**
 * What is known of a key set: it was sent and may be on the card (`coming`), the card proved that it holds it (`held`), a later one took its place
 * (`replaced`), or the card proved that it never took it (`unused`). Keys of the last two are erased.
 */
export type KeySetState = (typeof STATES)[number];

/** One generation of a UICC's packet keys, without the keys. */
export interface KeySetHistory {
  readonly iccid: string;
  readonly generation: number;
  readonly state: KeySetState;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly settledAt: number | undefined;
}

const PURPOSE = 'packet key set';
const key = rest(16, 32);
const format = berTlvSet({ first: required(0x80, key), second: required(0x81, key), dek: required(0x82, key) });
const MOST_READY = 10_000;

/** The packet keys of UICCs and their rotation. Each step is one transaction: what a killed process began is found whole or not at all. */
export class PacketKeys {
  readonly #tools: {
    readonly database: Database;
    readonly masterKey: MasterKey;
    readonly audit: Audit;
    readonly clock: Clock;
    readonly random: Random;
    readonly first: (iccid: Iccid) => PacketKeyOctets;
  };
  readonly #sql: ReturnType<typeof statements>;
  readonly #ready = new Map<string, PacketKeySet>();

  /** `first`: the keys that the card came with. */
  constructor(tools: {
    database: Database;
    masterKey: MasterKey;
    audit: Audit;
    clock: Clock;
    random: Random;
    first: (iccid: Iccid) => PacketKeyOctets;
  }) {
    this.#tools = tools;
    this.#sql = statements(tools.database);
  }

  /** The sets that the UICC may hold now: the proved one, then the one that a rotation may have brought. */
  candidates(iccid: Iccid): readonly [held: PacketKeySet, coming?: PacketKeySet] {
    const rows = this.#sql.live.all(iccid.digits);
    const held = rows.find(({ state }) => state === 'held');
    const coming = rows.find(({ state }) => state === 'coming');
    const sure = held === undefined ? this.#first(iccid) : this.#set(iccid, held);
    return coming === undefined ? [sure] : [sure, this.#set(iccid, coming)];
  }

  /** The generation to bring to a UICC next: the one that it may have taken already, or a new one. Joins a transaction. */
  begin(iccid: Iccid, author: string): number {
    return this.#tools.database.transaction(() => {
      const [held, begun] = this.candidates(iccid);
      if (begun !== undefined) return begun.generation;
      const { random, clock } = this.#tools;
      const fresh = () => random.octets(held.octets.first.length);
      const octets = { first: fresh(), second: fresh(), dek: fresh() };
      const { last } = this.#sql.last.only(iccid.digits);
      const generation = (last ?? 0) + 1;
      const wrapped = this.#tools.masterKey.wrap(PURPOSE, contextOf(iccid, generation), format.encode(octets));
      this.#sql.insert.run(iccid.digits, generation, wrapped, clock.now(), author);
      this.#log(iccid, author, { generation, state: 'coming' });
      return generation;
    });
  }

  /** The UICC proved that it holds this generation, and so no other: what it does not hold is erased. Joins a transaction. */
  settle(iccid: Iccid, generation: number): void {
    const now = this.#tools.clock.now();
    this.#tools.database.transaction(() => {
      for (const row of this.#sql.live.all(iccid.digits)) {
        if (row.generation === generation && row.state === 'coming') {
          this.#sql.hold.run(now, iccid.digits, generation);
          this.#log(iccid, 'UICC', { generation, state: 'held' });
        } else if (row.generation !== generation) {
          const state = row.state === 'coming' ? 'unused' : 'replaced';
          this.#sql.erase.run(state, now, iccid.digits, row.generation);
          this.#ready.delete(nameOf(iccid, row.generation));
          this.#log(iccid, 'UICC', { generation: row.generation, state });
        }
      }
    });
  }

  /** Generations in order of ICCID, the newest of each UICC first, from after `after` on. */
  history(after: { readonly iccid: string; readonly generation: number }, most: number): readonly KeySetHistory[] {
    return this.#sql.history.all(after.iccid, after.generation, most);
  }

  /** The generations of one UICC, the newest first. */
  historyOf(iccid: Iccid): readonly KeySetHistory[] {
    return this.#sql.historyOf.all(iccid.digits);
  }

  #first(iccid: Iccid): PacketKeySet {
    return this.#kept(iccid, 0, () => this.#tools.first(iccid));
  }

  #set(iccid: Iccid, row: { readonly generation: number; readonly wrapped: Uint8Array | undefined }): PacketKeySet {
    const { generation, wrapped = new Uint8Array(0) } = row;
    return this.#kept(iccid, generation, () =>
      format.decode(this.#tools.masterKey.unwrap(PURPOSE, contextOf(iccid, generation), wrapped)),
    );
  }

  #kept(iccid: Iccid, generation: number, read: () => PacketKeyOctets): PacketKeySet {
    const name = nameOf(iccid, generation);
    const found = this.#ready.get(name);
    if (found !== undefined) return found;
    const made = ready(generation, read());
    if (this.#ready.size >= MOST_READY) this.#ready.clear();
    this.#ready.set(name, made);
    return made;
  }

  #log(iccid: Iccid, author: string, detail: { readonly generation: number; readonly state: string }): void {
    this.#tools.audit.append({ kind: 'keys', author, subject: iccid.digits, detail });
  }
}

const nameOf = (iccid: Iccid, generation: number): string => `${iccid.digits} ${generation}`;
const contextOf = (iccid: Iccid, generation: number): Uint8Array =>
  concat(iccid.toEf(), Uint8Array.of(generation >> 8, generation & 0xff));

function ready(generation: number, octets: PacketKeyOctets): PacketKeySet {
  const keys = { cipher: nodeAes.key(octets.first), check: nodeAes.key(octets.second) };
  return { generation, octets, keys, dek: nodeAes.key(octets.dek) };
}

function statements(database: Database) {
  const history = {
    iccid: text,
    generation: integer,
    state: oneOf(...STATES),
    madeAt: integer,
    madeBy: text,
    settledAt: nullable(integer),
  };
  const shown = 'SELECT iccid, generation, state, made_at, made_by, settled_at FROM packet_key_set';
  return {
    live: database.query(
      "SELECT generation, state, wrapped FROM packet_key_set WHERE iccid = ? AND state IN ('coming', 'held')",
      { generation: integer, state: oneOf(...STATES), wrapped: nullable(blob) },
    ),
    last: database.query('SELECT max(generation) AS last FROM packet_key_set WHERE iccid = ?', {
      last: nullable(integer),
    }),
    insert: database.command(
      "INSERT INTO packet_key_set (iccid, generation, state, wrapped, made_at, made_by) VALUES (?, ?, 'coming', ?, ?, ?)",
    ),
    hold: database.command(
      "UPDATE packet_key_set SET state = 'held', settled_at = ? WHERE iccid = ? AND generation = ?",
    ),
    erase: database.command(
      'UPDATE packet_key_set SET state = ?, settled_at = ?, wrapped = NULL WHERE iccid = ? AND generation = ?',
    ),
    history: database.query(
      `${shown} WHERE iccid > ?1 OR (iccid = ?1 AND generation < ?2) ORDER BY iccid, generation DESC LIMIT ?3`,
      history,
    ),
    historyOf: database.query(`${shown} WHERE iccid = ? ORDER BY generation DESC`, history),
  };
}
