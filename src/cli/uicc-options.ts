import { type Command, InvalidArgumentError, Option } from 'commander';
import { GSM_ALGORITHMS, type GsmAlgorithmName } from '#base/crypto/index.ts';
import {
  type AlgorithmName,
  type CardOrder,
  STANDARD_SEQUENCE,
  SUCI_SCHEMES,
  type SuciScheme,
} from '#operator/subscriber/index.ts';
import { numberArgument } from './argument.ts';

/** What a UICC authenticates and identifies itself with, as it is said on the command line. */
export interface AuthenticationOptions {
  readonly algorithm: AlgorithmName;
  readonly gsmAlgorithm?: GsmAlgorithmName;
  readonly indBits: number;
  readonly sqnDelta: number;
  readonly sqnAgeLimit: number;
  readonly suci?: SuciScheme;
  readonly suciBy: 'terminal' | 'usim';
  readonly routingIndicator: string;
}

/** SEQ has 43 to 48 bits; what is above is no limit. */
const NO_LIMIT = 0;
const MOST_STEPS = 2 ** 43;

function routingIndicatorArgument(text: string): string {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('expected 1 to 4 digits');
  return text;
}

/** The command with options for what a UICC authenticates and identifies itself with. */
export function withAuthentication(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--algorithm <name>',
        'of authentication; xor is the test algorithm of TS 34.108, and protects nothing',
      )
        .choices(['milenage', 'tuak', 'xor'] satisfies AlgorithmName[])
        .default('milenage'),
    )
    .addOption(
      new Option(
        '--gsm-algorithm <name>',
        'its own for GSM, for tests of old networks; default: SRES and Kc are conversions',
      ).choices(GSM_ALGORITHMS),
    )
    .option('--ind-bits <number>', 'bits of IND in a sequence number (TS 33.102 C.2)', numberArgument(0, 5), 5)
    .option(
      '--sqn-delta <steps>',
      'most that SEQ may jump; 0: no limit',
      numberArgument(0, MOST_STEPS),
      STANDARD_SEQUENCE.delta,
    )
    .option(
      '--sqn-age-limit <steps>',
      'oldest SEQ taken, below the highest; 0: no limit',
      numberArgument(0, MOST_STEPS),
      0,
    )
    .addOption(
      new Option(
        '--suci <scheme>',
        'how the IMSI is concealed in 5G (TS 33.501 C); default: null, by the terminal',
      ).choices(SUCI_SCHEMES),
    )
    .addOption(
      new Option('--suci-by <who>', 'who calculates the SUCI: the terminal, or the USIM (GET IDENTITY)')
        .choices(['terminal', 'usim'])
        .default('terminal'),
    )
    .option('--routing-indicator <digits>', 'where a SUCI is led to, 1 to 4 digits', routingIndicatorArgument, '0');
}

/** The rules for SQN that an order names. */
const sequenceOf = ({ indBits, sqnDelta, sqnAgeLimit }: AuthenticationOptions) => ({
  indBits,
  ...(sqnDelta !== NO_LIMIT && { delta: sqnDelta }),
  ...(sqnAgeLimit !== NO_LIMIT && { ageLimit: sqnAgeLimit }),
});

/** How the SUCI is calculated; undefined when nothing was said about it. */
function suciOf({ suci, suciBy: by, routingIndicator }: AuthenticationOptions) {
  if (suci === undefined && by === 'terminal' && routingIndicator === '0') return undefined;
  return { by, scheme: suci ?? 'null', routingIndicator };
}

/** What the options order. */
export function authenticationOf(
  options: AuthenticationOptions,
): Pick<CardOrder, 'algorithm' | 'gsmAlgorithm' | 'sequence' | 'suci'> {
  const { algorithm, gsmAlgorithm } = options;
  const suci = suciOf(options);
  return { algorithm, sequence: sequenceOf(options), ...(gsmAlgorithm && { gsmAlgorithm }), ...(suci && { suci }) };
}
