import { type AnyLine, type ListRecord, listLines, NORMALISATIONS, type ReadOptions } from './index.ts';

/** A text as octets. */
export const octetsOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Octets in pieces of a size. */
export const cut = (octets: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(octets.length / size) }, (_, index) =>
    octets.subarray(index * size, (index + 1) * size),
  );

/** Every line of a file. */
export async function linesIn(
  file: string | Uint8Array | Iterable<Uint8Array>,
  options: ReadOptions,
): Promise<AnyLine[]> {
  const octets = typeof file === 'string' ? octetsOf(file) : file;
  const chunks = octets instanceof Uint8Array ? [octets] : octets;
  const lines: AnyLine[] = [];
  for await (const line of listLines(chunks, options)) lines.push(line);
  return lines;
}

/** A line in a few words: its subject, change, list and what was done to it; of a bad line the problem. */
export function inWords(line: AnyLine): string {
  if ('problem' in line) return `${line.number}: ${line.problem}`;
  const words = [
    line.change,
    ...(line.list === undefined ? [] : [line.list]),
    ...(line.inForce ? [] : ['not in force']),
  ];
  return `${line.number}: ${subjectWords(line)} ${[...words, ...line.normalised.map(NORMALISATIONS.words)].join(', ')}`;
}

function subjectWords(line: ListRecord): string {
  switch (line.about) {
    case 'imei':
      return line.imei.equipment;
    case 'tac':
      return `TAC ${line.tac}`;
    case 'range':
      return `${line.first.equipment}-${line.last.equipment}`;
    case 'pair': {
      const { kind, first, last, firstImsi, lastImsi } = line;
      const imeis = first.equals(last) ? first.equipment : `${first.equipment}-${last.equipment}`;
      const imsis = firstImsi.digits === lastImsi.digits ? `${firstImsi}` : `${firstImsi}-${lastImsi}`;
      return `${kind} ${imeis} ${imsis}${line.msisdn === undefined ? '' : ` ${line.msisdn}`}`;
    }
  }
}

/** A record without what only its reading says; identities as text, so that they can be compared. */
export function told(record: ListRecord): Readonly<Record<string, unknown>> {
  const { change, list, reason, note, caseReference, reportedAt, expiresAt } = record;
  return {
    subject: subjectWords(record),
    about: record.about,
    change,
    list,
    reason,
    note,
    caseReference,
    reportedAt,
    expiresAt,
  };
}
