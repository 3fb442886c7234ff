import type { Bench, Row } from './measure.ts';
import { interfaceCounts, type Line } from './meeting.ts';

const shown = ({ apdus, out, back }: Line) => `${apdus} APDUs, ${out} + ${back} = ${out + back} octets`;

/** APDUs and octets between UICC and storage support, SELECT not counted. */
export const supportInterface: Bench = {
  name: 'support-interface',
  what: 'APDUs and octets on the storage support interface, after SELECT',
  run(): readonly Row[] {
    const { first, later } = interfaceCounts();
    return [
      {
        what: 'first meeting: SCP11a, IMEI, identity, pairing keys',
        result: shown(first),
        goal: 'SCP11a with GP certificates alone: 3 APDUs, 661 (secure-channel.md 7)',
      },
      { what: 'later power-on: SCP03 S8, IMEI', result: shown(later), goal: 'limit 3 APDUs, 111 octets' },
    ];
  },
};
