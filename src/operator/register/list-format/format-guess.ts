import { type Said, sentences } from '#base/sentence/index.ts';

const IMEI_FIRST = 'there is no header, and an IMEI';

/** Why a file is taken for one of a format. The codes are for programs and do not change. */
export const FORMAT_GUESSES = sentences({
  pei: 'the JSON records have a "pei", as those of Open5GS',
  responseCode: 'the JSON records have a "match_response_code", as those of PyHSS',
  responseCodeColumn: "there is a column 'match_response_code', as in the table of PyHSS",
  peiColumn: "there are the columns 'pei' and a status, as in the records of Open5GS",
  aboutColumn: "there is a column 'about', as in our own exports",
  notifications: "there are the columns 'imsi', 'block_date' and 'reasons' of DIRBS notifications",
  blackList: "there is a column 'block_date' of the DIRBS black list",
  stolenList: "there are the columns 'reporting_date' and 'status' of the DIRBS stolen list",
  barredList: "there is a column 'imei' and nothing else but a change, as in the DIRBS barred list",
  imeiColumn: 'there is a column with IMEIs; other columns are read where their names are known',
  tacColumn: "there is a column 'tac', as in the DIRBS list of barred TACs",
  exceptions: "there are the columns 'imei' and 'imsi' of the DIRBS exceptions (a pairing list is read alike)",
  pairing: "there are the columns 'imei', 'imsi' and 'change_type' of the DIRBS pairing list",
  tacFirst: 'there is no header, and a TAC of 8 digits first',
  pairFirst: `${IMEI_FIRST} and an IMSI first`,
  dateSecond: `${IMEI_FIRST} and a date first, as in the DIRBS stolen list`,
  changeSecond: `${IMEI_FIRST} and a change first, as in the DIRBS barred list`,
  imeiFirst: `${IMEI_FIRST} first; other columns are not read`,
});

/** Why a file is taken for one of a format, as it is said. */
export type FormatGuess = Said<(typeof FORMAT_GUESSES.codes)[number]>;
