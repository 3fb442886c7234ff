import type { CardDoor } from '#handset/connector/index.ts';
import type { OpenCard } from './card-place.ts';

/** What went wrong with cards in readers and modems while something else used them: the reason of each time, once, in order. */
export class SlotTroubles {
  readonly #said: string[] = [];

  /** For people: which card, and why it did not answer. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** The door to a card, watched. A card that went is mute until it is reset: only why it went is kept. One of ours has no trouble. */
  watched(who: string, { door, slot }: OpenCard): CardDoor {
    if (slot === undefined) return door;
    let isGone = false;
    const heard = (octets: Uint8Array): Uint8Array => {
      if (octets.length === 0 && !isGone) this.#said.push(`${who}: ${slot.trouble ?? 'the card does not answer'}`);
      isGone = octets.length === 0;
      return octets;
    };
    return {
      async reset() {
        isGone = false;
        return heard(await slot.reset());
      },
      transmit: async (command) => heard(await slot.transmit(command)),
    };
  }
}
