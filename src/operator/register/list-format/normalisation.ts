import { type Said, sentences } from '#base/sentence/index.ts';

/** What is done to a value of a list file before it is kept. */
export const NORMALISATIONS = sentences({
  checkDigitDropped: 'check digit dropped',
  spareDigitDropped: 'spare digit 0 dropped',
  separatorsDropped: 'prefix or separators dropped',
  softwareVersionDropped: 'software version dropped',
  zerosPutBack: 'leading zeros put back',
  patternOne: 'pattern read as one IMEI',
  patternRange: 'pattern read as a range',
  patternImsis: 'pattern read as IMSIs of 15 digits',
});

/** What may be done to a value. */
export type NormalisationCode = (typeof NORMALISATIONS.codes)[number];
/** What was done to a value. */
export type Normalisation = Said<NormalisationCode>;
/** Nothing was done. */
export const AS_IT_CAME: readonly Normalisation[] = Object.freeze([]);

const alone = (said: Normalisation): readonly Normalisation[] => Object.freeze([said]);

/** A 15th digit that is right was taken off. */
export const CHECK_DIGIT_DROPPED: readonly Normalisation[] = alone(NORMALISATIONS.say('checkDigitDropped'));
/** A 15th digit 0 that is no check digit was taken off. */
export const SPARE_DIGIT_DROPPED: readonly Normalisation[] = alone(NORMALISATIONS.say('spareDigitDropped'));

/** What was done to two values of a line, each thing once. */
export const bothNormalised = (
  first: readonly Normalisation[],
  second: readonly Normalisation[],
): readonly Normalisation[] => [
  ...new Map([...first, ...second].map((one) => [NORMALISATIONS.words(one), one])).values(),
];
