import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodecError, fromHex, octets, struct, toHex } from '#base/codec/index.ts';
import { type AesProvider, importPrivateKey, publicKeyOf, scp03Kdf, tableAes } from '#base/crypto/index.ts';
import type { Iccid, Imei, ImeiSv } from '#base/identity/index.ts';
import { type Clock, fileMemory, type Random, ramMemory } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import {
  type Authority,
  blankSupport,
  type FactoryKeys,
  type MakerRoot,
  makerRoot,
  provision,
  SUPPORT_MEMORY_SIZE,
  type SupportFacts,
  storageSupport,
  trustAnchorOf,
  verifySupport,
} from '#handset/storage-support/index.ts';
import {
  imeiLock,
  type LastingState,
  LOCK_KEY,
  lastingState,
  type Pairing,
  pairing,
} from '#handset/uicc/imei-lock/index.ts';
import {
  personaliseUicc,
  readPersonalisation,
  type ToolkitPort,
  type UiccPersonalisation,
  uicc,
} from '#handset/uicc/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { calendarDate } from '#protocol/secure-channel/index.ts';
import { ImageKeys } from './image-keys.ts';
import { takeForThisProcess } from './in-use.ts';
import { privateDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';
import { WorkshopError } from './workshop-error.ts';

/** A card in a file: use it, then close the file. */
export interface CardFile {
  readonly card: Card;
  /** Where it lies. */
  readonly path: string;
  close(): void;
}

/** What a new storage support is to hold. Its identity is drawn when none is given. */
export interface NewSupport {
  readonly imei: Imei;
  readonly secondImei?: Imei;
  readonly imeiSv?: ImeiSv;
  readonly identity?: Uint8Array;
  /** Operators whose UICCs may ask it. */
  readonly authorities: readonly Authority[];
  readonly staticKey?: Uint8Array;
}

/** The maker's secrets: its root key, and the key that factory key sets are derived from. */
const makerSecrets = struct({ scalar: octets(32), master: octets(16) });
const MAKER = fromHex('4153534159204C4142');
const YEARS_VALID = 20;
/** Derivation constants of the three factory keys, outside those of GPC Amendment D table 4-1. */
const FACTORY_KEY = { enc: 0xb1, mac: 0xb2, dek: 0xb3 } as const;
/** Octets of a UICC's memory file: two banks, each with room for all that a handset may write into files, and for what the reserve keeps. */
const UICC_MEMORY_SIZE = 65_536;
const ENDING = '.card';

/**
 * The lab's factory and card shop in a directory: a maker's root, storage supports and UICCs, each in a file that only its owner can read.
 * `factory/maker.key`, `factory/supports/IDENTITY.card`, `uicc/ICCID.card`. The images are sealed; what seals them lies in `card-keys`, or where
 * `cardKeys` says.
 */
export class Workshop {
  readonly #directory: string;
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #aes: AesProvider;
  readonly #keys: ImageKeys;
  #maker: { readonly root: MakerRoot; readonly master: Uint8Array } | undefined;

  constructor(
    directory: string,
    {
      random,
      clock,
      cardKeys = join(directory, 'card-keys'),
      aes = tableAes,
    }: {
      random: Random;
      clock: Clock;
      cardKeys?: string /** What the cards that are opened compute with. */;
      aes?: AesProvider;
    },
  ) {
    this.#directory = directory;
    this.#random = random;
    this.#clock = clock;
    this.#aes = aes;
    const supports = () => this.supports().map((identity) => this.#supportPath(identity));
    const uiccs = () => this.uiccs().map((iccid) => this.#uiccPath(iccid));
    const sizeOf = (path: string) =>
      dirname(path) === join(directory, 'uicc') ? UICC_MEMORY_SIZE : SUPPORT_MEMORY_SIZE;
    this.#keys = new ImageKeys(cardKeys, { random, old: { paths: () => [...supports(), ...uiccs()], sizeOf } });
  }

  /** The maker's root; made at its first use and kept. */
  get makerRoot(): MakerRoot {
    return this.#secrets().root;
  }

  /** Identities of all storage supports here, in hexadecimal. */
  supports(): readonly string[] {
    return cardsIn(join(this.#directory, 'factory', 'supports'));
  }
  /** ICCIDs of all UICCs here. */
  uiccs(): readonly string[] {
    return cardsIn(join(this.#directory, 'uicc'));
  }

  /** Makes a storage support: blank, personalised over its APDUs, closed. Its identity in hexadecimal. Throws WorkshopError, FactoryError. */
  provision(order: NewSupport): string {
    const identity = order.identity ?? this.#random.octets(8);
    const path = this.#supportPath(toHex(identity));
    if (existsSync(path))
      throw new WorkshopError(`${path}: expected no such support, got one: choose another identity`);
    const today = calendarDate(this.#clock.now());
    const keys = this.#factoryKeys(identity);
    const root = this.makerRoot;
    this.#make(path, SUPPORT_MEMORY_SIZE, (memory) => {
      blankSupport(memory, keys);
      const card = storageSupport({ memory, random: this.#random, aes: tableAes });
      const dates = { validFrom: today, validTo: today + YEARS_VALID * 10_000 };
      provision(card, keys, { ...order, identity, ...dates }, { root, random: this.#random, aes: tableAes });
    });
    return toHex(identity);
  }

  /** What anyone can see of a storage support, against this maker's root. */
  verify(identity: string): SupportFacts {
    const file = this.openSupport(identity);
    try {
      return verifySupport(file.card, [trustAnchorOf(this.makerRoot)], calendarDate(this.#clock.now()));
    } finally {
      file.close();
    }
  }

  /** A storage support from its file. Throws WorkshopError when there is none. */
  openSupport(identity: string): CardFile {
    const path = this.#supportPath(identity);
    if (!existsSync(path))
      throw new WorkshopError(`${path}: no such storage support: make one with 'assay factory provision'`);
    return this.#opened(path, SUPPORT_MEMORY_SIZE, (memory) =>
      storageSupport({ memory, random: this.#random, aes: this.#aes }),
    );
  }

  /** Personalises a UICC into a file. Throws WorkshopError when its ICCID is there already. */
  personalise(order: UiccPersonalisation): string {
    const path = this.#uiccPath(order.iccid.digits);
    if (existsSync(path)) throw new WorkshopError(`${path}: expected no such UICC, got one: choose another ICCID`);
    this.#make(path, UICC_MEMORY_SIZE, (memory) => personaliseUicc(memory, order));
    return path;
  }

  /** A UICC with the IMEI lock from its file. Throws WorkshopError when there is none. */
  openUicc(iccid: Iccid | string): CardFile {
    const path = this.#uiccPath(String(iccid));
    if (!existsSync(path)) throw new WorkshopError(`${path}: no such UICC: make one with 'assay uicc personalise'`);
    const aes = this.#aes;
    const parts = { random: this.#random, aes, application: (port: ToolkitPort) => imeiLock(port, aes) };
    return this.#opened(path, UICC_MEMORY_SIZE, (memory) => uicc({ ...parts, memory }));
  }

  /** What the lock of a UICC keeps over power off, read from its file: only who owns the file can. Undefined before its first power-on. */
  lockOf(iccid: Iccid | string): { readonly lasting: LastingState; readonly pairing: Pairing | undefined } | undefined {
    const memory = this.#copyOf(iccid);
    const lasting = memory.get(LOCK_KEY.lasting);
    const paired = memory.get(LOCK_KEY.pairing);
    return lasting && { lasting: lastingState.decode(lasting), pairing: paired && pairing.decode(paired) };
  }

  /** What makes a UICC like this one, read from its file: only who owns the file can. Full of secrets. */
  personalisationOf(iccid: Iccid | string): UiccPersonalisation {
    const found = readPersonalisation(this.#copyOf(iccid));
    if (found === undefined)
      throw new WorkshopError(`${this.#uiccPath(String(iccid))}: expected a personalised UICC, got a fresh one`);
    return found;
  }

  /** A copy of a UICC's memory: another process may be using the card. */
  #copyOf(iccid: Iccid | string): CardMemory {
    const path = this.#uiccPath(String(iccid));
    if (!existsSync(path)) throw new WorkshopError(`${path}: no such UICC: make one with 'assay uicc personalise'`);
    // Its newest state first, so that the image is never older than that.
    const seal = this.#keys.peek(path);
    const image = readFileSync(path);
    const copy = ramMemory(image.length);
    copy.write(0, image);
    return cardMemory(copy, seal);
  }

  /** Makes a card's image under another name first: one that was not finished is never taken for a card. */
  #make(path: string, size: number, fill: (memory: CardMemory) => void): void {
    const unfinished = `${path}.unfinished`;
    privateDirectory(dirname(path));
    rmSync(unfinished, { force: true });
    const { seal, close } = this.#keys.begin(path);
    const file = fileMemory(unfinished, size);
    try {
      fill(cardMemory(file, seal));
    } finally {
      file.close();
      close();
    }
    renameSync(unfinished, path);
  }

  /** Opens a card file for this process alone. Throws InUse when another has it, CardMemoryError when its image is not the newest. */
  #opened(path: string, size: number, make: (memory: CardMemory) => Card): CardFile {
    const { seal, close: closeSeal } = this.#keys.open(path);
    let giveBack = () => {};
    try {
      giveBack = takeForThisProcess(path);
      const file = fileMemory(path, size);
      const close = () => {
        file.close();
        closeSeal();
        giveBack();
      };
      return { card: make(cardMemory(file, seal)), path, close };
    } catch (error) {
      closeSeal();
      giveBack();
      throw error;
    }
  }

  #supportPath(identity: string): string {
    return join(this.#directory, 'factory', 'supports', identity.toUpperCase() + ENDING);
  }
  #uiccPath(iccid: string): string {
    return join(this.#directory, 'uicc', iccid + ENDING);
  }

  #secrets(): { readonly root: MakerRoot; readonly master: Uint8Array } {
    if (this.#maker !== undefined) return this.#maker;
    const path = join(this.#directory, 'factory', 'maker.key');
    const stored = readPrivateFile(path) ?? this.#newMaker(path);
    try {
      const { scalar, master } = makerSecrets.decode(stored);
      const privateKey = importPrivateKey('P-256', scalar);
      this.#maker = { root: { identifier: MAKER, keys: { privateKey, publicKey: publicKeyOf(privateKey) } }, master };
      return this.#maker;
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      throw new WorkshopError(
        `${path}: expected a maker's key of 48 octets, got something else: restore it from a backup`,
      );
    }
  }

  #newMaker(path: string): Uint8Array {
    const { keys } = makerRoot(MAKER, this.#random);
    const { d } = keys.privateKey.keyObject.export({ format: 'jwk' });
    const scalar = new Uint8Array(Buffer.from(d ?? '', 'base64url'));
    const secrets = makerSecrets.encode({ scalar, master: this.#random.octets(16) });
    writePrivateFile(path, secrets);
    return secrets;
  }

  /** Each support has factory keys of its own, derived from its identity. */
  #factoryKeys(identity: Uint8Array): FactoryKeys {
    const master = tableAes.key(this.#secrets().master);
    const derive = (constant: number) => scp03Kdf(master, constant, 128, identity);
    return { enc: derive(FACTORY_KEY.enc), mac: derive(FACTORY_KEY.mac), dek: derive(FACTORY_KEY.dek) };
  }
}

function cardsIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}
