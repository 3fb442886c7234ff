import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { concat, NO_OCTETS } from '#base/codec/index.ts';
import { type Aes, type AesSiv, aesSiv, nodeAes, sp800108CounterCmac } from '#base/crypto/index.ts';
import { fileMemory, type NonVolatile, type Random, ramMemory } from '#base/port/index.ts';
import { imageSeal, isUnsealed, NEWEST_STATE_OCTETS, sealImage, type TransactionSeal } from '#handset/card/index.ts';
import { takeForThisProcess } from './in-use.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { WorkshopError } from './workshop-error.ts';

const KEY_OCTETS = 32;
const STATE = '.newest';
/** Octets behind the newest state of a card: drawn when it is made, so that an image of an earlier card of its name opens no more. */
const MAKING_OCTETS = 16;
const STATE_OCTETS = NEWEST_STATE_OCTETS + MAKING_OCTETS;
/** What the key of the shop derives for its cards. */
const LABEL = 'assay card image';
const TEXT = new TextEncoder();

/** A card's seal while its image is open. */
export interface OpenSeal {
  readonly seal: TransactionSeal;
  close(): void;
}

/** The images of a shop before it had keys for them. */
export interface OldImages {
  paths(): readonly string[];
  /** Octets of the image at a path. */
  sizeOf(path: string): number;
}

/**
 * What seals the images of a shop's cards, in a directory of its own, which may lie on another medium: one key (`image.key`), of which each
 * card's is derived, and for each card the newest state of its image (`NAME.newest`). Whoever copies the images reads nothing in them; whoever
 * puts an old one back is refused, unless he puts back this directory as well.
 */
export class ImageKeys {
  readonly #directory: string;
  readonly #random: Random;
  readonly #old: OldImages;
  #key: Aes | undefined;

  constructor(directory: string, { random, old }: { random: Random; old: OldImages }) {
    this.#directory = directory;
    this.#random = random;
    this.#old = old;
  }

  /** The seal of the card whose image lies at a path. Throws WorkshopError when its newest state is not there. */
  open(path: string): OpenSeal {
    const key = this.#shopKey();
    const newest = this.#newestPath(path);
    if (!existsSync(newest))
      throw new WorkshopError(
        `${newest}: expected the newest state of ${path}, it is missing: restore the directory of keys`,
      );
    return opened(key, path, newest);
  }

  /** The seal of a card that is being made: nothing is remembered of another that had its name. */
  begin(path: string): OpenSeal {
    return this.#begun(this.#shopKey(), path);
  }

  /** The seal over a copy of the newest state: for reading a copy of the image made after this call, which may be in use. */
  peek(path: string): TransactionSeal {
    const newest = ramMemory(STATE_OCTETS);
    newest.write(0, readFileSync(this.#newestPath(path)).subarray(0, STATE_OCTETS));
    return sealOver(this.#shopKey(), path, newest);
  }

  #newestPath(path: string): string {
    return join(this.#directory, basename(path) + STATE);
  }

  #shopKey(): Aes {
    this.#key ??= this.#storedKey();
    return this.#key;
  }

  #storedKey(): Aes {
    const path = join(this.#directory, 'image.key');
    const stored = readPrivateFile(path) ?? this.#newKey(path);
    if (stored.length !== KEY_OCTETS)
      throw new WorkshopError(
        `${path}: expected a key of ${KEY_OCTETS} octets, got ${stored.length}: restore it from a backup`,
      );
    return nodeAes.key(stored);
  }

  /**
   * The first key of a shop. Images that were made before there were keys are sealed with it before it counts, and never again: an image
   * without a seal that appears later is somebody's forgery.
   */
  #newKey(path: string): Uint8Array {
    const pending = `${path}.new`;
    const begun = readPrivateFile(pending);
    if (begun === undefined && this.#hasStates())
      throw new WorkshopError(`${path}: expected the key of the card images, it is missing: restore it from a backup`);
    const key = begun?.length === KEY_OCTETS ? begun : this.#random.octets(KEY_OCTETS);
    writePrivateFile(pending, key);
    for (const image of this.#old.paths()) this.#sealOld(image, nodeAes.key(key));
    renameSync(pending, path);
    return key;
  }

  #hasStates(): boolean {
    return existsSync(this.#directory) && readdirSync(this.#directory).some((name) => name.endsWith(STATE));
  }

  #sealOld(path: string, key: Aes): void {
    const giveBack = takeForThisProcess(path);
    const size = this.#old.sizeOf(path);
    const plain = fileMemory(path, size);
    try {
      if (!isUnsealed(plain)) return;
      const unfinished = `${path}.unfinished`;
      rmSync(unfinished, { force: true });
      const { seal: sealing, close } = this.#begun(key, path);
      const image = fileMemory(unfinished, size);
      sealImage(plain, image, sealing);
      image.close();
      close();
      renameSync(unfinished, path);
    } finally {
      plain.close();
      giveBack();
    }
  }

  #begun(key: Aes, path: string): OpenSeal {
    const newest = this.#newestPath(path);
    rmSync(newest, { force: true });
    const file = fileMemory(newest, STATE_OCTETS);
    file.write(NEWEST_STATE_OCTETS, this.#random.octets(MAKING_OCTETS));
    file.flush();
    file.close();
    return opened(key, path, newest);
  }
}

/**
 * A card's own key (SP 800-108: label, 00, context, length in bits), so that no image can stand in another's place: of its name, and of
 * what was drawn when it was made, which cards from before that have not.
 */
function cardKey(key: Aes, path: string, making: Uint8Array): AesSiv {
  const bits = 8 * KEY_OCTETS;
  const context = [TEXT.encode(basename(path)), ...(making.every(isErased) ? [] : [Uint8Array.of(0), making])];
  const fixed = concat(TEXT.encode(LABEL), Uint8Array.of(0), ...context, Uint8Array.of(bits >> 8, bits & 0xff));
  return aesSiv(sp800108CounterCmac(key, NO_OCTETS, fixed, bits));
}

const isErased = (octet: number) => octet === 0xff;

function opened(key: Aes, path: string, newestPath: string): OpenSeal {
  const newest: NonVolatile & { close(): void } = fileMemory(newestPath, STATE_OCTETS);
  return { seal: sealOver(key, path, newest), close: () => newest.close() };
}

function sealOver(key: Aes, path: string, newest: NonVolatile): TransactionSeal {
  return imageSeal({ siv: cardKey(key, path, newest.read(NEWEST_STATE_OCTETS, MAKING_OCTETS)), newest });
}
