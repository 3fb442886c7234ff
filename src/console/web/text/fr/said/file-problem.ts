import type { Operations } from '../../../api/document.ts';

type Refusal = NonNullable<Operations['POST /api/v1/imports/proposal']['answer']['refusal']>;

const LIST = 'une liste en CSV ou JSON est attendue';
const AS_CSV = 'enregistrez au format « CSV UTF-8 »';
const CUT_OFF = 'le fichier finit avant ; est-il coupé ?';
const COLUMNS = 'les colonnes sont {columns}';
const OR_NUMBER = 'ou un nombre en premier';

/** Pourquoi un fichier n’est pas une liste. */
export const fileProblem: Readonly<Record<Refusal['said']['code'], string>> = {
  zip: `${LIST}, ceci est une archive ZIP ou un classeur (.xlsx) : décompressez-la, ou ${AS_CSV}`,
  gzip: `${LIST}, ceci est une archive gzip : décompressez-la`,
  spreadsheet: `${LIST}, ceci est un classeur (.xls) : ${AS_CSV}`,
  pdf: `${LIST}, ceci est un PDF : demandez la liste en CSV`,
  utf16: `${LIST}, ceci est un texte en UTF-16 : ${AS_CSV}`,
  markup: `${LIST}, ceci est du XML ou du HTML`,
  zeros: 'un texte est attendu, ceci contient des octets 00 (compressé, ou enregistré en UTF-16 ?)',
  empty: 'une liste est attendue, ce fichier est vide',
  emptyRows: 'une ligne d’en-tête et des lignes avec un IMEI sont attendues, ce fichier est vide',
  emptyRecords: 'des fiches JSON sont attendues, ce fichier est vide',
  recordsUnknown:
    'des fiches JSON avec « pei » (Open5GS) ou « match_response_code » (PyHSS) sont attendues, reçu {names}',
  recordsNone:
    'des fiches JSON avec « pei » (Open5GS) ou « match_response_code » (PyHSS) sont attendues, il n’y a aucune fiche',
  columnsUnknown: `une liste avec une colonne « imei » ou « tac », ou des IMEI en premier, est attendue ; ${COLUMNS} ; indiquez ce que contient chaque colonne`,
  tacsBesideOthers:
    '« tac » seul ou avec « change_type » est attendu, d’autres colonnes sont à côté, comme dans la liste des TAC attribués de la GSMA ; s’il faut les inscrire, indiquez ce que contient chaque colonne',
  pairsBesideOthers:
    'des IMEI, ou des couples « imei » et « imsi », sont attendus, les deux sont là avec d’autres colonnes ; choisissez « csv » pour inscrire les IMEI, ou indiquez ce que contient chaque colonne pour faire des couples',
  firstLine: 'ligne {line}',
  columnTwice: 'ligne {line} : une seule colonne « {column} » est attendue, il y en a {count}',
  columnMissing: `ligne {line} : un en-tête avec une colonne « {column} » est attendu, ${OR_NUMBER} ; ${COLUMNS}`,
  columnMissingEither: `ligne {line} : un en-tête avec une colonne « {column} » ou « {other} » est attendu, ${OR_NUMBER} ; ${COLUMNS}`,
  columnMissingBoth: `ligne {line} : un en-tête avec les colonnes « {column} » et « {other} » est attendu, ${OR_NUMBER} ; ${COLUMNS}`,
  columnNotOnce: `ligne {line} : un en-tête avec une seule colonne « {column} » est attendu ; ${COLUMNS}`,
  mappingNoImei: 'contenu des colonnes : une colonne pour l’IMEI ou le TAC est attendue, il n’y en a aucune',
  mappingNumber: `ligne {line} : une colonne {number} est attendue pour « {what} » (à partir de 1) ; ${COLUMNS}`,
  mappingNeedsNumber: `ligne {line} : un numéro de colonne est attendu pour « {what} », car le fichier n’a pas d’en-tête ; ${COLUMNS}`,
  mappingName: `ligne {line} : une seule colonne « {name} » est attendue pour « {what} » ; ${COLUMNS}`,
  datePatternLong: 'contenu des colonnes : un modèle de date de {most} caractères au plus est attendu',
  datePattern:
    'contenu des colonnes : un modèle de date avec YYYY, MM ou Mon, et DD, une fois chacun, est attendu, reçu « {pattern} »',
  zerosAfterLine:
    'après la ligne {line} : un texte est attendu, reçu des octets 00 ; ce n’est pas un fichier CSV (compressé, ou enregistré en UTF-16 ?)',
  notUtf8AfterLine: `après la ligne {line} : un texte UTF-8 est attendu, reçu d’autres octets ; ${AS_CSV}`,
  zerosAfterElement:
    'après la fiche {element} : un texte JSON est attendu, reçu des octets 00 (enregistré en UTF-16 ?)',
  notUtf8AfterElement: 'après la fiche {element} : un texte UTF-8 est attendu, reçu d’autres octets',
  elementCut: `fiche {element} : sa fin est attendue, ${CUT_OFF}`,
  arrayCut: `après la fiche {element} : « ] » est attendu, ${CUT_OFF}`,
  afterArray: 'après la fiche {element} : la fin du fichier est attendue après « ] »',
  strayBracket: 'après la fiche {element} : une fiche est attendue, reçu « ] »',
  noLineUsable: 'aucune ligne n’est utilisable ; la première est la ligne {line}',
  tacNoHeader:
    'table des TAC : un en-tête avec une colonne « tac » est attendu dans les premières lignes, il n’y en a pas',
  tacMany: 'table des TAC : {most} TAC au plus sont attendus',
  tacNone: 'table des TAC : des lignes avec un TAC de 8 chiffres sont attendues, il n’y en a pas',
};
