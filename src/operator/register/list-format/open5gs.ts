import { inColumn, lineProblem, type Problem } from '../line-problem.ts';
import type { ListName } from '../list-entry.ts';
import { fileImsi } from './file-imei.ts';
import type { Subject } from './list-line.ts';
import type { Normalisation } from './normalisation.ts';
import { oneHandset, type RecordReader, recordLine, recordPair, recordText, type Subscribers } from './record.ts';

/** EquipmentStatus of TS 29.511 6.1.6.3.3. */
export const OPEN5GS_STATUS: Readonly<Record<ListName, string>> = {
  white: 'WHITELISTED',
  black: 'BLACKLISTED',
  grey: 'GREYLISTED',
};

/**
 * A record of the collection `eir` of Open5GS, {pei, supi?, status}, or of `policyData.ues.eirData` of adjivas/eir, {pei, supi?, gpsi?,
 * equipment_status}. A record about an IMEISV is about the handset: the software version is dropped, and said to be.
 */
export const open5gsRecord: RecordReader = (number, value, options) => {
  const pei = recordText('pei', value('pei'));
  if ('problem' in pei) return pei;
  const list = listOf(value('status') ?? value('equipment_status'));
  if (typeof list === 'object') return list;
  const handset = oneHandset('pei', pei.text, options);
  if ('problem' in handset) return handset;
  const imsis = subscribersOf(value);
  if (imsis !== 'any' && 'problem' in imsis) return imsis;
  const subject: Subject | Problem =
    imsis === 'any' ? { about: 'imei', imei: handset.first } : recordPair(handset, imsis, list);
  if ('problem' in subject) return subject;
  return recordLine(number, { subject, list, normalised: withoutPrefix(handset.normalised, pei.text) }, options);
};

/** The prefix belongs to a PEI (TS 29.571 5.3.2): taking it off is nothing that was done to the value. */
function withoutPrefix(normalised: readonly Normalisation[], pei: string): readonly Normalisation[] {
  return /^imei(sv)?-\d+$/i.test(pei) ? normalised.slice(1) : normalised;
}

function listOf(status: unknown): ListName | Problem {
  for (const [list, word] of Object.entries(OPEN5GS_STATUS) as [ListName, string][]) if (status === word) return list;
  const words = Object.values(OPEN5GS_STATUS).join(', ');
  const problem =
    typeof status === 'string'
      ? lineProblem('statusUnknown', { words, got: status.slice(0, 20) })
      : lineProblem('statusMissing', { words });
  return { problem, column: 'status' };
}

function subscribersOf(value: (name: string) => unknown): Subscribers | Problem {
  const gpsi = recordText('gpsi', value('gpsi'));
  if ('problem' in gpsi) return gpsi;
  const supi = recordText('supi', value('supi'));
  if ('problem' in supi) return supi;
  if (supi.text === '') return gpsi.text === '' ? 'any' : { problem: lineProblem('gpsiAlone'), column: 'gpsi' };
  const found = fileImsi(supi.text);
  return 'problem' in found ? inColumn('supi', found) : { firstImsi: found.imsi, lastImsi: found.imsi };
}
