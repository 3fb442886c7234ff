import { authenticationVector, milenage, tableAes } from '#base/crypto/index.ts';
import type { Imei } from '#base/identity/index.ts';
import { fixedClock, type Random } from '#base/port/index.ts';
import { runNow, surroundingsNow } from '#handset/connector/index.ts';
import { OperatingSystem, PERFORMED_FEATURES } from '#handset/operating-system/index.ts';
import type { CoreNetworkNow, CoreNetworkNowOptions } from '#lab/core-network/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';

// One honest handset in a network that takes it: for the benches, and for tests of its cards.

/** A home network that knows one subscriber: real Milenage vectors, SQN rising by a step of 32 over all networks made with these. */
export function homeOf(k: Uint8Array, opc: Uint8Array, random: Random): CoreNetworkNowOptions {
  const algorithm = milenage(tableAes.key(k), opc);
  let sqn = 0;
  return {
    clock: fixedClock(0),
    subscribers: {
      authenticationVector() {
        sqn += 32;
        return authenticationVector(algorithm, random.octets(16), sqn, 0);
      },
      resynchronise: () => false,
    },
    equipment: { check: () => 'permitted' },
    shortMessages: { submit: () => ({ accepted: true }), attached: () => {}, detached: () => {} },
  };
}

/** An honest handset around two cards, in a network. */
export function inHandset(card: Card, support: Card, network: CoreNetworkNow, imei: Imei) {
  const air = network.connect('A');
  const answer = surroundingsNow({
    uicc: card,
    readers: new Map([[1, support]]),
    air: (message) => air.air(message),
    display: () => {},
  });
  const system = new OperatingSystem({ imei, terminalProfile: terminalProfile(PERFORMED_FEATURES) });
  return {
    boot: () => runNow(system.boot(), answer),
    poll: () => runNow(system.poll(), answer),
    leave: () => air.disconnect(),
  };
}
