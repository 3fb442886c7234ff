import { refusals } from '#base/sentence/index.ts';
import {
  POLICY_REFUSALS,
  REVOCATION_REFUSALS,
  ROLLOUT_REFUSALS,
  ROTATION_REFUSALS,
  SCRIPT_REFUSALS,
} from '#operator/gateway/index.ts';

/** Who is not let in. */
export const DOOR = refusals({
  wrongScheme: [
    'Authorization: Bearer, then a token',
    'another scheme',
    'send the token as it was shown when it was made',
  ],
  somebodyNeeded: [
    'somebody whose role has {permission}',
    'none',
    'sign in, or send Authorization: Bearer and the token; administrators make users and tokens, the first one on the machine itself',
  ],
  sessionNotToken: [
    'somebody who has signed in with a name of his own',
    'token',
    'this is about your own session: sign in first',
  ],
  sessionNotLaboratory: [
    'somebody who has signed in with a name of his own',
    'laboratory',
    'this is about your own session: sign in first',
  ],
  sessionEnded: ['a living session', 'one that has ended', 'sign in again'],
  tokenUnknown: ['a living token', 'one that nobody has made here', 'let an administrator make another'],
  tokenExpired: ['a living token', 'one that has expired', 'let an administrator make another'],
  tokenRevoked: ['a living token', 'one that was revoked', 'let an administrator make another'],
  permissionNeeded: [
    'a role that has {permission}',
    '{role}',
    'ask somebody who may, or use another token; /api/v1/caller says what you may',
  ],
  wrongHost: ['a request for {host} or localhost', 'another name in Host', 'ask for it by its own name'],
  tooManyOfAddress: [
    'fewer requests of this address',
    'more than are let through',
    'wait {seconds} s; many checks fit into one request to /api/v1/checks',
  ],
  tooManyOfToken: [
    'fewer requests of this token',
    'more than are let through',
    'wait {seconds} s; many checks fit into one request to /api/v1/checks',
  ],
  tooManyOfUser: [
    'fewer requests of this user',
    'more than are let through',
    'wait {seconds} s; many checks fit into one request to /api/v1/checks',
  ],
  originUnsaid: [
    'Sec-Fetch-Site: same-origin, or Origin with the address of this API',
    'neither',
    'ask from a page of this API, or with a token',
  ],
  originForeign: [
    'Sec-Fetch-Site: same-origin, or Origin with the address of this API',
    'another site',
    'ask from a page of this API, or with a token',
  ],
  httpsNeeded: [
    'https, or a browser on this machine',
    'http from elsewhere: the password could be read on the way',
    'put a reverse proxy with TLS before it and name its address as ASSAY_PUBLIC_URL',
  ],
  wholeIdentitiesNeeded: [
    'a role that has identities.whole',
    '{role}',
    'leave `identities` out, or ask somebody who may',
  ],
  wholeIdentitiesOfNobody: [
    'a role that has identities.whole',
    'nobody known',
    'leave `identities` out, or ask somebody who may',
  ],
  wholeIdentitiesReason: [
    '1 to {longest} characters that say why',
    'nothing',
    'say why whole identities are needed; it is recorded',
  ],
  octetsNeedWhole: [
    'a role that sees whole identities, and `identities=whole`: octets are personal data',
    'neither',
    'ask for whole identities and say why, or let somebody do so who may',
  ],
  lookUpNeedsWhole: [
    'a role that sees whole identities, to look one up',
    'one that does not',
    'leave `{place}` out, or use a token of an analyst',
  ],
  approverNeeded: [
    'a role that has approvals.decide',
    'one that has not',
    'leave `approve` out, or let an approver send the file',
  ],
  limitNeedsApprover: [
    'an approver, to raise a limit',
    'a role that may not',
    'look at the effect with dryRun=true, and let an approver import the file',
  ],
  widthNeedsApprover: [
    'an approver, for more handsets than one type has',
    'a role that may not',
    'name a `tac` or a narrower range',
  ],
  tooManyAttempts: ['fewer attempts', 'another one too soon', 'wait {seconds} s'],
  wrongPassword: [
    'the name and the password of a user',
    'others',
    'try again; an administrator can give you another password',
  ],
  laboratoryNeeded: [
    'a laboratory, and somebody on its machine',
    'another operator',
    'sign in as another user instead',
  ],
  providerNeeded: ['an operator with an OpenID provider', 'one without', 'sign in with name and password'],
});

/** What cannot be read, and what cannot be done now. */
export const REQUEST = refusals({
  badAddress: ['an address in UTF-8 with %XX escapes', 'another', 'correct the request'],
  emptyBody: ['a body of JSON', 'an empty one', 'correct the request'],
  notJson: ['a body of JSON', 'another text', 'correct the request'],
  wrongContentLength: ['a body as long as Content-Length says', 'another length', 'correct the request'],
  strangeMembers: ['a body of JSON', 'members that no JSON object here has', 'correct the request'],
  notUtf8: ['JSON in UTF-8', 'other octets', 'encode the body as UTF-8'],
  notJsonType: ['application/json', 'another type', 'say what the body is'],
  packedBody: ['a body of {types}', 'a packed one', 'send it unpacked'],
  noContentType: ['a body of {types}', 'no Content-Type', 'say what the body is in Content-Type'],
  wrongContentType: ['a body of {types}', 'another type', 'say what the body is in Content-Type'],
  addressUnknown: ['an address of this API', 'another', '/api/v1/docs has them all'],
  wrongMethod: ['{methods}', 'another method', 'use one of these'],
  bodyTooLarge: ['a body of at most {most} octets', 'more', 'send it in parts'],
  bodyTooSlow: ['octets within {seconds} seconds', 'silence, or too few', 'check the connection and send it again'],
  bodyCut: ['the whole body', 'the end of the connection', 'nothing was changed; send it again'],
  databaseLocked: ['a database that takes and gives', 'one that is locked or full', 'try again'],
  databaseUnusable: ['a database that takes and gives', 'one that cannot be used', 'whoever runs the server was told'],
  faultInside: ['an answer', 'a fault inside the server', 'whoever runs it was told; try again later'],
  tooManyFiles: ['at most {most} files at the same time', 'one more', 'wait until another is read'],
  tooManyStreams: [
    'at most {streams} event streams, {streamsOfOne} of one caller',
    'one more',
    'close one, or read page by page',
  ],
  tooManyWebhookTests: ['at most {most} tests at the same time', 'one more', 'wait for the end of another'],
  verificationRuns: ['one verification at a time', 'another', 'wait for the end of the first'],
});

/** Files that are not imported; what is wrong with them is said beside. */
export const FILE = refusals({
  changesTooMuch: [
    'a file that changes less',
    'more',
    'look at `effect`; if it is right, let an approver raise the limit',
  ],
  importWasCancelled: [
    'an import that goes on',
    'one that {by} has cancelled: {reason}',
    'nothing was changed; import the file again where it is wanted',
  ],
  noList: ['UTF-8 text with one IMEI a line', 'something else', 'nothing was changed; correct the file'],
});

/** What is not there, or no more as it was. */
export const RESOURCE = refusals({
  alarmUnknown: ['the number of an alarm', 'another', 'look at /api/v1/alarms'],
  changeUnknown: ['the number of a proposed change', 'another', 'look at /api/v1/approvals'],
  changeApproved: ['a change that waits', 'one that is approved', 'look at /api/v1/approvals for those that wait'],
  changeRejected: ['a change that waits', 'one that is rejected', 'look at /api/v1/approvals for those that wait'],
  changeExpired: ['a change that waits', 'one that is expired', 'look at /api/v1/approvals for those that wait'],
  changeIsFile: [
    'a change of one entry or rule',
    'the import of a file, which is not kept',
    'send the same file to /api/v1/imports with approve={id}, and list, source, kind and mapping as in the change',
  ],
  importRunUnknown: ['the number of an import under way', 'another', 'look at /api/v1/import-runs'],
  importUnknown: ['the number of an import', 'another, or one too old to be shown', 'look at /api/v1/imports'],
  importRunning: [
    'an import that still stands',
    'one that is running',
    'nothing of it stands; an import under way is to be undone when it has ended',
  ],
  importCancelled: [
    'an import that stands',
    'one that was cancelled before it counted',
    'nothing of it counts; import the file again where it is wanted',
  ],
  importCutOff: [
    'an import that stands',
    'one whose process died or failed before it counted',
    'nothing of it counts; import the file again',
  ],
  importUndone: [
    'an import that still stands',
    'one that is undone',
    'nothing of it stands; an import under way is to be undone when it has ended',
  ],
  orderUnknown: ['the number of an order', 'another', 'look at /api/v1/outbox'],
  scriptUnknown: ['the number of a script', 'another', 'look at /api/v1/outbox'],
  webhookUnknown: ['the number of a webhook', 'another', 'look at /api/v1/webhooks'],
  subscriberUnknown: ['the ICCID of a UICC that was issued', 'another', 'look at /api/v1/subscribers'],
  imsiUnknown: ['the IMSI of a UICC that was issued', 'another', 'look at /api/v1/subscribers'],
  deviceUnknown: ['the ICCID of a UICC that was issued, or an IMEI', 'another', 'look at /api/v1/search'],
  prefixUnknown: ['an IMSI prefix that has a default', 'another', 'look at /api/v1/imsi-defaults'],
  entryUnknown: [
    "an entry of source '{source}' on the {list} list",
    'none',
    'look at /api/v1/imei/{imei} for the sources that list it',
  ],
  entryGoneAgain: ['the entry just made', 'none: another change took it off meanwhile', 'look at /api/v1/imei/{imei}'],
  rangeUnknown: ['an entry of the same bounds and source', 'none', 'look at /api/v1/ranges'],
  exchangeGone: ['an exchange that is kept', 'another number', 'the newest are kept, in memory; list them'],
  hopGone: ['a hop that is kept', 'another number', 'the newest are kept, in memory; list them'],
  pairRuleUnknown: ['a rule of the same bounds and source', 'none', 'look at /api/v1/pair-rules'],
});

/** Values that fit their schemas, and not each other or the world. */
export const VALUE = refusals({
  noImei: ['14 to 16 digits of an IMEI', 'nothing of the kind', 'give the digits of *#06#'],
  roundedImei: ['14 to 16 digits', 'a number that a spreadsheet rounded', 'take the digits from where they are whole'],
  hexadecimalImei: ['decimal digits', 'a MEID (hexadecimal)', 'a handset with an IMEI has 14 to 16 decimal digits'],
  otherCheckDigit: ['another check digit (Luhn)', '{came}', 'look for a mistyped or missing digit'],
  strangePlace: ['the `next` of the page before', 'another place', 'begin again without `after`'],
  noSuchDay: [
    'a time of the calendar in UTC like 2026-11-24T12:00:00Z',
    'a day or an hour that does not exist',
    'correct the time',
  ],
  noUiccNamed: ['either `iccid` or `imsi`', 'neither', 'name the UICC in one way'],
  uiccNamedTwice: ['either `iccid` or `imsi`', 'both', 'name the UICC in one way'],
  noHandsetsNamed: [
    'either `tac`, or `firstImei` with or without `lastImei`',
    'neither',
    'name the handsets in one way',
  ],
  handsetsNamedTwice: [
    'either `tac`, or `firstImei` with or without `lastImei`',
    'both',
    'name the handsets in one way',
  ],
  nothingToChangeOfUser: ['role, isEnabled or password', 'none of them', 'say what is to be different'],
  noRuleNamed: ['at least one rule to change', 'none', 'name a rule in `change`'],
  timesBackwards: ['a time before `to`', 'one behind it', 'exchange them'],
  tooManySteps: ['at most {most} steps', 'more', 'ask for longer steps or a shorter time'],
  twoPlaces: ['one place where a page begins', '{got}', 'leave the others out'],
  halfHead: ['`id` and `chain` together, or neither', 'one of them', 'give both as /api/v1/status showed them'],
  beyondLog: ['the number of an entry, 0 to {newest}', 'another', 'begin at 0, or leave it out to begin now'],
  notAPoint: [
    'a point on P-256, 04 and two coordinates',
    'octets that are none',
    "copy it from the maker: 'assay factory root' prints it",
  ],
  otherFingerprint: [
    'the fingerprint of this point',
    'another',
    'ask the maker again: one of the two was changed on its way',
  ],
  makerOfOtherKey: [
    'a maker that is not believed yet',
    'another root of one that is',
    'take the one away first, then add the other',
  ],
  makerIsOperator: [
    'the identifier of a maker',
    'that of this operator’s own root',
    'ask the maker for the identifier of its certificates',
  ],
  makerNotBelieved: ['a maker that is believed', 'another', 'GET /api/v1/makers has them'],
  formatAndMapping: ['either `format` or `mapping`', 'both', 'the schema of this query is in /api/v1/docs'],
  reportOfImport: [
    '`report=full` with `dryRun=true` only',
    'an import to be written',
    'the schema of this query is in /api/v1/docs',
  ],
});

/** Why the gateway does not send what it was asked to: kind of order, then its own word for it. */
export const ORDERING = refusals({
  policyNoAuthorOrReason: ['rules that can be ordered', 'noAuthorOrReason', POLICY_REFUSALS.noAuthorOrReason],
  policyUnknownUicc: ['rules that can be ordered', 'unknownUicc', POLICY_REFUSALS.unknownUicc],
  policyNothingChanges: ['rules that can be ordered', 'nothingChanges', POLICY_REFUSALS.nothingChanges],
  policyNoSuchCount: ['rules that can be ordered', 'noSuchCount', POLICY_REFUSALS.noSuchCount],
  rotationNoAuthorOrReason: [
    'a UICC that can be given new keys now',
    'noAuthorOrReason',
    ROTATION_REFUSALS.noAuthorOrReason,
  ],
  rotationUnknownUicc: ['a UICC that can be given new keys now', 'unknownUicc', ROTATION_REFUSALS.unknownUicc],
  rotationNoRemoteManagement: [
    'a UICC that can be given new keys now',
    'noRemoteManagement',
    ROTATION_REFUSALS.noRemoteManagement,
  ],
  rotationRotationOpen: ['a UICC that can be given new keys now', 'rotationOpen', ROTATION_REFUSALS.rotationOpen],
  scriptNoAuthorOrReason: ['a script that can be sent', 'noAuthorOrReason', SCRIPT_REFUSALS.noAuthorOrReason],
  scriptUnknownUicc: ['a script that can be sent', 'unknownUicc', SCRIPT_REFUSALS.unknownUicc],
  scriptNoRemoteManagement: ['a script that can be sent', 'noRemoteManagement', SCRIPT_REFUSALS.noRemoteManagement],
  scriptWrongTar: ['a script that can be sent', 'wrongTar', SCRIPT_REFUSALS.wrongTar],
  scriptNoCommand: ['a script that can be sent', 'noCommand', SCRIPT_REFUSALS.noCommand],
  scriptTooManyCommands: ['a script that can be sent', 'tooManyCommands', SCRIPT_REFUSALS.tooManyCommands],
  scriptNotACommand: ['a script that can be sent', 'notACommand', SCRIPT_REFUSALS.notACommand],
  scriptTooLong: ['a script that can be sent', 'tooLong', SCRIPT_REFUSALS.tooLong],
  revocationNoAuthorOrReason: [
    'a certificate that can be revoked',
    'noAuthorOrReason',
    REVOCATION_REFUSALS.noAuthorOrReason,
  ],
  revocationNoSerial: ['a certificate that can be revoked', 'noSerial', REVOCATION_REFUSALS.noSerial],
  revocationAlreadyRevoked: ['a certificate that can be revoked', 'alreadyRevoked', REVOCATION_REFUSALS.alreadyRevoked],
  revocationTooMany: ['a certificate that can be revoked', 'tooMany', REVOCATION_REFUSALS.tooMany],
  rolloutNoAuthorOrReason: ['makers that can be rolled out', 'noAuthorOrReason', ROLLOUT_REFUSALS.noAuthorOrReason],
  rolloutNoRoot: ['makers that can be rolled out', 'noRoot', ROLLOUT_REFUSALS.noRoot],
  rolloutTooManyRoots: ['makers that can be rolled out', 'tooManyRoots', ROLLOUT_REFUSALS.tooManyRoots],
  rolloutUnderWay: ['makers that can be rolled out', 'underWay', ROLLOUT_REFUSALS.underWay],
});

/** A word with a capital, as it stands behind another in a code. */
export const capital = <W extends string>(word: W): Capitalize<W> =>
  (word.charAt(0).toUpperCase() + word.slice(1)) as Capitalize<W>;
