import type { Operations } from '../../../api/document.ts';

type Guess = NonNullable<Operations['POST /api/v1/imports/proposal']['answer']['whySaid']>;

const IMEI_FIRST = 'il n’y a pas d’en-tête, et un IMEI';

/** Pourquoi un fichier est pris pour un fichier d’un format. */
export const formatGuess: Readonly<Record<Guess['code'], string>> = {
  pei: 'les fiches JSON ont un « pei », comme celles d’Open5GS',
  responseCode: 'les fiches JSON ont un « match_response_code », comme celles de PyHSS',
  responseCodeColumn: 'il y a une colonne « match_response_code », comme dans la table de PyHSS',
  peiColumn: 'il y a les colonnes « pei » et un état, comme dans les fiches d’Open5GS',
  aboutColumn: 'il y a une colonne « about », comme dans nos propres exports',
  notifications: 'il y a les colonnes « imsi », « block_date » et « reasons » des notifications DIRBS',
  blackList: 'il y a une colonne « block_date » de la liste noire DIRBS',
  stolenList: 'il y a les colonnes « reporting_date » et « status » de la liste DIRBS des vols',
  barredList:
    'il y a une colonne « imei » et rien d’autre qu’un changement, comme dans la liste DIRBS des IMEI interdits',
  imeiColumn: 'il y a une colonne d’IMEI ; les autres colonnes sont lues là où leurs noms sont connus',
  tacColumn: 'il y a une colonne « tac », comme dans la liste DIRBS des TAC interdits',
  exceptions: 'il y a les colonnes « imei » et « imsi » des exceptions DIRBS (une liste d’appairage se lit de même)',
  pairing: 'il y a les colonnes « imei », « imsi » et « change_type » de la liste d’appairage DIRBS',
  tacFirst: 'il n’y a pas d’en-tête, et un TAC de 8 chiffres en premier',
  pairFirst: `${IMEI_FIRST} et un IMSI en premier`,
  dateSecond: `${IMEI_FIRST} et une date en premier, comme dans la liste DIRBS des vols`,
  changeSecond: `${IMEI_FIRST} et un changement en premier, comme dans la liste DIRBS des IMEI interdits`,
  imeiFirst: `${IMEI_FIRST} en premier ; les autres colonnes ne sont pas lues`,
};
