import { NO_OCTETS } from '#base/codec/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import type { AnswerNow, Effect } from './procedure.ts';

/** What stands around an operating system in one process: the UICC, the cards in its additional readers, the network, the screen. */
export interface Surroundings {
  readonly uicc: Card | undefined;
  /** Card readers 0 to 7; the storage support (2) of a genuine handset is in reader 1. */
  readonly readers: ReadonlyMap<number, Card>;
  /** A layer 3 message up, the network's answers down (`airFrames`). */
  air(message: Uint8Array): Uint8Array;
  display(text: string): void;
}

/** Answers an operating system's effects from cards and a network in this process. A missing card is mute: no octets. */
export function surroundingsNow(around: Surroundings): AnswerNow {
  return (effect: Effect) => {
    switch (effect.type) {
      case 'uicc':
        return around.uicc?.transmit(effect.command) ?? NO_OCTETS;
      case 'reader':
        return around.readers.get(effect.reader)?.transmit(effect.command) ?? NO_OCTETS;
      case 'air':
        return around.air(effect.message);
      case 'display':
        around.display(effect.text);
        return NO_OCTETS;
      case 'resetUicc':
        return around.uicc?.reset() ?? NO_OCTETS;
      case 'resetReader':
        return around.readers.get(effect.reader)?.reset() ?? NO_OCTETS;
    }
  };
}
