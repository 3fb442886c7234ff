import type { LabHandset } from '#lab/handset/index.ts';
import { type OpenLaboratory, openLaboratory, type Where } from '#lab/laboratory/index.ts';
import type { LoopbackOptions } from '#lab/loopback/index.ts';
import { CAST, type Part } from './cast.ts';

/** What a world is made with. */
export type WorldOptions = Omit<LoopbackOptions, 'gateway' | 'cardAes'>;

/** Operator, SMSC and two small networks on loopback, and handsets of the cast. */
export interface World extends OpenLaboratory {
  /** A handset of the cast, switched off; made in the factory the first time. `os` replaces the part's own operating system. */
  handset(part: Part, where: Where, os?: Part['os']): LabHandset;
}

/** On loopback nothing takes long: looked for often, sent again soon. */
const GATEWAY = { pollMilliseconds: 40, retryMilliseconds: 3_000, contact: '' };

/** Opens a world over a data directory. Throws what its rooms throw; nothing is left open then. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const opened = await openLaboratory({ ...options, gateway: GATEWAY });
  // The operator may still have an order for one of them.
  for (const { name, iccid, imsi, msisdn } of Object.values(CAST))
    opened.laboratory.know({ name, uicc: { iccid, imsi, msisdn } });
  return {
    ...opened,
    handset({ iccid, imsi, msisdn, support: identity, imei, ...part }, where, os = part.os) {
      const support = imei && { identity, imei };
      return opened.laboratory.stand({
        ...{ ...part, where, os, support, uicc: { iccid, imsi, msisdn } },
        otherImei: part.otherImei,
      });
    },
  };
}
