import type { Imei, Imsi } from '#base/identity/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { EquipmentCheckNow, EquipmentStatus, HomeSubscribersNow } from './ports.ts';

/** AMF of vectors for GSM and UMTS networks: the separation bit of EPS and 5G is 0 (TS 33.401 6.1.1). */
const AMF = 0x0000;

/** What a network asks of an equipment register. */
interface Register {
  check(question: { readonly imei: Imei; readonly imsi: Imsi }): { readonly equipmentStatus: EquipmentStatus };
}

/** The operator's (5) subscribers and register (7) in the same process as a network's ports. */
export function ofOperator(
  subscribers: Pick<Subscribers, 'authenticationVector' | 'resynchronise'>,
  register: Register,
): { readonly subscribers: HomeSubscribersNow; readonly equipment: EquipmentCheckNow } {
  return {
    subscribers: {
      authenticationVector: (imsi) => subscribers.authenticationVector(imsi, AMF),
      resynchronise: (imsi, rand, auts) => subscribers.resynchronise(imsi, rand, auts),
    },
    equipment: { check: (imei, imsi) => register.check({ imei, imsi }).equipmentStatus },
  };
}
