import type { CardMemory, Changes } from '#handset/card/index.ts';
import type { DedicatedFile } from './file-system/elementary-file.ts';
import {
  decodePin,
  freshAdm,
  freshPin,
  isAdministrative,
  isReference,
  isSecondPin,
  PIN_LENGTH,
  type PinRecord,
  pinKey,
  pinRecord,
  sharedPin,
  VERIFICATION,
} from './pin.ts';

/** A PIN or ADM key by its key reference (TS 102 221 9.5.1), besides those that every card has. */
export interface FurtherCode {
  /** 01 to 08: PINs of the whole card; 81 to 88: second PINs, each of an application; 0A to 0E and 8A to 8E: ADM1 to ADM10. */
  readonly reference: number;
  /** Identifier of the application in the file plan, of a second PIN alone: 7FF0 the USIM, 7FF1 the ISIM. */
  readonly application?: number;
  /** 8 octets, and whether it must be verified. */
  readonly code?: Uint8Array;
  readonly isEnabled?: boolean;
  /** 8 octets; without it the code stays blocked once it is. */
  readonly unblockCode?: Uint8Array;
  /** In place of a code: the application whose second PIN of this reference it is too, with its tries. */
  readonly sharedWith?: number;
}

/** What makes no code of the card: a reference, or an application, in words. */
export class FurtherCodeError extends Error {
  override readonly name = 'FurtherCodeError';
}

const two = (reference: number) => reference.toString(16).toUpperCase().padStart(2, '0');

/** The places of a code and its records, by the directories of the card. Throws FurtherCodeError. */
export function furtherCodeRecords(codes: readonly FurtherCode[], directories: readonly DedicatedFile[]): Changes {
  const numberOf = (identifier: number | undefined): number => {
    const found = directories.find((one) => one.identifier === identifier && one.aid !== undefined);
    if (found === undefined)
      throw new FurtherCodeError('expected the identifier of an application of this card with a second PIN, got none');
    return found.number;
  };
  const made = new Map<number, Uint8Array>();
  for (const { reference, application, sharedWith, ...code } of codes) {
    if (!isReference(reference))
      throw new FurtherCodeError(`expected a key reference 01 to 0E, 11 or 81 to 8E, got ${two(reference)}`);
    const isSecond = isSecondPin(reference);
    if (!isSecond && (application !== undefined || sharedWith !== undefined))
      throw new FurtherCodeError(`key reference ${two(reference)} is the whole card's: expected no application`);
    const key = pinKey(reference, isSecond ? numberOf(application) : 0);
    made.set(
      key,
      sharedWith === undefined
        ? pinRecord.encode(freshCode(reference, code))
        : sharedPin.encode(pinKey(reference, numberOf(sharedWith))),
    );
  }
  return [...made].toSorted(([a], [b]) => a - b);
}

function freshCode(reference: number, { code, isEnabled = true, unblockCode }: Omit<FurtherCode, 'reference'>) {
  if (code?.length !== PIN_LENGTH || (unblockCode !== undefined && unblockCode.length !== PIN_LENGTH))
    throw new FurtherCodeError(`key reference ${two(reference)}: expected codes of 8 octets`);
  const fresh = freshPin(code, isEnabled, unblockCode);
  return isAdministrative(reference) ? { ...fresh, tries: freshAdm(code).tries } : fresh;
}

const WHOLE_CARD = [...Array.from({ length: 7 }, (_, i) => 0x02 + i), ...Array.from({ length: 5 }, (_, i) => 0x8a + i)];
const SECOND = Array.from({ length: 8 }, (_, i) => 0x81 + i);

/** The further codes of a card as they are now; `isTold` is true for those that its personalisation says otherwise. */
export function readFurtherCodes(
  memory: CardMemory,
  directories: readonly DedicatedFile[],
  isTold: (reference: number, number: number) => boolean,
): readonly FurtherCode[] {
  const applications = directories.filter(({ aid }) => aid !== undefined);
  const identifierAt = (key: number, reference: number) =>
    applications.find(({ number }) => pinKey(reference, number) === key)?.identifier;
  const codeAt = (reference: number, number: number, application: number | undefined): readonly FurtherCode[] => {
    const stored = memory.get(pinKey(reference, number));
    if (stored === undefined || isTold(reference, number)) return [];
    const of = application === undefined ? {} : { application };
    const found = decodePin(stored);
    if (typeof found === 'object') return [{ reference, ...of, ...codeIn(found) }];
    const sharedWith = identifierAt(found, reference);
    return sharedWith === undefined ? [] : [{ reference, ...of, sharedWith }];
  };
  return [
    ...[0x01, ...WHOLE_CARD, 0x0b, 0x0c, 0x0d, 0x0e].flatMap((reference) => codeAt(reference, 0, undefined)),
    ...applications.flatMap(({ number, identifier }) =>
      SECOND.flatMap((reference) => codeAt(reference, number, identifier)),
    ),
  ];
}

const codeIn = ({ value, enabled, unblockCode }: PinRecord) => ({
  code: value,
  isEnabled: enabled !== VERIFICATION.disabled,
  ...(unblockCode && { unblockCode }),
});
