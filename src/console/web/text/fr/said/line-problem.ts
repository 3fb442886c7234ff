import type { Operations } from '../../../api/document.ts';

type Effect = Extract<Operations['POST /api/v1/imports']['answer'], { readonly outcome: string }>['effect'];

const AS_TEXT = 'mettez la colonne au format texte et exportez de nouveau';
const LOST_ZEROS = `zéros initiaux perdus ? ${AS_TEXT}`;
const FROM_2000 = 'à partir de l’an 2000, ou rien';

/** Ce qui ne va pas dans une ligne d’un fichier. */
export const lineProblem: Readonly<Record<Effect['badLines'][number]['said']['code'], string>> = {
  lineLong: '{most} caractères au plus sont attendus',
  fieldsMany: '{most} champs au plus sont attendus',
  quoteOpen: 'le guillemet ouvert au caractère {at} n’est pas fermé',
  quoteFollowed: 'après le guillemet fermé au caractère {at}, il faut « {separator} » ou la fin de la ligne',
  imeiMissing: 'un IMEI est attendu, il n’y a rien',
  imeiRounded: `14 à 16 chiffres sont attendus, ceci est un nombre arrondi par un tableur ; ${AS_TEXT}`,
  imeiHexadecimal:
    'des chiffres décimaux sont attendus, ceci est un MEID (hexadécimal) ; cette liste ne tient que des IMEI',
  imeiSign: '14 à 16 chiffres sont attendus, « {sign} » se trouve en position {place}',
  imeiShort: `14 à 16 chiffres sont attendus, il y en a {count} ; ${LOST_ZEROS}`,
  imeiLength: '14 à 16 chiffres sont attendus, il y en a {count}',
  checkDigit:
    'le chiffre de contrôle attendu est {expected} (ou 0, réservé), reçu {got} ; cherchez un chiffre mal saisi',
  checkDigitAfterZeros:
    'une fois les zéros initiaux rétablis, le chiffre de contrôle attendu est {expected}, reçu {got} ; cherchez un chiffre mal saisi',
  rangeBackwards: 'le dernier ne doit pas être inférieur au premier ; échangez-les',
  tacMissing: 'un TAC de 8 chiffres est attendu, il n’y a rien',
  tacShort: `un TAC de 8 chiffres est attendu, il y en a {count} ; ${LOST_ZEROS}`,
  tacLength: 'un TAC de 8 chiffres est attendu, il y en a {count}',
  tacSign: 'un TAC de 8 chiffres est attendu, « {sign} » se trouve en position {place}',
  imsiMissing: 'un IMSI de 6 à 15 chiffres est attendu, il n’y a rien',
  imsiLength: 'un IMSI de 6 à 15 chiffres est attendu, il y en a {count}',
  imsiSign: 'un IMSI de 6 à 15 chiffres est attendu, « {sign} » se trouve en position {place}',
  imsisBackwards: 'autant de chiffres que le premier IMSI sont attendus, et pas un IMSI inférieur',
  msisdnLength: 'un MSISDN de 3 à 15 chiffres est attendu, ou rien ; il y en a {count}',
  msisdnSign: 'un MSISDN de 3 à 15 chiffres est attendu, ou rien ; « {sign} » se trouve en position {place}',
  aboutUnknown: '{words} ou rien est attendu, reçu « {got} »',
  changeUnknown: 'add, remove ou update est attendu, reçu « {got} »',
  listUnknown: 'black, grey ou white est attendu, reçu « {got} »',
  dateUnknown: `une date {pattern} est attendue, ${FROM_2000} ; reçu « {got} »`,
  dayUnknown: `une date AAAAMMJJ ou AAAA-MM-JJ est attendue, ${FROM_2000} ; reçu « {got} »`,
  momentUnknown: 'une date AAAA-MM-JJThh:mm:ssZ est attendue, ou rien ; reçu « {got} »',
  textIsNumber: 'un texte entre guillemets est attendu, ceci est un nombre, qui perd ses zéros initiaux',
  textIsOther: 'un texte entre guillemets est attendu, ceci est de type {type}',
  statusUnknown: '{words} est attendu, reçu « {got} »',
  statusMissing: '{words} est attendu, il n’y a rien de tel',
  gpsiAlone: 'un supi est attendu à côté, il n’y en a pas ; ici, les couples se font par IMSI',
  pairNotPermitted:
    'pour un terminal et un seul abonné, seul « permitted » (white) est attendu, reçu {list} ; inscrivez le terminal, et autorisez les couples légitimes',
  codeUnknown: '0 (white), 1 (black) ou 2 (grey) est attendu, ceci est autre chose',
  modeUnknown: '0 (exact) ou 1 (motif) est attendu, ceci est autre chose',
  patternLong: 'un motif de {most} caractères au plus est attendu',
  patternNoPrefix:
    'un préfixe est attendu, ce motif n’est pas un simple préfixe ; écrivez-le en préfixes (^35342009), TAC ou plages',
  patternFalling: 'une classe croissante de chiffres est attendue, reçu « {got} »',
  patternGaps: 'des chiffres voisins sont attendus dans « {got} » ; écrivez un motif pour chacun',
  patternCount: 'un nombre croissant de chiffres est attendu, reçu « {got} »',
  patternForAll:
    'un préfixe d’au moins {least} chiffres est attendu, il y en a {count} ; il vaut pour tous les terminaux',
  patternNoImei: 'un motif pour 14 à 16 chiffres est attendu, celui-ci ne correspond à aucun IMEI',
  patternLateClass: '14 chiffres au plus sont attendus avant une classe de chiffres',
  patternNoImsi: 'un motif pour 15 chiffres est attendu ; donnez un IMSI plus court sans motif (regex_mode 0)',
  recordDeep: '{most} accolades imbriquées au plus sont attendues',
  recordQuote: 'un guillemet fermant est attendu sur la même ligne',
  recordLong: '{most} octets au plus sont attendus',
  recordUnreadable:
    'une fiche JSON est attendue, ceci est illisible ; cherchez un guillemet, une virgule ou une accolade qui manque',
  recordNoObject: 'une fiche entre accolades est attendue',
  rulesMany: '{most} lignes au plus portant sur des plages ou des couples sont attendues',
  tacValue: 'un TAC de 8 chiffres est attendu, reçu « {got} »',
};
