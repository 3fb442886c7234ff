import { IDENTITY_REFUSALS, type Imei } from '#base/identity/index.ts';
import type { Refusal } from '#base/sentence/index.ts';
import { type LineProblem, listImei } from '#operator/register/index.ts';
import { type Caller, callerMay } from './caller.ts';
import { ProblemError } from './problem.ts';
import { VALUE } from './refusals.ts';

const [LEAST, MOST] = [14, 16];

/** What is wrong, in the words of identities that forms say too. The right check digit only for who sees whole IMEIs: it is one of their digits. */
function refusalOf({ code, values }: LineProblem, caller: Caller): Refusal {
  const { sign = '', place = '', count = '', expected = '', got = '' } = values;
  switch (code) {
    case 'imeiSign':
      return IDENTITY_REFUSALS.say('foreignDigit', { character: sign, place });
    case 'imeiShort':
    case 'imeiLength':
      return IDENTITY_REFUSALS.say('outOfLength', { least: LEAST, most: MOST, came: count });
    case 'imeiRounded':
      return VALUE.say('roundedImei');
    case 'imeiHexadecimal':
      return VALUE.say('hexadecimalImei');
    case 'checkDigit':
      return callerMay(caller, 'imeis.whole')
        ? IDENTITY_REFUSALS.say('wrongCheckDigit', { right: expected, came: got })
        : VALUE.say('otherCheckDigit', { came: got });
    default:
      return VALUE.say('noImei');
  }
}

/** The IMEI at `/imei` of a body, as strict as in a list file: a person may have mistyped a digit. Throws ProblemError, which says what is wrong. */
export function strictImei(written: string, caller: Caller): Imei {
  const read = listImei(written);
  if ('imei' in read) return read.imei;
  throw new ProblemError('invalid-value', { ...refusalOf(read.problem, caller), at: '/imei' });
}
