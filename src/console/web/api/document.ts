// Made from the OpenAPI document by `npm run console:types`: not to be changed by hand.

/** RFC 9457, application/problem+json */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code:
    | 'malformed-request'
    | 'invalid-value'
    | 'token-needed'
    | 'token-refused'
    | 'sign-in-refused'
    | 'session-ended'
    | 'foreign-origin'
    | 'not-permitted'
    | 'no-such-resource'
    | 'method-not-allowed'
    | 'too-slow'
    | 'conflict'
    | 'change-refused'
    | 'too-large'
    | 'unsupported-media-type'
    | 'wrong-host'
    | 'unusable-file'
    | 'rate-limited'
    | 'fault'
    | 'unavailable';
  readonly detail: string;
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
  readonly said: {
    readonly code:
      | 'wrongScheme'
      | 'somebodyNeeded'
      | 'sessionNotToken'
      | 'sessionNotLaboratory'
      | 'sessionEnded'
      | 'tokenUnknown'
      | 'tokenExpired'
      | 'tokenRevoked'
      | 'permissionNeeded'
      | 'wrongHost'
      | 'tooManyOfAddress'
      | 'tooManyOfToken'
      | 'tooManyOfUser'
      | 'originUnsaid'
      | 'originForeign'
      | 'httpsNeeded'
      | 'wholeIdentitiesNeeded'
      | 'wholeIdentitiesOfNobody'
      | 'wholeIdentitiesReason'
      | 'octetsNeedWhole'
      | 'lookUpNeedsWhole'
      | 'approverNeeded'
      | 'limitNeedsApprover'
      | 'widthNeedsApprover'
      | 'tooManyAttempts'
      | 'wrongPassword'
      | 'laboratoryNeeded'
      | 'providerNeeded'
      | 'badAddress'
      | 'emptyBody'
      | 'notJson'
      | 'wrongContentLength'
      | 'strangeMembers'
      | 'notUtf8'
      | 'notJsonType'
      | 'packedBody'
      | 'noContentType'
      | 'wrongContentType'
      | 'addressUnknown'
      | 'wrongMethod'
      | 'bodyTooLarge'
      | 'bodyTooSlow'
      | 'bodyCut'
      | 'databaseLocked'
      | 'databaseUnusable'
      | 'faultInside'
      | 'tooManyFiles'
      | 'tooManyStreams'
      | 'tooManyWebhookTests'
      | 'verificationRuns'
      | 'alarmUnknown'
      | 'changeUnknown'
      | 'changeApproved'
      | 'changeRejected'
      | 'changeExpired'
      | 'changeIsFile'
      | 'importRunUnknown'
      | 'importUnknown'
      | 'importRunning'
      | 'importCancelled'
      | 'importCutOff'
      | 'importUndone'
      | 'orderUnknown'
      | 'scriptUnknown'
      | 'webhookUnknown'
      | 'subscriberUnknown'
      | 'imsiUnknown'
      | 'deviceUnknown'
      | 'prefixUnknown'
      | 'entryUnknown'
      | 'entryGoneAgain'
      | 'rangeUnknown'
      | 'exchangeGone'
      | 'hopGone'
      | 'pairRuleUnknown'
      | 'noImei'
      | 'roundedImei'
      | 'hexadecimalImei'
      | 'otherCheckDigit'
      | 'strangePlace'
      | 'noSuchDay'
      | 'noUiccNamed'
      | 'uiccNamedTwice'
      | 'noHandsetsNamed'
      | 'handsetsNamedTwice'
      | 'nothingToChangeOfUser'
      | 'noRuleNamed'
      | 'timesBackwards'
      | 'tooManySteps'
      | 'twoPlaces'
      | 'halfHead'
      | 'beyondLog'
      | 'notAPoint'
      | 'otherFingerprint'
      | 'makerOfOtherKey'
      | 'makerIsOperator'
      | 'makerNotBelieved'
      | 'formatAndMapping'
      | 'reportOfImport'
      | 'changesTooMuch'
      | 'importWasCancelled'
      | 'noList'
      | 'policyNoAuthorOrReason'
      | 'policyUnknownUicc'
      | 'policyNothingChanges'
      | 'policyNoSuchCount'
      | 'rotationNoAuthorOrReason'
      | 'rotationUnknownUicc'
      | 'rotationNoRemoteManagement'
      | 'rotationRotationOpen'
      | 'scriptNoAuthorOrReason'
      | 'scriptUnknownUicc'
      | 'scriptNoRemoteManagement'
      | 'scriptWrongTar'
      | 'scriptNoCommand'
      | 'scriptTooManyCommands'
      | 'scriptNotACommand'
      | 'scriptTooLong'
      | 'revocationNoAuthorOrReason'
      | 'revocationNoSerial'
      | 'revocationAlreadyRevoked'
      | 'revocationTooMany'
      | 'rolloutNoAuthorOrReason'
      | 'rolloutNoRoot'
      | 'rolloutTooManyRoots'
      | 'rolloutUnderWay'
      | 'missing'
      | 'unknownMember'
      | 'notOneOf'
      | 'otherForm'
      | 'empty'
      | 'notText'
      | 'tooShort'
      | 'tooLong'
      | 'notList'
      | 'tooFew'
      | 'tooMany'
      | 'notWhole'
      | 'notNumber'
      | 'tooSmall'
      | 'tooGreat'
      | 'notYesOrNo'
      | 'notObject'
      | 'formTime'
      | 'formExactTime'
      | 'formImei15'
      | 'formShownImei'
      | 'formImei14'
      | 'formImeiBeginning'
      | 'formIdentity'
      | 'formIccid'
      | 'formTac'
      | 'formImsi'
      | 'formImsiPrefix'
      | 'formDevice'
      | 'formHex'
      | 'formTar'
      | 'formCommand'
      | 'formSerial'
      | 'formCaIdentifier'
      | 'formPoint'
      | 'formFingerprint'
      | 'formSha256'
      | 'formChain'
      | 'formPerson'
      | 'formPlace'
      | 'formHandsetName'
      | 'formDialled'
      | 'foreignDigit'
      | 'wrongLength'
      | 'outOfLength'
      | 'lostTooManyDigits'
      | 'wrongCheckDigit'
      | 'tooGreatForImei'
      | 'wrongImsiLength'
      | 'wrongIdentityType'
      | 'wrongOctetCount'
      | 'wrongTypeAndParity'
      | 'foreignNibble'
      | 'noFiller'
      | 'badName'
      | 'reservedName'
      | 'noAuthor'
      | 'badReason'
      | 'badPassword'
      | 'passwordChangedMeanwhile'
      | 'tooManyPasswords'
      | 'badTokenExpiry'
      | 'userExists'
      | 'livingTokenExists'
      | 'userMakesToken'
      | 'lastAdministrator'
      | 'noSuchUser'
      | 'noSuchToken'
      | 'noSuchSession'
      | 'tokenRevokedAlready'
      | 'firstLinkEnded'
      | 'expiryPassed'
      | 'textTooLong'
      | 'nameMissing'
      | 'rangeBackwards'
      | 'pairImeisBackwards'
      | 'pairImsisBackwards'
      | 'badPrefix'
      | 'tooManyDefaults'
      | 'badChoice'
      | 'badMilliseconds'
      | 'badNumber'
      | 'badDays'
      | 'approverMissing'
      | 'changeIsMissing'
      | 'changeIsApproved'
      | 'changeIsRejected'
      | 'changeIsExpired'
      | 'ownProposal'
      | 'samePerson'
      | 'proposerStopped'
      | 'fleetNotApproved'
      | 'fleetTooLate'
      | 'fleetGrew'
      | 'stateIsAnother'
      | 'fileIsImported'
      | 'undoIsNoChange'
      | 'fileWanted'
      | 'changeIsNoImport'
      | 'decidedMeanwhile'
      | 'tooManyWait'
      | 'otherMeaning'
      | 'otherFile'
      | 'importIsMissing'
      | 'importIsRunning'
      | 'importIsUndone'
      | 'importUnderWay'
      | 'importTakenBack'
      | 'importRunIsMissing'
      | 'importRunHasEnded'
      | 'importRunIsCancelled'
      | 'importCounts'
      | 'importedMeanwhile'
      | 'runIsMissing'
      | 'runIsRunning'
      | 'runIsAbandoned'
      | 'runUnderWay'
      | 'runTakenBack'
      | 'badOperator'
      | 'baseNotBefore'
      | 'badMapping'
      | 'mappedTwice'
      | 'badMappedWords'
      | 'badHeader'
      | 'badSeparator'
      | 'noOrderReason'
      | 'orderExpiryPassed'
      | 'orderHasNoEnd'
      | 'uiccNotIssued'
      | 'urlTooLong'
      | 'noUrl'
      | 'urlScheme'
      | 'urlWithPassword'
      | 'urlWithFragment'
      | 'urlNotPublic'
      | 'badSecret'
      | 'tooManyWebhooks'
      | 'badKinds'
      | 'noWebhookReason'
      | 'otherMachine'
      | 'replayRuns'
      | 'handsetExists'
      | 'tooManyHandsets'
      | 'handsetOff'
      | 'notReported'
      | 'oneHandset'
      | 'handsetUnknown'
      | 'handsetBusy'
      | 'messageUnknown'
      | 'centreFull';
    readonly values: Readonly<Record<string, string | number>>;
  };
  readonly retryAfter?: number | undefined;
  readonly at?: string | undefined;
  readonly effect?: unknown | undefined;
  readonly refusal?:
    | {
        readonly code: 'changesMany' | 'shrinks' | 'hitsMany' | 'deltaGap' | 'tacsShrink';
        readonly values: Readonly<Record<string, string | number>>;
      }
    | undefined;
  readonly file?:
    | {
        readonly said: {
          readonly code:
            | 'zip'
            | 'gzip'
            | 'spreadsheet'
            | 'pdf'
            | 'utf16'
            | 'markup'
            | 'zeros'
            | 'empty'
            | 'emptyRows'
            | 'emptyRecords'
            | 'recordsUnknown'
            | 'recordsNone'
            | 'columnsUnknown'
            | 'tacsBesideOthers'
            | 'pairsBesideOthers'
            | 'firstLine'
            | 'columnTwice'
            | 'columnMissing'
            | 'columnMissingEither'
            | 'columnMissingBoth'
            | 'columnNotOnce'
            | 'mappingNoImei'
            | 'mappingNumber'
            | 'mappingNeedsNumber'
            | 'mappingName'
            | 'datePatternLong'
            | 'datePattern'
            | 'zerosAfterLine'
            | 'notUtf8AfterLine'
            | 'zerosAfterElement'
            | 'notUtf8AfterElement'
            | 'elementCut'
            | 'arrayCut'
            | 'afterArray'
            | 'strayBracket'
            | 'noLineUsable'
            | 'tacNoHeader'
            | 'tacMany'
            | 'tacNone';
          readonly values: Readonly<Record<string, string | number>>;
        };
        readonly line?:
          | {
              readonly said: {
                readonly code:
                  | 'lineLong'
                  | 'fieldsMany'
                  | 'quoteOpen'
                  | 'quoteFollowed'
                  | 'imeiMissing'
                  | 'imeiRounded'
                  | 'imeiHexadecimal'
                  | 'imeiSign'
                  | 'imeiShort'
                  | 'imeiLength'
                  | 'checkDigit'
                  | 'checkDigitAfterZeros'
                  | 'rangeBackwards'
                  | 'tacMissing'
                  | 'tacShort'
                  | 'tacLength'
                  | 'tacSign'
                  | 'imsiMissing'
                  | 'imsiLength'
                  | 'imsiSign'
                  | 'imsisBackwards'
                  | 'msisdnLength'
                  | 'msisdnSign'
                  | 'aboutUnknown'
                  | 'changeUnknown'
                  | 'listUnknown'
                  | 'dateUnknown'
                  | 'dayUnknown'
                  | 'momentUnknown'
                  | 'textIsNumber'
                  | 'textIsOther'
                  | 'statusUnknown'
                  | 'statusMissing'
                  | 'gpsiAlone'
                  | 'pairNotPermitted'
                  | 'codeUnknown'
                  | 'modeUnknown'
                  | 'patternLong'
                  | 'patternNoPrefix'
                  | 'patternFalling'
                  | 'patternGaps'
                  | 'patternCount'
                  | 'patternForAll'
                  | 'patternNoImei'
                  | 'patternLateClass'
                  | 'patternNoImsi'
                  | 'recordDeep'
                  | 'recordQuote'
                  | 'recordLong'
                  | 'recordUnreadable'
                  | 'recordNoObject'
                  | 'rulesMany'
                  | 'tacValue';
                readonly values: Readonly<Record<string, string | number>>;
              };
              readonly column?: string | undefined;
            }
          | undefined;
      }
    | undefined;
};

/** Every operation of the API: what it is asked with, and what it answers. */
export interface Operations {
  /** All that is known about an IMEI: the answer a network would get, its reasons, entries, who uses it. */
  'GET /api/v1/imei/{imei}': {
    path: { readonly imei: string };
    query: {
      readonly imsi?: string | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly imei: string;
      readonly equipmentStatus: 'permitted' | 'tracking' | 'prohibited';
      readonly reasons: readonly {
        readonly code:
          | 'registerOff'
          | 'trackOnly'
          | 'blackList'
          | 'greyList'
          | 'whiteList'
          | 'blackRange'
          | 'greyRange'
          | 'whiteRange'
          | 'spared'
          | 'allowedPair'
          | 'lockedHandset'
          | 'lockedSubscriber'
          | 'lyingHandset'
          | 'proofExpected'
          | 'proofMissing'
          | 'refutedProof'
          | 'notProven'
          | 'revoked'
          | 'pairingLocked'
          | 'clone'
          | 'genuine'
          | 'bogusImei'
          | 'unallocatedTac'
          | 'commanded'
          | 'proved'
          | 'notListed'
          | 'imsiDefault';
        readonly status: 'permitted' | 'tracking' | 'prohibited';
        readonly text: string;
        readonly said: readonly {
          readonly code:
            | 'registerOff'
            | 'trackOnly'
            | 'blackList'
            | 'greyList'
            | 'whiteList'
            | 'blackRange'
            | 'greyRange'
            | 'whiteRange'
            | 'spared'
            | 'allowedPair'
            | 'lockedHandset'
            | 'lockedSubscriber'
            | 'lyingHandset'
            | 'proofExpected'
            | 'proofMissing'
            | 'refutedProof'
            | 'notProven'
            | 'revoked'
            | 'pairingLocked'
            | 'clone'
            | 'genuine'
            | 'bogusImei'
            | 'unallocatedTac'
            | 'commanded'
            | 'proved'
            | 'notListed'
            | 'imsiDefault'
            | 'note'
            | 'listReason'
            | 'listReasonNote'
            | 'ofTac'
            | 'ofRange'
            | 'byPrefix'
            | 'byPrefixNote'
            | 'byProof'
            | 'provedImei'
            | 'provedBefore'
            | 'claimedImei'
            | 'toldOther'
            | 'orderExpired'
            | 'written'
            | 'certificateRevoked'
            | 'rootsChanged';
          readonly values: Readonly<Record<string, string | number>>;
        }[];
        readonly listReason?:
          | 'stolen'
          | 'lost'
          | 'fraud'
          | 'unpaid'
          | 'duplicate'
          | 'malformed'
          | 'regulator'
          | 'other'
          | undefined;
        readonly detail?: string | undefined;
        readonly caseReference?: string | undefined;
        readonly overruledBy?:
          | 'registerOff'
          | 'trackOnly'
          | 'blackList'
          | 'greyList'
          | 'whiteList'
          | 'blackRange'
          | 'greyRange'
          | 'whiteRange'
          | 'spared'
          | 'allowedPair'
          | 'lockedHandset'
          | 'lockedSubscriber'
          | 'lyingHandset'
          | 'proofExpected'
          | 'proofMissing'
          | 'refutedProof'
          | 'notProven'
          | 'revoked'
          | 'pairingLocked'
          | 'clone'
          | 'genuine'
          | 'bogusImei'
          | 'unallocatedTac'
          | 'commanded'
          | 'proved'
          | 'notListed'
          | 'imsiDefault'
          | undefined;
      }[];
      readonly isUnknown: boolean;
      readonly normalised: readonly string[];
      readonly evidence: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
      readonly provedImei?: string | undefined;
      readonly entries: readonly {
        readonly imei: string;
        readonly list: 'black' | 'grey' | 'white';
        readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
        readonly note: string;
        readonly caseReference: string;
        readonly author: string;
        readonly source: string;
        readonly addedAt: string;
        readonly expiresAt?: string | undefined;
        readonly batch?: number | undefined;
      }[];
      readonly genuine?: string | undefined;
      readonly because: {
        readonly code: 'nobodyProves' | 'severalSupports' | 'proved' | 'provedToSeveral';
        readonly supports?: readonly string[] | undefined;
        readonly support?: string | undefined;
        readonly level?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
        readonly provedAt?: string | undefined;
        readonly uiccs?: number | undefined;
      };
      readonly argument: string;
      readonly subscribers: number;
      readonly isExact: boolean;
      readonly claimants: readonly {
        readonly imsi: string;
        readonly iccid?: string | undefined;
        readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly isGenuine: boolean;
      }[];
    };
  };
  /** What the register answers about up to 1000 IMEIs, and why. Nothing is recorded. */
  'POST /api/v1/checks': {
    path: undefined;
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: {
      readonly checks: readonly {
        readonly imei: string;
        readonly imsi?: string | undefined;
        readonly position?: { readonly latitude: number; readonly longitude: number } | undefined;
      }[];
    };
    answer: {
      readonly results: readonly (
        | {
            readonly imei: string;
            readonly equipmentStatus: 'permitted' | 'tracking' | 'prohibited';
            readonly reasons: readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault';
              readonly status: 'permitted' | 'tracking' | 'prohibited';
              readonly text: string;
              readonly said: readonly {
                readonly code:
                  | 'registerOff'
                  | 'trackOnly'
                  | 'blackList'
                  | 'greyList'
                  | 'whiteList'
                  | 'blackRange'
                  | 'greyRange'
                  | 'whiteRange'
                  | 'spared'
                  | 'allowedPair'
                  | 'lockedHandset'
                  | 'lockedSubscriber'
                  | 'lyingHandset'
                  | 'proofExpected'
                  | 'proofMissing'
                  | 'refutedProof'
                  | 'notProven'
                  | 'revoked'
                  | 'pairingLocked'
                  | 'clone'
                  | 'genuine'
                  | 'bogusImei'
                  | 'unallocatedTac'
                  | 'commanded'
                  | 'proved'
                  | 'notListed'
                  | 'imsiDefault'
                  | 'note'
                  | 'listReason'
                  | 'listReasonNote'
                  | 'ofTac'
                  | 'ofRange'
                  | 'byPrefix'
                  | 'byPrefixNote'
                  | 'byProof'
                  | 'provedImei'
                  | 'provedBefore'
                  | 'claimedImei'
                  | 'toldOther'
                  | 'orderExpired'
                  | 'written'
                  | 'certificateRevoked'
                  | 'rootsChanged';
                readonly values: Readonly<Record<string, string | number>>;
              }[];
              readonly listReason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly detail?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly overruledBy?:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | undefined;
            }[];
            readonly isUnknown: boolean;
            readonly normalised: readonly string[];
            readonly evidence: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
            readonly provedImei?: string | undefined;
          }
        | { readonly problem: string }
      )[];
    };
  };
  /** The same question asked by a network: that these subscribers claim these IMEIs is kept as evidence. */
  'POST /api/v1/claims': {
    path: undefined;
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: {
      readonly checks: readonly {
        readonly imei: string;
        readonly imsi?: string | undefined;
        readonly position?: { readonly latitude: number; readonly longitude: number } | undefined;
      }[];
    };
    answer: {
      readonly results: readonly (
        | {
            readonly imei: string;
            readonly equipmentStatus: 'permitted' | 'tracking' | 'prohibited';
            readonly reasons: readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault';
              readonly status: 'permitted' | 'tracking' | 'prohibited';
              readonly text: string;
              readonly said: readonly {
                readonly code:
                  | 'registerOff'
                  | 'trackOnly'
                  | 'blackList'
                  | 'greyList'
                  | 'whiteList'
                  | 'blackRange'
                  | 'greyRange'
                  | 'whiteRange'
                  | 'spared'
                  | 'allowedPair'
                  | 'lockedHandset'
                  | 'lockedSubscriber'
                  | 'lyingHandset'
                  | 'proofExpected'
                  | 'proofMissing'
                  | 'refutedProof'
                  | 'notProven'
                  | 'revoked'
                  | 'pairingLocked'
                  | 'clone'
                  | 'genuine'
                  | 'bogusImei'
                  | 'unallocatedTac'
                  | 'commanded'
                  | 'proved'
                  | 'notListed'
                  | 'imsiDefault'
                  | 'note'
                  | 'listReason'
                  | 'listReasonNote'
                  | 'ofTac'
                  | 'ofRange'
                  | 'byPrefix'
                  | 'byPrefixNote'
                  | 'byProof'
                  | 'provedImei'
                  | 'provedBefore'
                  | 'claimedImei'
                  | 'toldOther'
                  | 'orderExpired'
                  | 'written'
                  | 'certificateRevoked'
                  | 'rootsChanged';
                readonly values: Readonly<Record<string, string | number>>;
              }[];
              readonly listReason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly detail?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly overruledBy?:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | undefined;
            }[];
            readonly isUnknown: boolean;
            readonly normalised: readonly string[];
            readonly evidence: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
            readonly provedImei?: string | undefined;
          }
        | { readonly problem: string }
      )[];
    };
  };
  /** How long the lists are; with `list`, a page of its entries in ascending order of IMEI. */
  'GET /api/v1/lists': {
    path: undefined;
    query: {
      readonly list?: 'black' | 'grey' | 'white' | undefined;
      readonly after?: string | undefined;
      readonly from?: string | undefined;
      readonly before?: string | undefined;
      readonly row?: number | undefined;
      readonly prefix?: string | undefined;
      readonly source?: string | undefined;
      readonly reason?:
        | 'stolen'
        | 'lost'
        | 'fraud'
        | 'unpaid'
        | 'duplicate'
        | 'malformed'
        | 'regulator'
        | 'other'
        | undefined;
      readonly caseReference?: string | undefined;
      readonly batch?: number | undefined;
      readonly limit?: number | undefined;
    };
    body: undefined;
    answer: {
      readonly lists: readonly {
        readonly list: 'black' | 'grey' | 'white';
        readonly entries: number;
        readonly expired: number;
      }[];
      readonly list?: 'black' | 'grey' | 'white' | undefined;
      readonly entries?:
        | readonly {
            readonly imei: string;
            readonly list: 'black' | 'grey' | 'white';
            readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
            readonly note: string;
            readonly caseReference: string;
            readonly author: string;
            readonly source: string;
            readonly addedAt: string;
            readonly expiresAt?: string | undefined;
            readonly batch?: number | undefined;
          }[]
        | undefined;
      readonly next?: string | undefined;
      readonly place?: { readonly row: number; readonly total: number; readonly isExact: boolean } | undefined;
    };
  };
  /** A whole list as a file. */
  'GET /api/v1/lists/{list}/export': {
    path: { readonly list: 'black' | 'grey' | 'white' };
    query: { readonly format?: 'csv' | 'dirbs-black-list' | undefined };
    body: undefined;
    answer: string;
  };
  /** Lists one IMEI, or changes its entry of the same list and source. */
  'POST /api/v1/lists/{list}/entries': {
    path: { readonly list: 'black' | 'grey' | 'white' };
    query: undefined;
    body: {
      readonly imei: string;
      readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
      readonly note?: string | undefined;
      readonly caseReference?: string | undefined;
      readonly source?: string | undefined;
      readonly expiresAt?: string | undefined;
    };
    answer:
      | {
          readonly entry: {
            readonly imei: string;
            readonly list: 'black' | 'grey' | 'white';
            readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
            readonly note: string;
            readonly caseReference: string;
            readonly author: string;
            readonly source: string;
            readonly addedAt: string;
            readonly expiresAt?: string | undefined;
            readonly batch?: number | undefined;
          };
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Takes one IMEI off a list. Other sources keep their entries. */
  'POST /api/v1/lists/{list}/removals': {
    path: { readonly list: 'black' | 'grey' | 'white' };
    query: undefined;
    body: {
      readonly imei: string;
      readonly reason: string;
      readonly caseReference?: string | undefined;
      readonly source?: string | undefined;
    };
    answer:
      | {
          readonly removed: boolean;
          readonly remaining: readonly {
            readonly imei: string;
            readonly list: 'black' | 'grey' | 'white';
            readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
            readonly note: string;
            readonly caseReference: string;
            readonly author: string;
            readonly source: string;
            readonly addedAt: string;
            readonly expiresAt?: string | undefined;
            readonly batch?: number | undefined;
          }[];
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Entries about types of handsets and other ranges, in the order of their making. */
  'GET /api/v1/ranges': {
    path: undefined;
    query: { readonly after?: number | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly ranges: readonly {
        readonly id: number;
        readonly firstImei: string;
        readonly lastImei: string;
        readonly tac?: string | undefined;
        readonly source: string;
        readonly note: string;
        readonly caseReference: string;
        readonly author: string;
        readonly addedAt: string;
        readonly expiresAt?: string | undefined;
        readonly batch?: number | undefined;
        readonly list: 'black' | 'grey' | 'white';
        readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
      }[];
      readonly next?: number | undefined;
    };
  };
  /** Lists all handsets of a type, or of a range, or changes the entry of the same bounds, list and source. */
  'POST /api/v1/ranges': {
    path: undefined;
    query: undefined;
    body: {
      readonly tac?: string | undefined;
      readonly firstImei?: string | undefined;
      readonly lastImei?: string | undefined;
      readonly list: 'black' | 'grey' | 'white';
      readonly reason: 'stolen' | 'lost' | 'fraud' | 'unpaid' | 'duplicate' | 'malformed' | 'regulator' | 'other';
      readonly note?: string | undefined;
      readonly caseReference?: string | undefined;
      readonly source?: string | undefined;
      readonly expiresAt?: string | undefined;
    };
    answer:
      | { readonly firstImei: string; readonly lastImei: string; readonly tac?: string | undefined }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Takes a range off a list. */
  'POST /api/v1/ranges/removals': {
    path: undefined;
    query: undefined;
    body: {
      readonly tac?: string | undefined;
      readonly firstImei?: string | undefined;
      readonly lastImei?: string | undefined;
      readonly list: 'black' | 'grey' | 'white';
      readonly reason: string;
      readonly caseReference?: string | undefined;
      readonly source?: string | undefined;
    };
    answer:
      | { readonly removed: boolean }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Rules about handsets and subscribers together, in the order of their making. */
  'GET /api/v1/pair-rules': {
    path: undefined;
    query: {
      readonly after?: number | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly rules: readonly {
        readonly id: number;
        readonly firstImei: string;
        readonly lastImei: string;
        readonly tac?: string | undefined;
        readonly source: string;
        readonly note: string;
        readonly caseReference: string;
        readonly author: string;
        readonly addedAt: string;
        readonly expiresAt?: string | undefined;
        readonly batch?: number | undefined;
        readonly kind: 'allow' | 'lock';
        readonly firstImsi: string;
        readonly lastImsi: string;
      }[];
      readonly next?: number | undefined;
    };
  };
  /** Lets subscribers use handsets whatever the lists say, or locks them together. */
  'POST /api/v1/pair-rules': {
    path: undefined;
    query: undefined;
    body: {
      readonly tac?: string | undefined;
      readonly firstImei?: string | undefined;
      readonly lastImei?: string | undefined;
      readonly firstImsi: string;
      readonly lastImsi?: string | undefined;
      readonly kind: 'allow' | 'lock';
      readonly note?: string | undefined;
      readonly caseReference?: string | undefined;
      readonly source?: string | undefined;
      readonly expiresAt?: string | undefined;
    };
    answer:
      | { readonly firstImei: string; readonly lastImei: string; readonly tac?: string | undefined }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Takes a rule back. */
  'POST /api/v1/pair-rules/removals': {
    path: undefined;
    query: undefined;
    body: {
      readonly tac?: string | undefined;
      readonly firstImei?: string | undefined;
      readonly lastImei?: string | undefined;
      readonly firstImsi: string;
      readonly lastImsi?: string | undefined;
      readonly kind: 'allow' | 'lock';
      readonly reason: string;
      readonly caseReference?: string | undefined;
      readonly source?: string | undefined;
    };
    answer:
      | { readonly removed: boolean }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Imported files, the newest first. */
  'GET /api/v1/imports': {
    path: undefined;
    query: { readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly imports: readonly {
        readonly batch: number;
        readonly at: string;
        readonly list: 'black' | 'grey' | 'white';
        readonly source: string;
        readonly author: string;
        readonly name: string;
        readonly state: 'running' | 'done' | 'undoing' | 'undone' | 'cancelled' | 'cutOff';
        readonly added: number;
        readonly removed: number;
        readonly updated: number;
        readonly bad: number;
      }[];
    };
  };
  /** Reads a list file as it comes, and applies it or shows its effect. */
  'POST /api/v1/imports': {
    path: undefined;
    query: {
      readonly list: 'black' | 'grey' | 'white';
      readonly source: string;
      readonly name?: string | undefined;
      readonly format?:
        | 'csv'
        | 'dirbs-stolen'
        | 'dirbs-black-list'
        | 'dirbs-barred'
        | 'dirbs-barred-tac'
        | 'dirbs-pairing'
        | 'dirbs-exceptions'
        | 'dirbs-notifications'
        | 'open5gs'
        | 'open5gs-csv'
        | 'pyhss'
        | 'pyhss-csv'
        | undefined;
      readonly mapping?: string | undefined;
      readonly pairs?: 'allow' | 'lock' | undefined;
      readonly change?: 'add' | 'remove' | 'update' | undefined;
      readonly lostZeros?: '14' | '15' | undefined;
      readonly kind?: 'delta' | 'full' | undefined;
      readonly dryRun?: boolean | undefined;
      readonly report?: 'first' | 'full' | undefined;
      readonly approve?: number | undefined;
      readonly reason?:
        | 'stolen'
        | 'lost'
        | 'fraud'
        | 'unpaid'
        | 'duplicate'
        | 'malformed'
        | 'regulator'
        | 'other'
        | undefined;
      readonly caseReference?: string | undefined;
      readonly expiresAt?: string | undefined;
      readonly changeLimit?: number | undefined;
      readonly subscriberLimit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: string;
    answer:
      | {
          readonly outcome: 'applied' | 'dryRun';
          readonly effect: {
            readonly lines: number;
            readonly added: number;
            readonly removed: number;
            readonly updated: number;
            readonly alreadyThere: number;
            readonly notThere: number;
            readonly duplicates: number;
            readonly notInForce: number;
            readonly notifications: number;
            readonly normalised: number;
            readonly rules: number;
            readonly bad: number;
            readonly badLines: readonly {
              readonly number: number;
              readonly problem: string;
              readonly said: {
                readonly code:
                  | 'lineLong'
                  | 'fieldsMany'
                  | 'quoteOpen'
                  | 'quoteFollowed'
                  | 'imeiMissing'
                  | 'imeiRounded'
                  | 'imeiHexadecimal'
                  | 'imeiSign'
                  | 'imeiShort'
                  | 'imeiLength'
                  | 'checkDigit'
                  | 'checkDigitAfterZeros'
                  | 'rangeBackwards'
                  | 'tacMissing'
                  | 'tacShort'
                  | 'tacLength'
                  | 'tacSign'
                  | 'imsiMissing'
                  | 'imsiLength'
                  | 'imsiSign'
                  | 'imsisBackwards'
                  | 'msisdnLength'
                  | 'msisdnSign'
                  | 'aboutUnknown'
                  | 'changeUnknown'
                  | 'listUnknown'
                  | 'dateUnknown'
                  | 'dayUnknown'
                  | 'momentUnknown'
                  | 'textIsNumber'
                  | 'textIsOther'
                  | 'statusUnknown'
                  | 'statusMissing'
                  | 'gpsiAlone'
                  | 'pairNotPermitted'
                  | 'codeUnknown'
                  | 'modeUnknown'
                  | 'patternLong'
                  | 'patternNoPrefix'
                  | 'patternFalling'
                  | 'patternGaps'
                  | 'patternCount'
                  | 'patternForAll'
                  | 'patternNoImei'
                  | 'patternLateClass'
                  | 'patternNoImsi'
                  | 'recordDeep'
                  | 'recordQuote'
                  | 'recordLong'
                  | 'recordUnreadable'
                  | 'recordNoObject'
                  | 'rulesMany'
                  | 'tacValue';
                readonly values: Readonly<Record<string, string | number>>;
              };
              readonly column?: string | undefined;
              readonly line: string;
            }[];
            readonly problems: readonly {
              readonly code:
                | 'lineLong'
                | 'fieldsMany'
                | 'quoteOpen'
                | 'quoteFollowed'
                | 'imeiMissing'
                | 'imeiRounded'
                | 'imeiHexadecimal'
                | 'imeiSign'
                | 'imeiShort'
                | 'imeiLength'
                | 'checkDigit'
                | 'checkDigitAfterZeros'
                | 'rangeBackwards'
                | 'tacMissing'
                | 'tacShort'
                | 'tacLength'
                | 'tacSign'
                | 'imsiMissing'
                | 'imsiLength'
                | 'imsiSign'
                | 'imsisBackwards'
                | 'msisdnLength'
                | 'msisdnSign'
                | 'aboutUnknown'
                | 'changeUnknown'
                | 'listUnknown'
                | 'dateUnknown'
                | 'dayUnknown'
                | 'momentUnknown'
                | 'textIsNumber'
                | 'textIsOther'
                | 'statusUnknown'
                | 'statusMissing'
                | 'gpsiAlone'
                | 'pairNotPermitted'
                | 'codeUnknown'
                | 'modeUnknown'
                | 'patternLong'
                | 'patternNoPrefix'
                | 'patternFalling'
                | 'patternGaps'
                | 'patternCount'
                | 'patternForAll'
                | 'patternNoImei'
                | 'patternLateClass'
                | 'patternNoImsi'
                | 'recordDeep'
                | 'recordQuote'
                | 'recordLong'
                | 'recordUnreadable'
                | 'recordNoObject'
                | 'rulesMany'
                | 'tacValue';
              readonly column?: string | undefined;
              readonly count: number;
            }[];
            readonly normalisations: readonly {
              readonly text: string;
              readonly said: {
                readonly code:
                  | 'checkDigitDropped'
                  | 'spareDigitDropped'
                  | 'separatorsDropped'
                  | 'softwareVersionDropped'
                  | 'zerosPutBack'
                  | 'patternOne'
                  | 'patternRange'
                  | 'patternImsis';
                readonly values: Readonly<Record<string, string | number>>;
              };
              readonly count: number;
              readonly examples: readonly { readonly number: number; readonly imei: string }[];
            }[];
            readonly subscribersHit: number;
            readonly hitHandsets: readonly {
              readonly imei: string;
              readonly imsi: string;
              readonly lastSeenAt?: string | undefined;
            }[];
            readonly before: number;
            readonly after: number;
          };
          readonly batch?: number | undefined;
        }
      | string
      | {
          readonly outcome: 'waiting';
          readonly effect: {
            readonly lines: number;
            readonly added: number;
            readonly removed: number;
            readonly updated: number;
            readonly alreadyThere: number;
            readonly notThere: number;
            readonly duplicates: number;
            readonly notInForce: number;
            readonly notifications: number;
            readonly normalised: number;
            readonly rules: number;
            readonly bad: number;
            readonly badLines: readonly {
              readonly number: number;
              readonly problem: string;
              readonly said: {
                readonly code:
                  | 'lineLong'
                  | 'fieldsMany'
                  | 'quoteOpen'
                  | 'quoteFollowed'
                  | 'imeiMissing'
                  | 'imeiRounded'
                  | 'imeiHexadecimal'
                  | 'imeiSign'
                  | 'imeiShort'
                  | 'imeiLength'
                  | 'checkDigit'
                  | 'checkDigitAfterZeros'
                  | 'rangeBackwards'
                  | 'tacMissing'
                  | 'tacShort'
                  | 'tacLength'
                  | 'tacSign'
                  | 'imsiMissing'
                  | 'imsiLength'
                  | 'imsiSign'
                  | 'imsisBackwards'
                  | 'msisdnLength'
                  | 'msisdnSign'
                  | 'aboutUnknown'
                  | 'changeUnknown'
                  | 'listUnknown'
                  | 'dateUnknown'
                  | 'dayUnknown'
                  | 'momentUnknown'
                  | 'textIsNumber'
                  | 'textIsOther'
                  | 'statusUnknown'
                  | 'statusMissing'
                  | 'gpsiAlone'
                  | 'pairNotPermitted'
                  | 'codeUnknown'
                  | 'modeUnknown'
                  | 'patternLong'
                  | 'patternNoPrefix'
                  | 'patternFalling'
                  | 'patternGaps'
                  | 'patternCount'
                  | 'patternForAll'
                  | 'patternNoImei'
                  | 'patternLateClass'
                  | 'patternNoImsi'
                  | 'recordDeep'
                  | 'recordQuote'
                  | 'recordLong'
                  | 'recordUnreadable'
                  | 'recordNoObject'
                  | 'rulesMany'
                  | 'tacValue';
                readonly values: Readonly<Record<string, string | number>>;
              };
              readonly column?: string | undefined;
              readonly line: string;
            }[];
            readonly problems: readonly {
              readonly code:
                | 'lineLong'
                | 'fieldsMany'
                | 'quoteOpen'
                | 'quoteFollowed'
                | 'imeiMissing'
                | 'imeiRounded'
                | 'imeiHexadecimal'
                | 'imeiSign'
                | 'imeiShort'
                | 'imeiLength'
                | 'checkDigit'
                | 'checkDigitAfterZeros'
                | 'rangeBackwards'
                | 'tacMissing'
                | 'tacShort'
                | 'tacLength'
                | 'tacSign'
                | 'imsiMissing'
                | 'imsiLength'
                | 'imsiSign'
                | 'imsisBackwards'
                | 'msisdnLength'
                | 'msisdnSign'
                | 'aboutUnknown'
                | 'changeUnknown'
                | 'listUnknown'
                | 'dateUnknown'
                | 'dayUnknown'
                | 'momentUnknown'
                | 'textIsNumber'
                | 'textIsOther'
                | 'statusUnknown'
                | 'statusMissing'
                | 'gpsiAlone'
                | 'pairNotPermitted'
                | 'codeUnknown'
                | 'modeUnknown'
                | 'patternLong'
                | 'patternNoPrefix'
                | 'patternFalling'
                | 'patternGaps'
                | 'patternCount'
                | 'patternForAll'
                | 'patternNoImei'
                | 'patternLateClass'
                | 'patternNoImsi'
                | 'recordDeep'
                | 'recordQuote'
                | 'recordLong'
                | 'recordUnreadable'
                | 'recordNoObject'
                | 'rulesMany'
                | 'tacValue';
              readonly column?: string | undefined;
              readonly count: number;
            }[];
            readonly normalisations: readonly {
              readonly text: string;
              readonly said: {
                readonly code:
                  | 'checkDigitDropped'
                  | 'spareDigitDropped'
                  | 'separatorsDropped'
                  | 'softwareVersionDropped'
                  | 'zerosPutBack'
                  | 'patternOne'
                  | 'patternRange'
                  | 'patternImsis';
                readonly values: Readonly<Record<string, string | number>>;
              };
              readonly count: number;
              readonly examples: readonly { readonly number: number; readonly imei: string }[];
            }[];
            readonly subscribersHit: number;
            readonly hitHandsets: readonly {
              readonly imei: string;
              readonly imsi: string;
              readonly lastSeenAt?: string | undefined;
            }[];
            readonly before: number;
            readonly after: number;
          };
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** One imported file. */
  'GET /api/v1/imports/{batch}': {
    path: { readonly batch: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly import: {
        readonly batch: number;
        readonly at: string;
        readonly list: 'black' | 'grey' | 'white';
        readonly source: string;
        readonly author: string;
        readonly name: string;
        readonly state: 'running' | 'done' | 'undoing' | 'undone' | 'cancelled' | 'cutOff';
        readonly added: number;
        readonly removed: number;
        readonly updated: number;
        readonly bad: number;
      };
      readonly run?:
        | {
            readonly run: number;
            readonly version: number;
            readonly at: string;
            readonly list: 'black' | 'grey' | 'white';
            readonly source: string;
            readonly author: string;
            readonly name: string;
            readonly isDryRun: boolean;
            readonly phase: 'receiving' | 'checking' | 'writing';
            readonly done: number;
            readonly of?: number | undefined;
            readonly octets: number;
            readonly batch?: number | undefined;
            readonly state:
              | 'running'
              | 'applied'
              | 'dryRun'
              | 'refused'
              | 'waiting'
              | 'malformed'
              | 'cancelled'
              | 'failed'
              | 'cutOff';
            readonly endedAt?: string | undefined;
            readonly cancelledBy?: string | undefined;
            readonly cancelReason?: string | undefined;
          }
        | undefined;
    };
  };
  /** What the beginning of a list file says about it: its format, its columns, its first lines. Nothing is kept. */
  'POST /api/v1/imports/proposal': {
    path: undefined;
    query: undefined;
    body: string;
    answer: {
      readonly format?:
        | 'csv'
        | 'dirbs-stolen'
        | 'dirbs-black-list'
        | 'dirbs-barred'
        | 'dirbs-barred-tac'
        | 'dirbs-pairing'
        | 'dirbs-exceptions'
        | 'dirbs-notifications'
        | 'open5gs'
        | 'open5gs-csv'
        | 'pyhss'
        | 'pyhss-csv'
        | undefined;
      readonly why: string;
      readonly whySaid?:
        | {
            readonly code:
              | 'pei'
              | 'responseCode'
              | 'responseCodeColumn'
              | 'peiColumn'
              | 'aboutColumn'
              | 'notifications'
              | 'blackList'
              | 'stolenList'
              | 'barredList'
              | 'imeiColumn'
              | 'tacColumn'
              | 'exceptions'
              | 'pairing'
              | 'tacFirst'
              | 'pairFirst'
              | 'dateSecond'
              | 'changeSecond'
              | 'imeiFirst';
            readonly values: Readonly<Record<string, string | number>>;
          }
        | undefined;
      readonly problem: string;
      readonly refusal?:
        | {
            readonly said: {
              readonly code:
                | 'zip'
                | 'gzip'
                | 'spreadsheet'
                | 'pdf'
                | 'utf16'
                | 'markup'
                | 'zeros'
                | 'empty'
                | 'emptyRows'
                | 'emptyRecords'
                | 'recordsUnknown'
                | 'recordsNone'
                | 'columnsUnknown'
                | 'tacsBesideOthers'
                | 'pairsBesideOthers'
                | 'firstLine'
                | 'columnTwice'
                | 'columnMissing'
                | 'columnMissingEither'
                | 'columnMissingBoth'
                | 'columnNotOnce'
                | 'mappingNoImei'
                | 'mappingNumber'
                | 'mappingNeedsNumber'
                | 'mappingName'
                | 'datePatternLong'
                | 'datePattern'
                | 'zerosAfterLine'
                | 'notUtf8AfterLine'
                | 'zerosAfterElement'
                | 'notUtf8AfterElement'
                | 'elementCut'
                | 'arrayCut'
                | 'afterArray'
                | 'strayBracket'
                | 'noLineUsable'
                | 'tacNoHeader'
                | 'tacMany'
                | 'tacNone';
              readonly values: Readonly<Record<string, string | number>>;
            };
            readonly line?:
              | {
                  readonly said: {
                    readonly code:
                      | 'lineLong'
                      | 'fieldsMany'
                      | 'quoteOpen'
                      | 'quoteFollowed'
                      | 'imeiMissing'
                      | 'imeiRounded'
                      | 'imeiHexadecimal'
                      | 'imeiSign'
                      | 'imeiShort'
                      | 'imeiLength'
                      | 'checkDigit'
                      | 'checkDigitAfterZeros'
                      | 'rangeBackwards'
                      | 'tacMissing'
                      | 'tacShort'
                      | 'tacLength'
                      | 'tacSign'
                      | 'imsiMissing'
                      | 'imsiLength'
                      | 'imsiSign'
                      | 'imsisBackwards'
                      | 'msisdnLength'
                      | 'msisdnSign'
                      | 'aboutUnknown'
                      | 'changeUnknown'
                      | 'listUnknown'
                      | 'dateUnknown'
                      | 'dayUnknown'
                      | 'momentUnknown'
                      | 'textIsNumber'
                      | 'textIsOther'
                      | 'statusUnknown'
                      | 'statusMissing'
                      | 'gpsiAlone'
                      | 'pairNotPermitted'
                      | 'codeUnknown'
                      | 'modeUnknown'
                      | 'patternLong'
                      | 'patternNoPrefix'
                      | 'patternFalling'
                      | 'patternGaps'
                      | 'patternCount'
                      | 'patternForAll'
                      | 'patternNoImei'
                      | 'patternLateClass'
                      | 'patternNoImsi'
                      | 'recordDeep'
                      | 'recordQuote'
                      | 'recordLong'
                      | 'recordUnreadable'
                      | 'recordNoObject'
                      | 'rulesMany'
                      | 'tacValue';
                    readonly values: Readonly<Record<string, string | number>>;
                  };
                  readonly column?: string | undefined;
                }
              | undefined;
          }
        | undefined;
      readonly hasHeader: boolean;
      readonly rows: readonly (readonly string[])[];
      readonly columns: {
        readonly imei?: number | undefined;
        readonly tac?: number | undefined;
        readonly imsi?: number | undefined;
        readonly msisdn?: number | undefined;
        readonly reason?: number | undefined;
        readonly note?: number | undefined;
        readonly caseReference?: number | undefined;
        readonly date?: number | undefined;
        readonly expires?: number | undefined;
        readonly list?: number | undefined;
        readonly remove?: number | undefined;
      };
    };
  };
  /** What taking this import back would do, and which handsets in use it would cut off. Nothing is changed. */
  'GET /api/v1/imports/{batch}/undo': {
    path: { readonly batch: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly effect: {
        readonly leaving: number;
        readonly returning: number;
        readonly restored: number;
        readonly rules: number;
        readonly prohibiting: number;
        readonly subscribersHit: number;
        readonly subscribersFreed: number;
        readonly hitHandsets: readonly {
          readonly imei: string;
          readonly imsi: string;
          readonly lastSeenAt?: string | undefined;
        }[];
      };
    };
  };
  /** Takes an import back: what it added goes, what it removed or replaced returns. */
  'POST /api/v1/imports/{batch}/undo': {
    path: { readonly batch: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly reason: string };
    answer:
      | {
          readonly changed: number;
          readonly effect: {
            readonly leaving: number;
            readonly returning: number;
            readonly restored: number;
            readonly rules: number;
            readonly prohibiting: number;
            readonly subscribersHit: number;
            readonly subscribersFreed: number;
            readonly hitHandsets: readonly {
              readonly imei: string;
              readonly imsi: string;
              readonly lastSeenAt?: string | undefined;
            }[];
          };
          readonly import: {
            readonly batch: number;
            readonly at: string;
            readonly list: 'black' | 'grey' | 'white';
            readonly source: string;
            readonly author: string;
            readonly name: string;
            readonly state: 'running' | 'done' | 'undoing' | 'undone' | 'cancelled' | 'cutOff';
            readonly added: number;
            readonly removed: number;
            readonly updated: number;
            readonly bad: number;
          };
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly effect: {
            readonly leaving: number;
            readonly returning: number;
            readonly restored: number;
            readonly rules: number;
            readonly prohibiting: number;
            readonly subscribersHit: number;
            readonly subscribersFreed: number;
            readonly hitHandsets: readonly {
              readonly imei: string;
              readonly imsi: string;
              readonly lastSeenAt?: string | undefined;
            }[];
          };
          readonly text: string;
        };
  };
  /** Files under way and those that were lately, the newest first, dry runs too. */
  'GET /api/v1/import-runs': {
    path: undefined;
    query: { readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly runs: readonly {
        readonly run: number;
        readonly version: number;
        readonly at: string;
        readonly list: 'black' | 'grey' | 'white';
        readonly source: string;
        readonly author: string;
        readonly name: string;
        readonly isDryRun: boolean;
        readonly phase: 'receiving' | 'checking' | 'writing';
        readonly done: number;
        readonly of?: number | undefined;
        readonly octets: number;
        readonly batch?: number | undefined;
        readonly state:
          | 'running'
          | 'applied'
          | 'dryRun'
          | 'refused'
          | 'waiting'
          | 'malformed'
          | 'cancelled'
          | 'failed'
          | 'cutOff';
        readonly endedAt?: string | undefined;
        readonly cancelledBy?: string | undefined;
        readonly cancelReason?: string | undefined;
      }[];
      readonly version: number;
    };
  };
  /** How far files under way are, as server-sent events. */
  'GET /api/v1/import-runs/stream': {
    path: undefined;
    query: { readonly after?: number | undefined };
    body: undefined;
    answer: string;
  };
  /** One file under way, or one that was lately. */
  'GET /api/v1/import-runs/{run}': {
    path: { readonly run: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly run: {
        readonly run: number;
        readonly version: number;
        readonly at: string;
        readonly list: 'black' | 'grey' | 'white';
        readonly source: string;
        readonly author: string;
        readonly name: string;
        readonly isDryRun: boolean;
        readonly phase: 'receiving' | 'checking' | 'writing';
        readonly done: number;
        readonly of?: number | undefined;
        readonly octets: number;
        readonly batch?: number | undefined;
        readonly state:
          | 'running'
          | 'applied'
          | 'dryRun'
          | 'refused'
          | 'waiting'
          | 'malformed'
          | 'cancelled'
          | 'failed'
          | 'cutOff';
        readonly endedAt?: string | undefined;
        readonly cancelledBy?: string | undefined;
        readonly cancelReason?: string | undefined;
      };
    };
  };
  /** Ends an import under way, whoever began it: nothing of it counts. One that counts already is to be undone. */
  'POST /api/v1/import-runs/{run}/cancel': {
    path: { readonly run: number };
    query: undefined;
    body: { readonly reason: string };
    answer: {
      readonly run: {
        readonly run: number;
        readonly version: number;
        readonly at: string;
        readonly list: 'black' | 'grey' | 'white';
        readonly source: string;
        readonly author: string;
        readonly name: string;
        readonly isDryRun: boolean;
        readonly phase: 'receiving' | 'checking' | 'writing';
        readonly done: number;
        readonly of?: number | undefined;
        readonly octets: number;
        readonly batch?: number | undefined;
        readonly state:
          | 'running'
          | 'applied'
          | 'dryRun'
          | 'refused'
          | 'waiting'
          | 'malformed'
          | 'cancelled'
          | 'failed'
          | 'cutOff';
        readonly endedAt?: string | undefined;
        readonly cancelledBy?: string | undefined;
        readonly cancelReason?: string | undefined;
      };
    };
  };
  /** Runs of the lists for other registers, the newest first. */
  'GET /api/v1/list-runs': {
    path: undefined;
    query: { readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly runs: readonly {
        readonly run: number;
        readonly at: string;
        readonly author: string;
        readonly asOfChange: number;
        readonly state: 'running' | 'done' | 'abandoned';
      }[];
    };
  };
  /** Writes down what the lists say now, as the next run: black list, exceptions (allowed pairs), notifications. */
  'POST /api/v1/list-runs': {
    path: undefined;
    query: undefined;
    body: { readonly noticeDays: number };
    answer: {
      readonly run: {
        readonly run: number;
        readonly at: string;
        readonly author: string;
        readonly asOfChange: number;
        readonly state: 'running' | 'done' | 'abandoned';
      };
    };
  };
  /** Changes that wait for a second person, the oldest first; or all of them, the newest first. */
  'GET /api/v1/approvals': {
    path: undefined;
    query: {
      readonly state?: 'waiting' | 'any' | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly proposed: readonly {
        readonly id: number;
        readonly at: string;
        readonly author: string;
        readonly reason: string;
        readonly change:
          | {
              readonly about: 'imei';
              readonly change: 'add' | 'remove';
              readonly imei: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'range';
              readonly change: 'add' | 'remove';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'pair';
              readonly change: 'add' | 'remove';
              readonly kind: 'allow' | 'lock';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly firstImsi: string;
              readonly lastImsi: string;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'imsiDefault';
              readonly change: 'add' | 'remove';
              readonly prefix: string;
              readonly answer?: 'permitted' | 'tracking' | 'prohibited' | 'unknown' | undefined;
              readonly note?: string | undefined;
            }
          | {
              readonly about: 'file';
              readonly name: string;
              readonly sha256: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly kind: 'delta' | 'full';
              readonly format?:
                | 'csv'
                | 'dirbs-stolen'
                | 'dirbs-black-list'
                | 'dirbs-barred'
                | 'dirbs-barred-tac'
                | 'dirbs-pairing'
                | 'dirbs-exceptions'
                | 'dirbs-notifications'
                | 'open5gs'
                | 'open5gs-csv'
                | 'pyhss'
                | 'pyhss-csv'
                | undefined;
              readonly mapping?: string | undefined;
              readonly pairs?: 'allow' | 'lock' | undefined;
              readonly change?: 'add' | 'remove' | 'update' | undefined;
              readonly lostZeros?: '14' | '15' | undefined;
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
              readonly added: number;
              readonly removed: number;
              readonly updated: number;
              readonly rules: number;
              readonly bad: number;
              readonly subscribersHit: number;
              readonly prohibiting: number;
            }
          | {
              readonly about: 'undo';
              readonly batch: number;
              readonly name: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly leaving: number;
              readonly returning: number;
              readonly restored: number;
              readonly rules: number;
              readonly prohibiting: number;
              readonly subscribersHit: number;
              readonly subscribersFreed: number;
            }
          | {
              readonly about: 'setting';
              readonly name:
                | 'mode'
                | 'cloneStatus'
                | 'proofGrace'
                | 'oldestList'
                | 'approval'
                | 'approval.fleet'
                | 'approval.users'
                | 'unknown.n5g-eir'
                | 'unknown.s13'
                | 'unknown.gsup'
                | 'unknown.api'
                | 'failure.notLoaded'
                | 'failure.listTooOld'
                | 'failure.notAnImei'
                | 'duplicate.subscribers'
                | 'duplicate.period'
                | 'duplicate.dailyAverage'
                | 'duplicate.conflicts'
                | 'duplicate.conflictTime'
                | 'duplicate.speed'
                | 'retention.reports'
                | 'retention.sightings'
                | 'retention.events'
                | 'retention.auditDetails'
                | 'retention.packets';
              readonly value: string;
              readonly before: string;
            }
          | {
              readonly about: 'erasure';
              readonly identity: 'imsi' | 'msisdn' | 'iccid' | 'imei';
              readonly digits: string;
            }
          | { readonly about: 'maker'; readonly change: 'remove'; readonly identifier: string }
          | {
              readonly about: 'user';
              readonly change: 'add' | 'change';
              readonly name: string;
              readonly user?: number | undefined;
              readonly role?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly roleBefore?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly isEnabled?: boolean | undefined;
              readonly wasEnabled?: boolean | undefined;
              readonly isPasswordNew: boolean;
            }
          | {
              readonly about: 'token';
              readonly change: 'add';
              readonly name: string;
              readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
              readonly expiresAt: string;
            }
          | {
              readonly about: 'fleet';
              readonly select: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly rules: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly caseReference: string;
              readonly selected: number;
              readonly changed: number;
              readonly losing: number;
              readonly gaining: number;
            };
        readonly state: 'waiting' | 'approved' | 'rejected' | 'expired';
        readonly decidedBy?: string | undefined;
        readonly decidedAt?: string | undefined;
      }[];
    };
  };
  /** One proposed change, and what became of it. */
  'GET /api/v1/approvals/{id}': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly proposed: {
        readonly id: number;
        readonly at: string;
        readonly author: string;
        readonly reason: string;
        readonly change:
          | {
              readonly about: 'imei';
              readonly change: 'add' | 'remove';
              readonly imei: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'range';
              readonly change: 'add' | 'remove';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'pair';
              readonly change: 'add' | 'remove';
              readonly kind: 'allow' | 'lock';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly firstImsi: string;
              readonly lastImsi: string;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'imsiDefault';
              readonly change: 'add' | 'remove';
              readonly prefix: string;
              readonly answer?: 'permitted' | 'tracking' | 'prohibited' | 'unknown' | undefined;
              readonly note?: string | undefined;
            }
          | {
              readonly about: 'file';
              readonly name: string;
              readonly sha256: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly kind: 'delta' | 'full';
              readonly format?:
                | 'csv'
                | 'dirbs-stolen'
                | 'dirbs-black-list'
                | 'dirbs-barred'
                | 'dirbs-barred-tac'
                | 'dirbs-pairing'
                | 'dirbs-exceptions'
                | 'dirbs-notifications'
                | 'open5gs'
                | 'open5gs-csv'
                | 'pyhss'
                | 'pyhss-csv'
                | undefined;
              readonly mapping?: string | undefined;
              readonly pairs?: 'allow' | 'lock' | undefined;
              readonly change?: 'add' | 'remove' | 'update' | undefined;
              readonly lostZeros?: '14' | '15' | undefined;
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
              readonly added: number;
              readonly removed: number;
              readonly updated: number;
              readonly rules: number;
              readonly bad: number;
              readonly subscribersHit: number;
              readonly prohibiting: number;
            }
          | {
              readonly about: 'undo';
              readonly batch: number;
              readonly name: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly leaving: number;
              readonly returning: number;
              readonly restored: number;
              readonly rules: number;
              readonly prohibiting: number;
              readonly subscribersHit: number;
              readonly subscribersFreed: number;
            }
          | {
              readonly about: 'setting';
              readonly name:
                | 'mode'
                | 'cloneStatus'
                | 'proofGrace'
                | 'oldestList'
                | 'approval'
                | 'approval.fleet'
                | 'approval.users'
                | 'unknown.n5g-eir'
                | 'unknown.s13'
                | 'unknown.gsup'
                | 'unknown.api'
                | 'failure.notLoaded'
                | 'failure.listTooOld'
                | 'failure.notAnImei'
                | 'duplicate.subscribers'
                | 'duplicate.period'
                | 'duplicate.dailyAverage'
                | 'duplicate.conflicts'
                | 'duplicate.conflictTime'
                | 'duplicate.speed'
                | 'retention.reports'
                | 'retention.sightings'
                | 'retention.events'
                | 'retention.auditDetails'
                | 'retention.packets';
              readonly value: string;
              readonly before: string;
            }
          | {
              readonly about: 'erasure';
              readonly identity: 'imsi' | 'msisdn' | 'iccid' | 'imei';
              readonly digits: string;
            }
          | { readonly about: 'maker'; readonly change: 'remove'; readonly identifier: string }
          | {
              readonly about: 'user';
              readonly change: 'add' | 'change';
              readonly name: string;
              readonly user?: number | undefined;
              readonly role?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly roleBefore?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly isEnabled?: boolean | undefined;
              readonly wasEnabled?: boolean | undefined;
              readonly isPasswordNew: boolean;
            }
          | {
              readonly about: 'token';
              readonly change: 'add';
              readonly name: string;
              readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
              readonly expiresAt: string;
            }
          | {
              readonly about: 'fleet';
              readonly select: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly rules: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly caseReference: string;
              readonly selected: number;
              readonly changed: number;
              readonly losing: number;
              readonly gaining: number;
            };
        readonly state: 'waiting' | 'approved' | 'rejected' | 'expired';
        readonly decidedBy?: string | undefined;
        readonly decidedAt?: string | undefined;
      };
    };
  };
  /** Agrees to a change as the second person: it is made at once, in the name of who proposed it. */
  'POST /api/v1/approvals/{id}/approval': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: {
      readonly reason: string;
      readonly shown?: { readonly changed: number; readonly losing: number } | undefined;
    };
    answer: {
      readonly changed: boolean;
      readonly proposed: {
        readonly id: number;
        readonly at: string;
        readonly author: string;
        readonly reason: string;
        readonly change:
          | {
              readonly about: 'imei';
              readonly change: 'add' | 'remove';
              readonly imei: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'range';
              readonly change: 'add' | 'remove';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'pair';
              readonly change: 'add' | 'remove';
              readonly kind: 'allow' | 'lock';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly firstImsi: string;
              readonly lastImsi: string;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'imsiDefault';
              readonly change: 'add' | 'remove';
              readonly prefix: string;
              readonly answer?: 'permitted' | 'tracking' | 'prohibited' | 'unknown' | undefined;
              readonly note?: string | undefined;
            }
          | {
              readonly about: 'file';
              readonly name: string;
              readonly sha256: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly kind: 'delta' | 'full';
              readonly format?:
                | 'csv'
                | 'dirbs-stolen'
                | 'dirbs-black-list'
                | 'dirbs-barred'
                | 'dirbs-barred-tac'
                | 'dirbs-pairing'
                | 'dirbs-exceptions'
                | 'dirbs-notifications'
                | 'open5gs'
                | 'open5gs-csv'
                | 'pyhss'
                | 'pyhss-csv'
                | undefined;
              readonly mapping?: string | undefined;
              readonly pairs?: 'allow' | 'lock' | undefined;
              readonly change?: 'add' | 'remove' | 'update' | undefined;
              readonly lostZeros?: '14' | '15' | undefined;
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
              readonly added: number;
              readonly removed: number;
              readonly updated: number;
              readonly rules: number;
              readonly bad: number;
              readonly subscribersHit: number;
              readonly prohibiting: number;
            }
          | {
              readonly about: 'undo';
              readonly batch: number;
              readonly name: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly leaving: number;
              readonly returning: number;
              readonly restored: number;
              readonly rules: number;
              readonly prohibiting: number;
              readonly subscribersHit: number;
              readonly subscribersFreed: number;
            }
          | {
              readonly about: 'setting';
              readonly name:
                | 'mode'
                | 'cloneStatus'
                | 'proofGrace'
                | 'oldestList'
                | 'approval'
                | 'approval.fleet'
                | 'approval.users'
                | 'unknown.n5g-eir'
                | 'unknown.s13'
                | 'unknown.gsup'
                | 'unknown.api'
                | 'failure.notLoaded'
                | 'failure.listTooOld'
                | 'failure.notAnImei'
                | 'duplicate.subscribers'
                | 'duplicate.period'
                | 'duplicate.dailyAverage'
                | 'duplicate.conflicts'
                | 'duplicate.conflictTime'
                | 'duplicate.speed'
                | 'retention.reports'
                | 'retention.sightings'
                | 'retention.events'
                | 'retention.auditDetails'
                | 'retention.packets';
              readonly value: string;
              readonly before: string;
            }
          | {
              readonly about: 'erasure';
              readonly identity: 'imsi' | 'msisdn' | 'iccid' | 'imei';
              readonly digits: string;
            }
          | { readonly about: 'maker'; readonly change: 'remove'; readonly identifier: string }
          | {
              readonly about: 'user';
              readonly change: 'add' | 'change';
              readonly name: string;
              readonly user?: number | undefined;
              readonly role?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly roleBefore?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly isEnabled?: boolean | undefined;
              readonly wasEnabled?: boolean | undefined;
              readonly isPasswordNew: boolean;
            }
          | {
              readonly about: 'token';
              readonly change: 'add';
              readonly name: string;
              readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
              readonly expiresAt: string;
            }
          | {
              readonly about: 'fleet';
              readonly select: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly rules: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly caseReference: string;
              readonly selected: number;
              readonly changed: number;
              readonly losing: number;
              readonly gaining: number;
            };
        readonly state: 'waiting' | 'approved' | 'rejected' | 'expired';
        readonly decidedBy?: string | undefined;
        readonly decidedAt?: string | undefined;
      };
    };
  };
  /** Carries out an approved order to a fleet, some hundreds of UICCs at a time: ask again with `next` until there is none. */
  'POST /api/v1/approvals/{id}/orders': {
    path: { readonly id: number };
    query: undefined;
    body: { readonly after?: string | undefined };
    answer: { readonly queued: number; readonly unchanged: number; readonly next?: string | undefined };
  };
  /** Says no to a change as the second person: it is never made. */
  'POST /api/v1/approvals/{id}/rejection': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly reason: string };
    answer: {
      readonly proposed: {
        readonly id: number;
        readonly at: string;
        readonly author: string;
        readonly reason: string;
        readonly change:
          | {
              readonly about: 'imei';
              readonly change: 'add' | 'remove';
              readonly imei: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'range';
              readonly change: 'add' | 'remove';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'pair';
              readonly change: 'add' | 'remove';
              readonly kind: 'allow' | 'lock';
              readonly firstImei: string;
              readonly lastImei: string;
              readonly tac?: string | undefined;
              readonly firstImsi: string;
              readonly lastImsi: string;
              readonly source: string;
              readonly note?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
            }
          | {
              readonly about: 'imsiDefault';
              readonly change: 'add' | 'remove';
              readonly prefix: string;
              readonly answer?: 'permitted' | 'tracking' | 'prohibited' | 'unknown' | undefined;
              readonly note?: string | undefined;
            }
          | {
              readonly about: 'file';
              readonly name: string;
              readonly sha256: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly kind: 'delta' | 'full';
              readonly format?:
                | 'csv'
                | 'dirbs-stolen'
                | 'dirbs-black-list'
                | 'dirbs-barred'
                | 'dirbs-barred-tac'
                | 'dirbs-pairing'
                | 'dirbs-exceptions'
                | 'dirbs-notifications'
                | 'open5gs'
                | 'open5gs-csv'
                | 'pyhss'
                | 'pyhss-csv'
                | undefined;
              readonly mapping?: string | undefined;
              readonly pairs?: 'allow' | 'lock' | undefined;
              readonly change?: 'add' | 'remove' | 'update' | undefined;
              readonly lostZeros?: '14' | '15' | undefined;
              readonly reason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly caseReference?: string | undefined;
              readonly expiresAt?: string | undefined;
              readonly added: number;
              readonly removed: number;
              readonly updated: number;
              readonly rules: number;
              readonly bad: number;
              readonly subscribersHit: number;
              readonly prohibiting: number;
            }
          | {
              readonly about: 'undo';
              readonly batch: number;
              readonly name: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly source: string;
              readonly leaving: number;
              readonly returning: number;
              readonly restored: number;
              readonly rules: number;
              readonly prohibiting: number;
              readonly subscribersHit: number;
              readonly subscribersFreed: number;
            }
          | {
              readonly about: 'setting';
              readonly name:
                | 'mode'
                | 'cloneStatus'
                | 'proofGrace'
                | 'oldestList'
                | 'approval'
                | 'approval.fleet'
                | 'approval.users'
                | 'unknown.n5g-eir'
                | 'unknown.s13'
                | 'unknown.gsup'
                | 'unknown.api'
                | 'failure.notLoaded'
                | 'failure.listTooOld'
                | 'failure.notAnImei'
                | 'duplicate.subscribers'
                | 'duplicate.period'
                | 'duplicate.dailyAverage'
                | 'duplicate.conflicts'
                | 'duplicate.conflictTime'
                | 'duplicate.speed'
                | 'retention.reports'
                | 'retention.sightings'
                | 'retention.events'
                | 'retention.auditDetails'
                | 'retention.packets';
              readonly value: string;
              readonly before: string;
            }
          | {
              readonly about: 'erasure';
              readonly identity: 'imsi' | 'msisdn' | 'iccid' | 'imei';
              readonly digits: string;
            }
          | { readonly about: 'maker'; readonly change: 'remove'; readonly identifier: string }
          | {
              readonly about: 'user';
              readonly change: 'add' | 'change';
              readonly name: string;
              readonly user?: number | undefined;
              readonly role?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly roleBefore?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
              readonly isEnabled?: boolean | undefined;
              readonly wasEnabled?: boolean | undefined;
              readonly isPasswordNew: boolean;
            }
          | {
              readonly about: 'token';
              readonly change: 'add';
              readonly name: string;
              readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
              readonly expiresAt: string;
            }
          | {
              readonly about: 'fleet';
              readonly select: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly rules: {
                readonly gate?: 'open' | 'enable' | undefined;
                readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
                readonly pairing?: 'free' | 'locked' | undefined;
                readonly proveAtBoot?: boolean | undefined;
                readonly proveBeforeCall?: boolean | undefined;
                readonly graceAuthentications?: number | undefined;
                readonly proveEvery?: number | undefined;
                readonly reportEvery?: number | undefined;
                readonly unansweredLimit?: number | undefined;
                readonly brokenProtectionLimit?: number | undefined;
              };
              readonly caseReference: string;
              readonly selected: number;
              readonly changed: number;
              readonly losing: number;
              readonly gaining: number;
            };
        readonly state: 'waiting' | 'approved' | 'rejected' | 'expired';
        readonly decidedBy?: string | undefined;
        readonly decidedAt?: string | undefined;
      };
    };
  };
  /** UICCs in ascending order of ICCID, each with what it proved last; with `imsi`, the one of this subscriber. */
  'GET /api/v1/subscribers': {
    path: undefined;
    query: {
      readonly after?: string | undefined;
      readonly imsi?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly subscribers: readonly {
        readonly iccid: string;
        readonly imsi: string;
        readonly msisdn: string;
        readonly pairing: 'free' | 'locked';
        readonly rules: {
          readonly gate: 'open' | 'enable';
          readonly terminalCannotProve: 'grace' | 'permit' | 'block';
          readonly pairing: 'free' | 'locked';
          readonly proveAtBoot: boolean;
          readonly proveBeforeCall: boolean;
          readonly graceAuthentications: number;
          readonly proveEvery: number;
          readonly reportEvery: number;
          readonly unansweredLimit: number;
          readonly brokenProtectionLimit: number;
        };
        readonly issuedAt: string;
        readonly standing?:
          | {
              readonly lockState: string;
              readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
              readonly result: string;
              readonly reason: string;
              readonly provedImei?: string | undefined;
              readonly claimedImei?: string | undefined;
              readonly support?: string | undefined;
              readonly lastReportAt: string;
              readonly unanswered: number;
              readonly standingOrder?: string | undefined;
            }
          | undefined;
        readonly pairings: readonly {
          readonly imei: string;
          readonly support: string;
          readonly fromAt: string;
          readonly untilAt?: string | undefined;
        }[];
      }[];
      readonly next?: string | undefined;
    };
  };
  /** One UICC with its evidence: pairings, the newest reports, the newest orders. */
  'GET /api/v1/subscribers/{iccid}': {
    path: { readonly iccid: string };
    query: {
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly subscriber: {
        readonly iccid: string;
        readonly imsi: string;
        readonly msisdn: string;
        readonly pairing: 'free' | 'locked';
        readonly rules: {
          readonly gate: 'open' | 'enable';
          readonly terminalCannotProve: 'grace' | 'permit' | 'block';
          readonly pairing: 'free' | 'locked';
          readonly proveAtBoot: boolean;
          readonly proveBeforeCall: boolean;
          readonly graceAuthentications: number;
          readonly proveEvery: number;
          readonly reportEvery: number;
          readonly unansweredLimit: number;
          readonly brokenProtectionLimit: number;
        };
        readonly issuedAt: string;
        readonly standing?:
          | {
              readonly lockState: string;
              readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
              readonly result: string;
              readonly reason: string;
              readonly provedImei?: string | undefined;
              readonly claimedImei?: string | undefined;
              readonly support?: string | undefined;
              readonly lastReportAt: string;
              readonly unanswered: number;
              readonly standingOrder?: string | undefined;
            }
          | undefined;
        readonly pairings: readonly {
          readonly imei: string;
          readonly support: string;
          readonly fromAt: string;
          readonly untilAt?: string | undefined;
        }[];
      };
      readonly reports: readonly {
        readonly id: number;
        readonly at: string;
        readonly counter: number;
        readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
        readonly result: string;
        readonly reason: string;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
      }[];
      readonly orders: readonly {
        readonly id: number;
        readonly at: string;
        readonly iccid: string;
        readonly order: string;
        readonly author: string;
        readonly reason: string;
        readonly reasonSaid?:
          | readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | 'note'
                | 'listReason'
                | 'listReasonNote'
                | 'ofTac'
                | 'ofRange'
                | 'byPrefix'
                | 'byPrefixNote'
                | 'byProof'
                | 'provedImei'
                | 'provedBefore'
                | 'claimedImei'
                | 'toldOther'
                | 'orderExpired'
                | 'written'
                | 'certificateRevoked'
                | 'rootsChanged';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly caseReference: string;
        readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
        readonly counter?: number | undefined;
        readonly packet?: string | undefined;
        readonly attempts: number;
        readonly sentAt?: string | undefined;
        readonly deliveredAt?: string | undefined;
        readonly heldUntil?: string | undefined;
        readonly doneAt?: string | undefined;
        readonly outcome: string;
        readonly outcomeSaid?:
          | readonly {
              readonly code:
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'noUicc'
                | 'keysNotTakenMeanwhile'
                | 'lockIs'
                | 'received'
                | 'holdsKeys'
                | 'executed'
                | 'answerLost'
                | 'askedAgain'
                | 'sentAgain'
                | 'replaced'
                | 'afterNewer'
                | 'centreSaid'
                | 'expiredAtCentre'
                | 'notDeliveredByCentre'
                | 'noResponse'
                | 'connectionLost'
                | 'sessionClosed'
                | 'tooManyWait'
                | 'waitedTooLong'
                | 'otherDirection';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly keyGeneration?: number | undefined;
        readonly report?: number | undefined;
        readonly tar?: string | undefined;
      }[];
    };
  };
  /** Contradictions and silences, the newest first. */
  'GET /api/v1/findings': {
    path: undefined;
    query: {
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly findings: readonly {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      }[];
    };
  };
  /** IMEIs that several subscribers use, the most used first, each with its genuine one when a proof names it. */
  'GET /api/v1/clusters': {
    path: undefined;
    query: {
      readonly after?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly clusters: readonly {
        readonly imei: string;
        readonly genuine?: string | undefined;
        readonly because: {
          readonly code: 'nobodyProves' | 'severalSupports' | 'proved' | 'provedToSeveral';
          readonly supports?: readonly string[] | undefined;
          readonly support?: string | undefined;
          readonly level?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
          readonly provedAt?: string | undefined;
          readonly uiccs?: number | undefined;
        };
        readonly argument: string;
        readonly subscribers: number;
        readonly isExact: boolean;
        readonly claimants: readonly {
          readonly imsi: string;
          readonly iccid?: string | undefined;
          readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
          readonly firstAt: string;
          readonly lastAt: string;
          readonly times: number;
          readonly isGenuine: boolean;
        }[];
      }[];
      readonly next?: string | undefined;
    };
  };
  /** Who uses an IMEI, in pages. */
  'GET /api/v1/clusters/{imei}/claimants': {
    path: { readonly imei: string };
    query: {
      readonly after?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly claimants: readonly {
        readonly imsi: string;
        readonly iccid?: string | undefined;
        readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly isGenuine: boolean;
      }[];
      readonly next?: string | undefined;
    };
  };
  /** UICCs and handsets by anything that names them: IMEI, IMSI, MSISDN, ICCID, storage support, or the first 6 digits of one. */
  'GET /api/v1/search': {
    path: undefined;
    query: {
      readonly q: string;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly hits: readonly (
        | {
            readonly kind: 'uicc';
            readonly match: 'iccid' | 'imsi' | 'msisdn' | 'support' | 'formerSupport' | 'imei';
            readonly iccid: string;
            readonly imsi: string;
            readonly msisdn: string;
            readonly imei?: string | undefined;
            readonly level?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
          }
        | {
            readonly kind: 'equipment';
            readonly imei: string;
            readonly model?: { readonly maker: string; readonly model: string } | undefined;
            readonly isKnown: boolean;
          }
      )[];
      readonly isTooShort: boolean;
      readonly isCheckDigitWrong: boolean;
      readonly notSearched: readonly ('imsi' | 'msisdn')[];
      readonly onlyWhole: readonly ('imsi' | 'msisdn' | 'imei')[];
    };
  };
  /** UICCs with what they proved, the one that reported last first. */
  'GET /api/v1/devices': {
    path: undefined;
    query: {
      readonly level?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
      readonly verdict?: 'permitted' | 'tracking' | 'prohibited' | 'none' | undefined;
      readonly finding?:
        | 'refutedProof'
        | 'lyingHandset'
        | 'movedHandset'
        | 'supportCounterWentBack'
        | 'supportShared'
        | 'imeiInTwoSupports'
        | 'duplicateImei'
        | 'impossibleTravel'
        | 'reportMissing'
        | 'reportWithheld'
        | 'reportGap'
        | 'orderUnanswered'
        | 'replayedReport'
        | 'unreadableReport'
        | 'silentTerminal'
        | 'webhookUndelivered'
        | undefined;
      readonly tac?: string | undefined;
      readonly reported?: 'never' | undefined;
      readonly after?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly devices: readonly {
        readonly iccid: string;
        readonly imsi: string;
        readonly imei?: string | undefined;
        readonly isProved: boolean;
        readonly model?: { readonly maker: string; readonly model: string } | undefined;
        readonly level?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
        readonly result?: string | undefined;
        readonly reason?: string | undefined;
        readonly lockState?: string | undefined;
        readonly verdict: 'permitted' | 'tracking' | 'prohibited' | 'none';
        readonly lastReportAt?: string | undefined;
      }[];
      readonly next?: string | undefined;
    };
  };
  /** All that is known of one UICC and its handset, or of one IMEI and the UICC that proves it. */
  'GET /api/v1/devices/{id}': {
    path: { readonly id: string };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly uicc?:
        | {
            readonly iccid: string;
            readonly imsi: string;
            readonly msisdn: string;
            readonly pairing: 'free' | 'locked';
            readonly rules: {
              readonly gate: 'open' | 'enable';
              readonly terminalCannotProve: 'grace' | 'permit' | 'block';
              readonly pairing: 'free' | 'locked';
              readonly proveAtBoot: boolean;
              readonly proveBeforeCall: boolean;
              readonly graceAuthentications: number;
              readonly proveEvery: number;
              readonly reportEvery: number;
              readonly unansweredLimit: number;
              readonly brokenProtectionLimit: number;
            };
            readonly issuedAt: string;
            readonly standing?:
              | {
                  readonly lockState: string;
                  readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
                  readonly result: string;
                  readonly reason: string;
                  readonly provedImei?: string | undefined;
                  readonly claimedImei?: string | undefined;
                  readonly support?: string | undefined;
                  readonly lastReportAt: string;
                  readonly unanswered: number;
                  readonly standingOrder?: string | undefined;
                }
              | undefined;
            readonly pairings: readonly {
              readonly imei: string;
              readonly support: string;
              readonly fromAt: string;
              readonly untilAt?: string | undefined;
            }[];
          }
        | undefined;
      readonly provedAt?: string | undefined;
      readonly provedLevel?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
      readonly verdict: 'permitted' | 'tracking' | 'prohibited' | 'none';
      readonly standingReason?: string | undefined;
      readonly equipment?:
        | {
            readonly imei: string;
            readonly equipmentStatus: 'permitted' | 'tracking' | 'prohibited';
            readonly reasons: readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault';
              readonly status: 'permitted' | 'tracking' | 'prohibited';
              readonly text: string;
              readonly said: readonly {
                readonly code:
                  | 'registerOff'
                  | 'trackOnly'
                  | 'blackList'
                  | 'greyList'
                  | 'whiteList'
                  | 'blackRange'
                  | 'greyRange'
                  | 'whiteRange'
                  | 'spared'
                  | 'allowedPair'
                  | 'lockedHandset'
                  | 'lockedSubscriber'
                  | 'lyingHandset'
                  | 'proofExpected'
                  | 'proofMissing'
                  | 'refutedProof'
                  | 'notProven'
                  | 'revoked'
                  | 'pairingLocked'
                  | 'clone'
                  | 'genuine'
                  | 'bogusImei'
                  | 'unallocatedTac'
                  | 'commanded'
                  | 'proved'
                  | 'notListed'
                  | 'imsiDefault'
                  | 'note'
                  | 'listReason'
                  | 'listReasonNote'
                  | 'ofTac'
                  | 'ofRange'
                  | 'byPrefix'
                  | 'byPrefixNote'
                  | 'byProof'
                  | 'provedImei'
                  | 'provedBefore'
                  | 'claimedImei'
                  | 'toldOther'
                  | 'orderExpired'
                  | 'written'
                  | 'certificateRevoked'
                  | 'rootsChanged';
                readonly values: Readonly<Record<string, string | number>>;
              }[];
              readonly listReason?:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other'
                | undefined;
              readonly detail?: string | undefined;
              readonly caseReference?: string | undefined;
              readonly overruledBy?:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | undefined;
            }[];
            readonly isUnknown: boolean;
            readonly normalised: readonly string[];
            readonly evidence: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
            readonly provedImei?: string | undefined;
            readonly model?: { readonly maker: string; readonly model: string } | undefined;
            readonly tac: string;
            readonly entries: readonly {
              readonly imei: string;
              readonly list: 'black' | 'grey' | 'white';
              readonly reason:
                | 'stolen'
                | 'lost'
                | 'fraud'
                | 'unpaid'
                | 'duplicate'
                | 'malformed'
                | 'regulator'
                | 'other';
              readonly note: string;
              readonly caseReference: string;
              readonly author: string;
              readonly source: string;
              readonly addedAt: string;
              readonly expiresAt?: string | undefined;
              readonly batch?: number | undefined;
            }[];
            readonly cluster: {
              readonly imei: string;
              readonly genuine?: string | undefined;
              readonly because: {
                readonly code: 'nobodyProves' | 'severalSupports' | 'proved' | 'provedToSeveral';
                readonly supports?: readonly string[] | undefined;
                readonly support?: string | undefined;
                readonly level?: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted' | undefined;
                readonly provedAt?: string | undefined;
                readonly uiccs?: number | undefined;
              };
              readonly argument: string;
              readonly subscribers: number;
              readonly isExact: boolean;
              readonly claimants: readonly {
                readonly imsi: string;
                readonly iccid?: string | undefined;
                readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
                readonly firstAt: string;
                readonly lastAt: string;
                readonly times: number;
                readonly isGenuine: boolean;
              }[];
            };
          }
        | undefined;
      readonly uses: readonly {
        readonly imei: string;
        readonly model?: { readonly maker: string; readonly model: string } | undefined;
        readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly claimedAt?: string | undefined;
        readonly contestedAt?: string | undefined;
      }[];
      readonly alarms: readonly {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      }[];
      readonly orders: readonly {
        readonly id: number;
        readonly at: string;
        readonly iccid: string;
        readonly order: string;
        readonly author: string;
        readonly reason: string;
        readonly reasonSaid?:
          | readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | 'note'
                | 'listReason'
                | 'listReasonNote'
                | 'ofTac'
                | 'ofRange'
                | 'byPrefix'
                | 'byPrefixNote'
                | 'byProof'
                | 'provedImei'
                | 'provedBefore'
                | 'claimedImei'
                | 'toldOther'
                | 'orderExpired'
                | 'written'
                | 'certificateRevoked'
                | 'rootsChanged';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly caseReference: string;
        readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
        readonly counter?: number | undefined;
        readonly packet?: string | undefined;
        readonly attempts: number;
        readonly sentAt?: string | undefined;
        readonly deliveredAt?: string | undefined;
        readonly heldUntil?: string | undefined;
        readonly doneAt?: string | undefined;
        readonly outcome: string;
        readonly outcomeSaid?:
          | readonly {
              readonly code:
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'noUicc'
                | 'keysNotTakenMeanwhile'
                | 'lockIs'
                | 'received'
                | 'holdsKeys'
                | 'executed'
                | 'answerLost'
                | 'askedAgain'
                | 'sentAgain'
                | 'replaced'
                | 'afterNewer'
                | 'centreSaid'
                | 'expiredAtCentre'
                | 'notDeliveredByCentre'
                | 'noResponse'
                | 'connectionLost'
                | 'sessionClosed'
                | 'tooManyWait'
                | 'waitedTooLong'
                | 'otherDirection';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly keyGeneration?: number | undefined;
        readonly report?: number | undefined;
        readonly tar?: string | undefined;
      }[];
    };
  };
  /** What happened to a UICC and its handsets: reports, orders, changed IMEIs, findings, and what the log says, the newest first. */
  'GET /api/v1/devices/{id}/timeline': {
    path: { readonly id: string };
    query: {
      readonly after?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly happened: readonly (
        | {
            readonly source: 'reports';
            readonly at: string;
            readonly report: {
              readonly id: number;
              readonly at: string;
              readonly counter: number;
              readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
              readonly result: string;
              readonly reason: string;
              readonly imei?: string | undefined;
              readonly support?: string | undefined;
            };
          }
        | {
            readonly source: 'orders';
            readonly at: string;
            readonly order: {
              readonly id: number;
              readonly at: string;
              readonly iccid: string;
              readonly order: string;
              readonly author: string;
              readonly reason: string;
              readonly reasonSaid?:
                | readonly {
                    readonly code:
                      | 'registerOff'
                      | 'trackOnly'
                      | 'blackList'
                      | 'greyList'
                      | 'whiteList'
                      | 'blackRange'
                      | 'greyRange'
                      | 'whiteRange'
                      | 'spared'
                      | 'allowedPair'
                      | 'lockedHandset'
                      | 'lockedSubscriber'
                      | 'lyingHandset'
                      | 'proofExpected'
                      | 'proofMissing'
                      | 'refutedProof'
                      | 'notProven'
                      | 'revoked'
                      | 'pairingLocked'
                      | 'clone'
                      | 'genuine'
                      | 'bogusImei'
                      | 'unallocatedTac'
                      | 'commanded'
                      | 'proved'
                      | 'notListed'
                      | 'imsiDefault'
                      | 'note'
                      | 'listReason'
                      | 'listReasonNote'
                      | 'ofTac'
                      | 'ofRange'
                      | 'byPrefix'
                      | 'byPrefixNote'
                      | 'byProof'
                      | 'provedImei'
                      | 'provedBefore'
                      | 'claimedImei'
                      | 'toldOther'
                      | 'orderExpired'
                      | 'written'
                      | 'certificateRevoked'
                      | 'rootsChanged';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly caseReference: string;
              readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
              readonly counter?: number | undefined;
              readonly packet?: string | undefined;
              readonly attempts: number;
              readonly sentAt?: string | undefined;
              readonly deliveredAt?: string | undefined;
              readonly heldUntil?: string | undefined;
              readonly doneAt?: string | undefined;
              readonly outcome: string;
              readonly outcomeSaid?:
                | readonly {
                    readonly code:
                      | 'noProof'
                      | 'notDelivered'
                      | 'notUnderstood'
                      | 'keysNotTaken'
                      | 'refusedByUicc'
                      | 'refusedByCentre'
                      | 'olderCopy'
                      | 'noUicc'
                      | 'keysNotTakenMeanwhile'
                      | 'lockIs'
                      | 'received'
                      | 'holdsKeys'
                      | 'executed'
                      | 'answerLost'
                      | 'askedAgain'
                      | 'sentAgain'
                      | 'replaced'
                      | 'afterNewer'
                      | 'centreSaid'
                      | 'expiredAtCentre'
                      | 'notDeliveredByCentre'
                      | 'noResponse'
                      | 'connectionLost'
                      | 'sessionClosed'
                      | 'tooManyWait'
                      | 'waitedTooLong'
                      | 'otherDirection';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly keyGeneration?: number | undefined;
              readonly report?: number | undefined;
              readonly tar?: string | undefined;
            };
          }
        | {
            readonly source: 'changes';
            readonly at: string;
            readonly change:
              | {
                  readonly sequence: number;
                  readonly at: string;
                  readonly kind: 'imeiChanged';
                  readonly imsi: string;
                  readonly from: string;
                  readonly to: string;
                  readonly by: 'claim' | 'proof';
                  readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
                  readonly equipmentStatus?: 'permitted' | 'tracking' | 'prohibited' | undefined;
                }
              | {
                  readonly sequence: number;
                  readonly at: string;
                  readonly kind: 'duplicateImei';
                  readonly imei: string;
                  readonly cause: 'subscribers' | 'dailyAverage' | 'conflicts';
                  readonly subscribers: number;
                  readonly conflicts: number;
                  readonly genuine?: string | undefined;
                  readonly argument: string;
                };
          }
        | {
            readonly source: 'findings';
            readonly at: string;
            readonly finding: {
              readonly id: number;
              readonly kind:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'supportCounterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'duplicateImei'
                | 'impossibleTravel'
                | 'reportMissing'
                | 'reportWithheld'
                | 'reportGap'
                | 'orderUnanswered'
                | 'replayedReport'
                | 'unreadableReport'
                | 'silentTerminal'
                | 'webhookUndelivered';
              readonly severity: 'critical' | 'major' | 'minor' | 'warning';
              readonly firstAt: string;
              readonly lastAt: string;
              readonly times: number;
              readonly imsi?: string | undefined;
              readonly imei?: string | undefined;
              readonly support?: string | undefined;
              readonly text: string;
              readonly said?:
                | readonly {
                    readonly code:
                      | 'refutedProof'
                      | 'lyingHandset'
                      | 'movedHandset'
                      | 'counterWentBack'
                      | 'supportShared'
                      | 'imeiInTwoSupports'
                      | 'silentTerminal'
                      | 'severalSubscribers'
                      | 'aboutSubscribers'
                      | 'severalADay'
                      | 'conflicts'
                      | 'travel'
                      | 'nobodyProves'
                      | 'severalProve'
                      | 'provedSession'
                      | 'provedStatic'
                      | 'provedOnce'
                      | 'provedToSeveral'
                      | 'neverReported'
                      | 'notSince'
                      | 'reportGap'
                      | 'replayedReport'
                      | 'unreadableReport'
                      | 'orderFailed'
                      | 'noProof'
                      | 'notDelivered'
                      | 'notUnderstood'
                      | 'keysNotTaken'
                      | 'refusedByUicc'
                      | 'refusedByCentre'
                      | 'olderCopy'
                      | 'eventsTooOld'
                      | 'answeredOther'
                      | 'notReached';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly state: 'open' | 'acknowledged' | 'closed';
              readonly assignee?: string | undefined;
              readonly note: string;
              readonly changedAt?: string | undefined;
              readonly changedBy?: string | undefined;
              readonly reopened: number;
            };
          }
        | {
            readonly source: 'log';
            readonly at: string;
            readonly entry: {
              readonly id: number;
              readonly at: string;
              readonly kind:
                | 'issue'
                | 'keys'
                | 'policy'
                | 'list'
                | 'setting'
                | 'check'
                | 'report'
                | 'order'
                | 'finding'
                | 'erasure'
                | 'token'
                | 'read'
                | 'user'
                | 'session'
                | 'alarm';
              readonly author: string;
              readonly subject: string;
              readonly detail?:
                | Readonly<Record<string, string | number | boolean | null | readonly string[]>>
                | undefined;
              readonly said?:
                | {
                    readonly text?:
                      | readonly {
                          readonly code:
                            | 'refutedProof'
                            | 'lyingHandset'
                            | 'movedHandset'
                            | 'counterWentBack'
                            | 'supportShared'
                            | 'imeiInTwoSupports'
                            | 'silentTerminal'
                            | 'severalSubscribers'
                            | 'aboutSubscribers'
                            | 'severalADay'
                            | 'conflicts'
                            | 'travel'
                            | 'nobodyProves'
                            | 'severalProve'
                            | 'provedSession'
                            | 'provedStatic'
                            | 'provedOnce'
                            | 'provedToSeveral'
                            | 'neverReported'
                            | 'notSince'
                            | 'reportGap'
                            | 'replayedReport'
                            | 'unreadableReport'
                            | 'orderFailed'
                            | 'noProof'
                            | 'notDelivered'
                            | 'notUnderstood'
                            | 'keysNotTaken'
                            | 'refusedByUicc'
                            | 'refusedByCentre'
                            | 'olderCopy'
                            | 'eventsTooOld'
                            | 'answeredOther'
                            | 'notReached';
                          readonly values: Readonly<Record<string, string | number>>;
                        }[]
                      | undefined;
                    readonly subject?:
                      | readonly {
                          readonly code:
                            | 'alarm'
                            | 'batch'
                            | 'certificate'
                            | 'database'
                            | 'fleet'
                            | 'imsiPrefix'
                            | 'maker'
                            | 'makers'
                            | 'olderThanKept'
                            | 'person'
                            | 'range'
                            | 'run'
                            | 'tac'
                            | 'tacTable'
                            | 'webhook';
                          readonly values: Readonly<Record<string, string | number>>;
                        }[]
                      | undefined;
                    readonly reason?:
                      | readonly {
                          readonly code:
                            | 'registerOff'
                            | 'trackOnly'
                            | 'blackList'
                            | 'greyList'
                            | 'whiteList'
                            | 'blackRange'
                            | 'greyRange'
                            | 'whiteRange'
                            | 'spared'
                            | 'allowedPair'
                            | 'lockedHandset'
                            | 'lockedSubscriber'
                            | 'lyingHandset'
                            | 'proofExpected'
                            | 'proofMissing'
                            | 'refutedProof'
                            | 'notProven'
                            | 'revoked'
                            | 'pairingLocked'
                            | 'clone'
                            | 'genuine'
                            | 'bogusImei'
                            | 'unallocatedTac'
                            | 'commanded'
                            | 'proved'
                            | 'notListed'
                            | 'imsiDefault'
                            | 'note'
                            | 'listReason'
                            | 'listReasonNote'
                            | 'ofTac'
                            | 'ofRange'
                            | 'byPrefix'
                            | 'byPrefixNote'
                            | 'byProof'
                            | 'provedImei'
                            | 'provedBefore'
                            | 'claimedImei'
                            | 'toldOther'
                            | 'orderExpired'
                            | 'written'
                            | 'certificateRevoked'
                            | 'rootsChanged'
                            | 'byTheUser'
                            | 'firstLink'
                            | 'asProviderSays';
                          readonly values: Readonly<Record<string, string | number>>;
                        }[]
                      | undefined;
                    readonly reasons?:
                      | readonly {
                          readonly code:
                            | 'registerOff'
                            | 'trackOnly'
                            | 'blackList'
                            | 'greyList'
                            | 'whiteList'
                            | 'blackRange'
                            | 'greyRange'
                            | 'whiteRange'
                            | 'spared'
                            | 'allowedPair'
                            | 'lockedHandset'
                            | 'lockedSubscriber'
                            | 'lyingHandset'
                            | 'proofExpected'
                            | 'proofMissing'
                            | 'refutedProof'
                            | 'notProven'
                            | 'revoked'
                            | 'pairingLocked'
                            | 'clone'
                            | 'genuine'
                            | 'bogusImei'
                            | 'unallocatedTac'
                            | 'commanded'
                            | 'proved'
                            | 'notListed'
                            | 'imsiDefault'
                            | 'note'
                            | 'listReason'
                            | 'listReasonNote'
                            | 'ofTac'
                            | 'ofRange'
                            | 'byPrefix'
                            | 'byPrefixNote'
                            | 'byProof'
                            | 'provedImei'
                            | 'provedBefore'
                            | 'claimedImei'
                            | 'toldOther'
                            | 'orderExpired'
                            | 'written'
                            | 'certificateRevoked'
                            | 'rootsChanged';
                          readonly values: Readonly<Record<string, string | number>>;
                        }[]
                      | undefined;
                    readonly outcome?:
                      | readonly {
                          readonly code:
                            | 'noProof'
                            | 'notDelivered'
                            | 'notUnderstood'
                            | 'keysNotTaken'
                            | 'refusedByUicc'
                            | 'refusedByCentre'
                            | 'olderCopy'
                            | 'noUicc'
                            | 'keysNotTakenMeanwhile'
                            | 'lockIs'
                            | 'received'
                            | 'holdsKeys'
                            | 'executed'
                            | 'answerLost'
                            | 'askedAgain'
                            | 'sentAgain'
                            | 'replaced'
                            | 'afterNewer'
                            | 'centreSaid'
                            | 'expiredAtCentre'
                            | 'notDeliveredByCentre'
                            | 'noResponse'
                            | 'connectionLost'
                            | 'sessionClosed'
                            | 'tooManyWait'
                            | 'waitedTooLong'
                            | 'otherDirection';
                          readonly values: Readonly<Record<string, string | number>>;
                        }[]
                      | undefined;
                  }
                | undefined;
            };
          }
      )[];
      readonly next?: string | undefined;
    };
  };
  /** Findings as an inbox, those that happened last first. */
  'GET /api/v1/alarms': {
    path: undefined;
    query: {
      readonly state?: 'open' | 'acknowledged' | 'closed' | 'unsettled' | 'any' | undefined;
      readonly kind?:
        | 'refutedProof'
        | 'lyingHandset'
        | 'movedHandset'
        | 'supportCounterWentBack'
        | 'supportShared'
        | 'imeiInTwoSupports'
        | 'duplicateImei'
        | 'impossibleTravel'
        | 'reportMissing'
        | 'reportWithheld'
        | 'reportGap'
        | 'orderUnanswered'
        | 'replayedReport'
        | 'unreadableReport'
        | 'silentTerminal'
        | 'webhookUndelivered'
        | undefined;
      readonly severity?: 'critical' | 'major' | 'minor' | 'warning' | undefined;
      readonly assignee?: string | undefined;
      readonly after?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly alarms: readonly {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      }[];
      readonly next?: string | undefined;
    };
  };
  /** How many alarms are open and acknowledged, by kind. */
  'GET /api/v1/alarms/counts': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly counts: readonly {
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly open: number;
        readonly acknowledged: number;
      }[];
    };
  };
  /** One alarm. */
  'GET /api/v1/alarms/{id}': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly alarm: {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      };
    };
  };
  /** Says that somebody looks into an alarm. */
  'POST /api/v1/alarms/{id}/acknowledgement': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly reason: string };
    answer: {
      readonly isChanged: boolean;
      readonly alarm: {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      };
    };
  };
  /** Says that an alarm is done with; it opens again when it happens again. */
  'POST /api/v1/alarms/{id}/closure': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly reason: string };
    answer: {
      readonly isChanged: boolean;
      readonly alarm: {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      };
    };
  };
  /** Opens an alarm again that was acknowledged or closed. */
  'POST /api/v1/alarms/{id}/reopening': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly reason: string };
    answer: {
      readonly isChanged: boolean;
      readonly alarm: {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      };
    };
  };
  /** Gives an alarm to somebody, or to nobody. */
  'POST /api/v1/alarms/{id}/assignment': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly assignee?: string | undefined; readonly reason: string };
    answer: {
      readonly isChanged: boolean;
      readonly alarm: {
        readonly id: number;
        readonly kind:
          | 'refutedProof'
          | 'lyingHandset'
          | 'movedHandset'
          | 'supportCounterWentBack'
          | 'supportShared'
          | 'imeiInTwoSupports'
          | 'duplicateImei'
          | 'impossibleTravel'
          | 'reportMissing'
          | 'reportWithheld'
          | 'reportGap'
          | 'orderUnanswered'
          | 'replayedReport'
          | 'unreadableReport'
          | 'silentTerminal'
          | 'webhookUndelivered';
        readonly severity: 'critical' | 'major' | 'minor' | 'warning';
        readonly firstAt: string;
        readonly lastAt: string;
        readonly times: number;
        readonly imsi?: string | undefined;
        readonly imei?: string | undefined;
        readonly support?: string | undefined;
        readonly text: string;
        readonly said?:
          | readonly {
              readonly code:
                | 'refutedProof'
                | 'lyingHandset'
                | 'movedHandset'
                | 'counterWentBack'
                | 'supportShared'
                | 'imeiInTwoSupports'
                | 'silentTerminal'
                | 'severalSubscribers'
                | 'aboutSubscribers'
                | 'severalADay'
                | 'conflicts'
                | 'travel'
                | 'nobodyProves'
                | 'severalProve'
                | 'provedSession'
                | 'provedStatic'
                | 'provedOnce'
                | 'provedToSeveral'
                | 'neverReported'
                | 'notSince'
                | 'reportGap'
                | 'replayedReport'
                | 'unreadableReport'
                | 'orderFailed'
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'eventsTooOld'
                | 'answeredOther'
                | 'notReached';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly state: 'open' | 'acknowledged' | 'closed';
        readonly assignee?: string | undefined;
        readonly note: string;
        readonly changedAt?: string | undefined;
        readonly changedBy?: string | undefined;
        readonly reopened: number;
      };
    };
  };
  /** Orders to UICCs, with how far each is: the newest first, or from a number on in their order. */
  'GET /api/v1/outbox': {
    path: undefined;
    query: {
      readonly state?: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded' | 'open' | undefined;
      readonly before?: number | undefined;
      readonly after?: number | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly orders: readonly {
        readonly id: number;
        readonly at: string;
        readonly iccid: string;
        readonly order: string;
        readonly author: string;
        readonly reason: string;
        readonly reasonSaid?:
          | readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | 'note'
                | 'listReason'
                | 'listReasonNote'
                | 'ofTac'
                | 'ofRange'
                | 'byPrefix'
                | 'byPrefixNote'
                | 'byProof'
                | 'provedImei'
                | 'provedBefore'
                | 'claimedImei'
                | 'toldOther'
                | 'orderExpired'
                | 'written'
                | 'certificateRevoked'
                | 'rootsChanged';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly caseReference: string;
        readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
        readonly counter?: number | undefined;
        readonly packet?: string | undefined;
        readonly attempts: number;
        readonly sentAt?: string | undefined;
        readonly deliveredAt?: string | undefined;
        readonly heldUntil?: string | undefined;
        readonly doneAt?: string | undefined;
        readonly outcome: string;
        readonly outcomeSaid?:
          | readonly {
              readonly code:
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'noUicc'
                | 'keysNotTakenMeanwhile'
                | 'lockIs'
                | 'received'
                | 'holdsKeys'
                | 'executed'
                | 'answerLost'
                | 'askedAgain'
                | 'sentAgain'
                | 'replaced'
                | 'afterNewer'
                | 'centreSaid'
                | 'expiredAtCentre'
                | 'notDeliveredByCentre'
                | 'noResponse'
                | 'connectionLost'
                | 'sessionClosed'
                | 'tooManyWait'
                | 'waitedTooLong'
                | 'otherDirection';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly keyGeneration?: number | undefined;
        readonly report?: number | undefined;
        readonly tar?: string | undefined;
      }[];
      readonly next?: number | undefined;
    };
  };
  /** One order. */
  'GET /api/v1/outbox/{id}': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly order: {
        readonly id: number;
        readonly at: string;
        readonly iccid: string;
        readonly order: string;
        readonly author: string;
        readonly reason: string;
        readonly reasonSaid?:
          | readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | 'note'
                | 'listReason'
                | 'listReasonNote'
                | 'ofTac'
                | 'ofRange'
                | 'byPrefix'
                | 'byPrefixNote'
                | 'byProof'
                | 'provedImei'
                | 'provedBefore'
                | 'claimedImei'
                | 'toldOther'
                | 'orderExpired'
                | 'written'
                | 'certificateRevoked'
                | 'rootsChanged';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly caseReference: string;
        readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
        readonly counter?: number | undefined;
        readonly packet?: string | undefined;
        readonly attempts: number;
        readonly sentAt?: string | undefined;
        readonly deliveredAt?: string | undefined;
        readonly heldUntil?: string | undefined;
        readonly doneAt?: string | undefined;
        readonly outcome: string;
        readonly outcomeSaid?:
          | readonly {
              readonly code:
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'noUicc'
                | 'keysNotTakenMeanwhile'
                | 'lockIs'
                | 'received'
                | 'holdsKeys'
                | 'executed'
                | 'answerLost'
                | 'askedAgain'
                | 'sentAgain'
                | 'replaced'
                | 'afterNewer'
                | 'centreSaid'
                | 'expiredAtCentre'
                | 'notDeliveredByCentre'
                | 'noResponse'
                | 'connectionLost'
                | 'sessionClosed'
                | 'tooManyWait'
                | 'waitedTooLong'
                | 'otherDirection';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly keyGeneration?: number | undefined;
        readonly report?: number | undefined;
        readonly tar?: string | undefined;
      };
    };
  };
  /** Orders a UICC to permit, track, block, stop its keys, unblock, pair anew, or report. */
  'POST /api/v1/commands': {
    path: undefined;
    query: undefined;
    body: {
      readonly iccid?: string | undefined;
      readonly imsi?: string | undefined;
      readonly order: 'permit' | 'track' | 'block' | 'stopKeys' | 'unblock' | 'rePair' | 'reportNow';
      readonly reason: string;
      readonly caseReference?: string | undefined;
      readonly expiresAt?: string | undefined;
      readonly dryRun?: boolean | undefined;
    };
    answer: {
      readonly sends: 'permit' | 'track' | 'block' | 'stopKeys' | 'unblock' | 'rePair' | 'reportNow';
      readonly text: string;
      readonly order?: number | undefined;
    };
  };
  /** One script, and what the UICC answered. */
  'GET /api/v1/scripts/{id}': {
    path: { readonly id: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly script: {
        readonly id: number;
        readonly at: string;
        readonly iccid: string;
        readonly order: string;
        readonly author: string;
        readonly reason: string;
        readonly reasonSaid?:
          | readonly {
              readonly code:
                | 'registerOff'
                | 'trackOnly'
                | 'blackList'
                | 'greyList'
                | 'whiteList'
                | 'blackRange'
                | 'greyRange'
                | 'whiteRange'
                | 'spared'
                | 'allowedPair'
                | 'lockedHandset'
                | 'lockedSubscriber'
                | 'lyingHandset'
                | 'proofExpected'
                | 'proofMissing'
                | 'refutedProof'
                | 'notProven'
                | 'revoked'
                | 'pairingLocked'
                | 'clone'
                | 'genuine'
                | 'bogusImei'
                | 'unallocatedTac'
                | 'commanded'
                | 'proved'
                | 'notListed'
                | 'imsiDefault'
                | 'note'
                | 'listReason'
                | 'listReasonNote'
                | 'ofTac'
                | 'ofRange'
                | 'byPrefix'
                | 'byPrefixNote'
                | 'byProof'
                | 'provedImei'
                | 'provedBefore'
                | 'claimedImei'
                | 'toldOther'
                | 'orderExpired'
                | 'written'
                | 'certificateRevoked'
                | 'rootsChanged';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly caseReference: string;
        readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
        readonly counter?: number | undefined;
        readonly packet?: string | undefined;
        readonly attempts: number;
        readonly sentAt?: string | undefined;
        readonly deliveredAt?: string | undefined;
        readonly heldUntil?: string | undefined;
        readonly doneAt?: string | undefined;
        readonly outcome: string;
        readonly outcomeSaid?:
          | readonly {
              readonly code:
                | 'noProof'
                | 'notDelivered'
                | 'notUnderstood'
                | 'keysNotTaken'
                | 'refusedByUicc'
                | 'refusedByCentre'
                | 'olderCopy'
                | 'noUicc'
                | 'keysNotTakenMeanwhile'
                | 'lockIs'
                | 'received'
                | 'holdsKeys'
                | 'executed'
                | 'answerLost'
                | 'askedAgain'
                | 'sentAgain'
                | 'replaced'
                | 'afterNewer'
                | 'centreSaid'
                | 'expiredAtCentre'
                | 'notDeliveredByCentre'
                | 'noResponse'
                | 'connectionLost'
                | 'sessionClosed'
                | 'tooManyWait'
                | 'waitedTooLong'
                | 'otherDirection';
              readonly values: Readonly<Record<string, string | number>>;
            }[]
          | undefined;
        readonly keyGeneration?: number | undefined;
        readonly report?: number | undefined;
        readonly tar?: string | undefined;
        readonly response?: string | undefined;
      };
    };
  };
  /** Sends commands to the remote management of a UICC (TS 102 226): its files, its security domains. */
  'POST /api/v1/scripts': {
    path: undefined;
    query: undefined;
    body: {
      readonly iccid?: string | undefined;
      readonly imsi?: string | undefined;
      readonly tar: string;
      readonly commands: readonly string[];
      readonly format?: 'compact' | 'definite' | 'indefinite' | undefined;
      readonly reason: string;
      readonly caseReference?: string | undefined;
    };
    answer: { readonly order: number };
  };
  /** Key sets that were brought to UICCs over the air, in order of ICCID, the newest of each first. */
  'GET /api/v1/key-sets': {
    path: undefined;
    query: {
      readonly after?: string | undefined;
      readonly iccid?: string | undefined;
      readonly limit?: number | undefined;
    };
    body: undefined;
    answer: {
      readonly keySets: readonly {
        readonly iccid: string;
        readonly generation: number;
        readonly state: 'coming' | 'held' | 'replaced' | 'unused';
        readonly madeAt: string;
        readonly madeBy: string;
        readonly settledAt?: string | undefined;
      }[];
      readonly next?: string | undefined;
    };
  };
  /** Brings a UICC new keys for its remote management, over the air. */
  'POST /api/v1/key-sets': {
    path: undefined;
    query: undefined;
    body: {
      readonly iccid?: string | undefined;
      readonly imsi?: string | undefined;
      readonly reason: string;
      readonly caseReference?: string | undefined;
    };
    answer: { readonly order: number; readonly generation: number };
  };
  /** What new rules would mean for the handsets in use, by what each UICC reported last. Nothing is changed. */
  'POST /api/v1/policies/preview': {
    path: undefined;
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: {
      readonly select: {
        readonly gate?: 'open' | 'enable' | undefined;
        readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
        readonly pairing?: 'free' | 'locked' | undefined;
        readonly proveAtBoot?: boolean | undefined;
        readonly proveBeforeCall?: boolean | undefined;
        readonly graceAuthentications?: number | undefined;
        readonly proveEvery?: number | undefined;
        readonly reportEvery?: number | undefined;
        readonly unansweredLimit?: number | undefined;
        readonly brokenProtectionLimit?: number | undefined;
      };
      readonly change: {
        readonly gate?: 'open' | 'enable' | undefined;
        readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
        readonly pairing?: 'free' | 'locked' | undefined;
        readonly proveAtBoot?: boolean | undefined;
        readonly proveBeforeCall?: boolean | undefined;
        readonly graceAuthentications?: number | undefined;
        readonly proveEvery?: number | undefined;
        readonly reportEvery?: number | undefined;
        readonly unansweredLimit?: number | undefined;
        readonly brokenProtectionLimit?: number | undefined;
      };
    };
    answer: {
      readonly looked: number;
      readonly selected: number;
      readonly changed: number;
      readonly before: {
        readonly served: number;
        readonly grace: number;
        readonly refused: number;
        readonly unknown: number;
      };
      readonly after: {
        readonly served: number;
        readonly grace: number;
        readonly refused: number;
        readonly unknown: number;
      };
      readonly losing: number;
      readonly gaining: number;
      readonly handsets: readonly {
        readonly iccid: string;
        readonly imsi: string;
        readonly imei?: string | undefined;
        readonly before: 'served' | 'grace' | 'refused' | 'unknown';
        readonly after: 'served' | 'grace' | 'refused' | 'unknown';
        readonly reason: string;
      }[];
    };
  };
  /** Orders new rules for the lock of one UICC. */
  'POST /api/v1/policies': {
    path: undefined;
    query: undefined;
    body: {
      readonly iccid: string;
      readonly change: {
        readonly gate?: 'open' | 'enable' | undefined;
        readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
        readonly pairing?: 'free' | 'locked' | undefined;
        readonly proveAtBoot?: boolean | undefined;
        readonly proveBeforeCall?: boolean | undefined;
        readonly graceAuthentications?: number | undefined;
        readonly proveEvery?: number | undefined;
        readonly reportEvery?: number | undefined;
        readonly unansweredLimit?: number | undefined;
        readonly brokenProtectionLimit?: number | undefined;
      };
      readonly reason: string;
      readonly caseReference?: string | undefined;
      readonly dryRun?: boolean | undefined;
    };
    answer: {
      readonly order?: number | undefined;
      readonly before: {
        readonly gate: 'open' | 'enable';
        readonly terminalCannotProve: 'grace' | 'permit' | 'block';
        readonly pairing: 'free' | 'locked';
        readonly proveAtBoot: boolean;
        readonly proveBeforeCall: boolean;
        readonly graceAuthentications: number;
        readonly proveEvery: number;
        readonly reportEvery: number;
        readonly unansweredLimit: number;
        readonly brokenProtectionLimit: number;
      };
      readonly after: {
        readonly gate: 'open' | 'enable';
        readonly terminalCannotProve: 'grace' | 'permit' | 'block';
        readonly pairing: 'free' | 'locked';
        readonly proveAtBoot: boolean;
        readonly proveBeforeCall: boolean;
        readonly graceAuthentications: number;
        readonly proveEvery: number;
        readonly reportEvery: number;
        readonly unansweredLimit: number;
        readonly brokenProtectionLimit: number;
      };
    };
  };
  /** Orders new rules for many UICCs, some hundreds at a time: ask again with `next` until there is none. */
  'POST /api/v1/policies/fleet': {
    path: undefined;
    query: undefined;
    body: {
      readonly select: {
        readonly gate?: 'open' | 'enable' | undefined;
        readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
        readonly pairing?: 'free' | 'locked' | undefined;
        readonly proveAtBoot?: boolean | undefined;
        readonly proveBeforeCall?: boolean | undefined;
        readonly graceAuthentications?: number | undefined;
        readonly proveEvery?: number | undefined;
        readonly reportEvery?: number | undefined;
        readonly unansweredLimit?: number | undefined;
        readonly brokenProtectionLimit?: number | undefined;
      };
      readonly change: {
        readonly gate?: 'open' | 'enable' | undefined;
        readonly terminalCannotProve?: 'grace' | 'permit' | 'block' | undefined;
        readonly pairing?: 'free' | 'locked' | undefined;
        readonly proveAtBoot?: boolean | undefined;
        readonly proveBeforeCall?: boolean | undefined;
        readonly graceAuthentications?: number | undefined;
        readonly proveEvery?: number | undefined;
        readonly reportEvery?: number | undefined;
        readonly unansweredLimit?: number | undefined;
        readonly brokenProtectionLimit?: number | undefined;
      };
      readonly reason: string;
      readonly caseReference?: string | undefined;
      readonly after?: string | undefined;
    };
    answer:
      | { readonly queued: number; readonly unchanged: number; readonly next?: string | undefined }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** The makers that UICCs believe, how many UICCs believe each, and this operator’s own root. */
  'GET /api/v1/makers': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly operator: { readonly identifier: string; readonly publicPoint: string; readonly fingerprint: string };
      readonly makers: readonly {
        readonly identifier: string;
        readonly publicPoint: string;
        readonly fingerprint: string;
        readonly isBelieved: boolean;
        readonly uiccs: number;
      }[];
      readonly uiccs: number;
      readonly unknown: number;
      readonly fixed: number;
      readonly most: number;
      readonly rollout?:
        | {
            readonly id: number;
            readonly author: string;
            readonly reason: string;
            readonly at: string;
            readonly makers: readonly {
              readonly identifier: string;
              readonly publicPoint: string;
              readonly fingerprint: string;
            }[];
            readonly state: 'ordering' | 'ordered';
            readonly uiccs: number;
            readonly holding: number;
            readonly underWay: number;
            readonly fixed: number;
          }
        | undefined;
    };
  };
  /** Adds a maker’s root. UICCs issued before learn it by a roll-out. */
  'POST /api/v1/makers': {
    path: undefined;
    query: undefined;
    body: {
      readonly identifier: string;
      readonly publicPoint: string;
      readonly fingerprint: string;
      readonly reason: string;
    };
    answer: {
      readonly maker: { readonly identifier: string; readonly publicPoint: string; readonly fingerprint: string };
    };
  };
  /** Takes a maker’s root away: UICCs issued from now on no longer believe it, the others after a roll-out. */
  'POST /api/v1/makers/removals': {
    path: undefined;
    query: undefined;
    body: { readonly identifier: string; readonly reason: string };
    answer:
      | { readonly removed: boolean; readonly stillBelieving: number }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** What a roll-out of the makers would do, by what each UICC said last. Nothing is changed. */
  'POST /api/v1/makers/rollouts/preview': {
    path: undefined;
    query: undefined;
    body: { readonly without: readonly string[] };
    answer: {
      readonly uiccs: number;
      readonly holding: number;
      readonly fixed: number;
      readonly ordered: number;
      readonly messages: number;
      readonly losing: number;
      readonly locked: number;
      readonly unknown: number;
    };
  };
  /** Lets all UICCs issued so far believe the makers as they stand now, and no other. */
  'POST /api/v1/makers/rollouts': {
    path: undefined;
    query: undefined;
    body: { readonly reason: string };
    answer: {
      readonly rollout: {
        readonly id: number;
        readonly author: string;
        readonly reason: string;
        readonly at: string;
        readonly makers: readonly {
          readonly identifier: string;
          readonly publicPoint: string;
          readonly fingerprint: string;
        }[];
        readonly state: 'ordering' | 'ordered';
        readonly uiccs: number;
        readonly holding: number;
        readonly underWay: number;
        readonly fixed: number;
      };
    };
  };
  /** Certificates that are revoked, the newest first, and how many UICCs know. */
  'GET /api/v1/revocations': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly revocations: readonly {
        readonly serial: string;
        readonly reason: string;
        readonly author: string;
        readonly at: string;
        readonly told: number;
      }[];
      readonly most: number;
      readonly uiccs: number;
    };
  };
  /** Revokes a certificate: UICCs refute its support at their next first meeting. It cannot be taken back. */
  'POST /api/v1/revocations': {
    path: undefined;
    query: undefined;
    body: { readonly serial: string; readonly reason: string };
    answer: {
      readonly uiccs: number;
      readonly inUse: number;
      readonly locked: number;
      readonly ordered: number;
      readonly serial: string;
    };
  };
  /** Whom a revocation would concern, as far as the operator knows. Nothing is changed. */
  'POST /api/v1/revocations/preview': {
    path: undefined;
    query: undefined;
    body: { readonly serial: string };
    answer: { readonly uiccs: number; readonly inUse: number; readonly locked: number; readonly ordered: number };
  };
  /** Storage supports (2) that proved an IMEI to a UICC, in order of their identities. */
  'GET /api/v1/supports': {
    path: undefined;
    query: { readonly after?: string | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly supports: readonly {
        readonly identity: string;
        readonly uiccs: number;
        readonly inUse: number;
        readonly firstAt: string;
        readonly lastReportAt?: string | undefined;
        readonly isRevoked: boolean;
      }[];
      readonly next?: string | undefined;
    };
  };
  /** Whether the chain of the audit log holds; with a head noted earlier, also that nothing was cut off since. */
  'GET /api/v1/audit/verification': {
    path: undefined;
    query: { readonly id?: number | undefined; readonly chain?: string | undefined };
    body: undefined;
    answer: {
      readonly isSound: boolean;
      readonly entries: number;
      readonly fault?:
        | {
            readonly id: number;
            readonly problem: string;
            readonly said: {
              readonly code: 'detailChanged' | 'changedOrInserted' | 'missing' | 'notTheNoted' | 'cut';
              readonly values: Readonly<Record<string, string | number>>;
            };
          }
        | undefined;
    };
  };
  /** Entries of the audit log that fit, the newest first; `next` is the `before` of the following page. */
  'GET /api/v1/audit': {
    path: undefined;
    query: {
      readonly before?: number | undefined;
      readonly kind?:
        | 'issue'
        | 'keys'
        | 'policy'
        | 'list'
        | 'setting'
        | 'check'
        | 'report'
        | 'order'
        | 'finding'
        | 'erasure'
        | 'token'
        | 'read'
        | 'user'
        | 'session'
        | 'alarm'
        | undefined;
      readonly author?: string | undefined;
      readonly subject?: string | undefined;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly entries: readonly {
        readonly id: number;
        readonly at: string;
        readonly kind:
          | 'issue'
          | 'keys'
          | 'policy'
          | 'list'
          | 'setting'
          | 'check'
          | 'report'
          | 'order'
          | 'finding'
          | 'erasure'
          | 'token'
          | 'read'
          | 'user'
          | 'session'
          | 'alarm';
        readonly author: string;
        readonly subject: string;
        readonly detail?: Readonly<Record<string, string | number | boolean | null | readonly string[]>> | undefined;
        readonly said?:
          | {
              readonly text?:
                | readonly {
                    readonly code:
                      | 'refutedProof'
                      | 'lyingHandset'
                      | 'movedHandset'
                      | 'counterWentBack'
                      | 'supportShared'
                      | 'imeiInTwoSupports'
                      | 'silentTerminal'
                      | 'severalSubscribers'
                      | 'aboutSubscribers'
                      | 'severalADay'
                      | 'conflicts'
                      | 'travel'
                      | 'nobodyProves'
                      | 'severalProve'
                      | 'provedSession'
                      | 'provedStatic'
                      | 'provedOnce'
                      | 'provedToSeveral'
                      | 'neverReported'
                      | 'notSince'
                      | 'reportGap'
                      | 'replayedReport'
                      | 'unreadableReport'
                      | 'orderFailed'
                      | 'noProof'
                      | 'notDelivered'
                      | 'notUnderstood'
                      | 'keysNotTaken'
                      | 'refusedByUicc'
                      | 'refusedByCentre'
                      | 'olderCopy'
                      | 'eventsTooOld'
                      | 'answeredOther'
                      | 'notReached';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly subject?:
                | readonly {
                    readonly code:
                      | 'alarm'
                      | 'batch'
                      | 'certificate'
                      | 'database'
                      | 'fleet'
                      | 'imsiPrefix'
                      | 'maker'
                      | 'makers'
                      | 'olderThanKept'
                      | 'person'
                      | 'range'
                      | 'run'
                      | 'tac'
                      | 'tacTable'
                      | 'webhook';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly reason?:
                | readonly {
                    readonly code:
                      | 'registerOff'
                      | 'trackOnly'
                      | 'blackList'
                      | 'greyList'
                      | 'whiteList'
                      | 'blackRange'
                      | 'greyRange'
                      | 'whiteRange'
                      | 'spared'
                      | 'allowedPair'
                      | 'lockedHandset'
                      | 'lockedSubscriber'
                      | 'lyingHandset'
                      | 'proofExpected'
                      | 'proofMissing'
                      | 'refutedProof'
                      | 'notProven'
                      | 'revoked'
                      | 'pairingLocked'
                      | 'clone'
                      | 'genuine'
                      | 'bogusImei'
                      | 'unallocatedTac'
                      | 'commanded'
                      | 'proved'
                      | 'notListed'
                      | 'imsiDefault'
                      | 'note'
                      | 'listReason'
                      | 'listReasonNote'
                      | 'ofTac'
                      | 'ofRange'
                      | 'byPrefix'
                      | 'byPrefixNote'
                      | 'byProof'
                      | 'provedImei'
                      | 'provedBefore'
                      | 'claimedImei'
                      | 'toldOther'
                      | 'orderExpired'
                      | 'written'
                      | 'certificateRevoked'
                      | 'rootsChanged'
                      | 'byTheUser'
                      | 'firstLink'
                      | 'asProviderSays';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly reasons?:
                | readonly {
                    readonly code:
                      | 'registerOff'
                      | 'trackOnly'
                      | 'blackList'
                      | 'greyList'
                      | 'whiteList'
                      | 'blackRange'
                      | 'greyRange'
                      | 'whiteRange'
                      | 'spared'
                      | 'allowedPair'
                      | 'lockedHandset'
                      | 'lockedSubscriber'
                      | 'lyingHandset'
                      | 'proofExpected'
                      | 'proofMissing'
                      | 'refutedProof'
                      | 'notProven'
                      | 'revoked'
                      | 'pairingLocked'
                      | 'clone'
                      | 'genuine'
                      | 'bogusImei'
                      | 'unallocatedTac'
                      | 'commanded'
                      | 'proved'
                      | 'notListed'
                      | 'imsiDefault'
                      | 'note'
                      | 'listReason'
                      | 'listReasonNote'
                      | 'ofTac'
                      | 'ofRange'
                      | 'byPrefix'
                      | 'byPrefixNote'
                      | 'byProof'
                      | 'provedImei'
                      | 'provedBefore'
                      | 'claimedImei'
                      | 'toldOther'
                      | 'orderExpired'
                      | 'written'
                      | 'certificateRevoked'
                      | 'rootsChanged';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly outcome?:
                | readonly {
                    readonly code:
                      | 'noProof'
                      | 'notDelivered'
                      | 'notUnderstood'
                      | 'keysNotTaken'
                      | 'refusedByUicc'
                      | 'refusedByCentre'
                      | 'olderCopy'
                      | 'noUicc'
                      | 'keysNotTakenMeanwhile'
                      | 'lockIs'
                      | 'received'
                      | 'holdsKeys'
                      | 'executed'
                      | 'answerLost'
                      | 'askedAgain'
                      | 'sentAgain'
                      | 'replaced'
                      | 'afterNewer'
                      | 'centreSaid'
                      | 'expiredAtCentre'
                      | 'notDeliveredByCentre'
                      | 'noResponse'
                      | 'connectionLost'
                      | 'sessionClosed'
                      | 'tooManyWait'
                      | 'waitedTooLong'
                      | 'otherDirection';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
            }
          | undefined;
      }[];
      readonly next?: number | undefined;
      readonly head: { readonly id: number; readonly chain: string };
    };
  };
  /** A page of the audit log, oldest first; `next` is the `after` of the following page. */
  'GET /api/v1/events': {
    path: undefined;
    query: {
      readonly after?: number | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly events: readonly {
        readonly id: number;
        readonly at: string;
        readonly kind:
          | 'issue'
          | 'keys'
          | 'policy'
          | 'list'
          | 'setting'
          | 'check'
          | 'report'
          | 'order'
          | 'finding'
          | 'erasure'
          | 'token'
          | 'read'
          | 'user'
          | 'session'
          | 'alarm';
        readonly author: string;
        readonly subject: string;
        readonly detail?: Readonly<Record<string, string | number | boolean | null | readonly string[]>> | undefined;
        readonly said?:
          | {
              readonly text?:
                | readonly {
                    readonly code:
                      | 'refutedProof'
                      | 'lyingHandset'
                      | 'movedHandset'
                      | 'counterWentBack'
                      | 'supportShared'
                      | 'imeiInTwoSupports'
                      | 'silentTerminal'
                      | 'severalSubscribers'
                      | 'aboutSubscribers'
                      | 'severalADay'
                      | 'conflicts'
                      | 'travel'
                      | 'nobodyProves'
                      | 'severalProve'
                      | 'provedSession'
                      | 'provedStatic'
                      | 'provedOnce'
                      | 'provedToSeveral'
                      | 'neverReported'
                      | 'notSince'
                      | 'reportGap'
                      | 'replayedReport'
                      | 'unreadableReport'
                      | 'orderFailed'
                      | 'noProof'
                      | 'notDelivered'
                      | 'notUnderstood'
                      | 'keysNotTaken'
                      | 'refusedByUicc'
                      | 'refusedByCentre'
                      | 'olderCopy'
                      | 'eventsTooOld'
                      | 'answeredOther'
                      | 'notReached';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly subject?:
                | readonly {
                    readonly code:
                      | 'alarm'
                      | 'batch'
                      | 'certificate'
                      | 'database'
                      | 'fleet'
                      | 'imsiPrefix'
                      | 'maker'
                      | 'makers'
                      | 'olderThanKept'
                      | 'person'
                      | 'range'
                      | 'run'
                      | 'tac'
                      | 'tacTable'
                      | 'webhook';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly reason?:
                | readonly {
                    readonly code:
                      | 'registerOff'
                      | 'trackOnly'
                      | 'blackList'
                      | 'greyList'
                      | 'whiteList'
                      | 'blackRange'
                      | 'greyRange'
                      | 'whiteRange'
                      | 'spared'
                      | 'allowedPair'
                      | 'lockedHandset'
                      | 'lockedSubscriber'
                      | 'lyingHandset'
                      | 'proofExpected'
                      | 'proofMissing'
                      | 'refutedProof'
                      | 'notProven'
                      | 'revoked'
                      | 'pairingLocked'
                      | 'clone'
                      | 'genuine'
                      | 'bogusImei'
                      | 'unallocatedTac'
                      | 'commanded'
                      | 'proved'
                      | 'notListed'
                      | 'imsiDefault'
                      | 'note'
                      | 'listReason'
                      | 'listReasonNote'
                      | 'ofTac'
                      | 'ofRange'
                      | 'byPrefix'
                      | 'byPrefixNote'
                      | 'byProof'
                      | 'provedImei'
                      | 'provedBefore'
                      | 'claimedImei'
                      | 'toldOther'
                      | 'orderExpired'
                      | 'written'
                      | 'certificateRevoked'
                      | 'rootsChanged'
                      | 'byTheUser'
                      | 'firstLink'
                      | 'asProviderSays';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly reasons?:
                | readonly {
                    readonly code:
                      | 'registerOff'
                      | 'trackOnly'
                      | 'blackList'
                      | 'greyList'
                      | 'whiteList'
                      | 'blackRange'
                      | 'greyRange'
                      | 'whiteRange'
                      | 'spared'
                      | 'allowedPair'
                      | 'lockedHandset'
                      | 'lockedSubscriber'
                      | 'lyingHandset'
                      | 'proofExpected'
                      | 'proofMissing'
                      | 'refutedProof'
                      | 'notProven'
                      | 'revoked'
                      | 'pairingLocked'
                      | 'clone'
                      | 'genuine'
                      | 'bogusImei'
                      | 'unallocatedTac'
                      | 'commanded'
                      | 'proved'
                      | 'notListed'
                      | 'imsiDefault'
                      | 'note'
                      | 'listReason'
                      | 'listReasonNote'
                      | 'ofTac'
                      | 'ofRange'
                      | 'byPrefix'
                      | 'byPrefixNote'
                      | 'byProof'
                      | 'provedImei'
                      | 'provedBefore'
                      | 'claimedImei'
                      | 'toldOther'
                      | 'orderExpired'
                      | 'written'
                      | 'certificateRevoked'
                      | 'rootsChanged';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
              readonly outcome?:
                | readonly {
                    readonly code:
                      | 'noProof'
                      | 'notDelivered'
                      | 'notUnderstood'
                      | 'keysNotTaken'
                      | 'refusedByUicc'
                      | 'refusedByCentre'
                      | 'olderCopy'
                      | 'noUicc'
                      | 'keysNotTakenMeanwhile'
                      | 'lockIs'
                      | 'received'
                      | 'holdsKeys'
                      | 'executed'
                      | 'answerLost'
                      | 'askedAgain'
                      | 'sentAgain'
                      | 'replaced'
                      | 'afterNewer'
                      | 'centreSaid'
                      | 'expiredAtCentre'
                      | 'notDeliveredByCentre'
                      | 'noResponse'
                      | 'connectionLost'
                      | 'sessionClosed'
                      | 'tooManyWait'
                      | 'waitedTooLong'
                      | 'otherDirection';
                    readonly values: Readonly<Record<string, string | number>>;
                  }[]
                | undefined;
            }
          | undefined;
      }[];
      readonly next: number;
    };
  };
  /** The audit log as it grows, as server-sent events. */
  'GET /api/v1/events/stream': {
    path: undefined;
    query: {
      readonly after?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: string;
  };
  /** A page of changed IMEIs and duplicates, oldest first; `next` is the `after` of the following page. */
  'GET /api/v1/equipment-events': {
    path: undefined;
    query: {
      readonly after?: number | undefined;
      readonly limit?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly events: readonly (
        | {
            readonly sequence: number;
            readonly at: string;
            readonly kind: 'imeiChanged';
            readonly imsi: string;
            readonly from: string;
            readonly to: string;
            readonly by: 'claim' | 'proof';
            readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
            readonly equipmentStatus?: 'permitted' | 'tracking' | 'prohibited' | undefined;
          }
        | {
            readonly sequence: number;
            readonly at: string;
            readonly kind: 'duplicateImei';
            readonly imei: string;
            readonly cause: 'subscribers' | 'dailyAverage' | 'conflicts';
            readonly subscribers: number;
            readonly conflicts: number;
            readonly genuine?: string | undefined;
            readonly argument: string;
          }
      )[];
      readonly next: number;
      readonly newest: number;
    };
  };
  /** Changed IMEIs and duplicates as they are noticed, as server-sent events. */
  'GET /api/v1/equipment-events/stream': {
    path: undefined;
    query: {
      readonly after?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: string;
  };
  /** Exchanges, newest first: a power-on, a call, a report, an order; `next` is the `before` of the next page. */
  'GET /api/v1/exchanges': {
    path: undefined;
    query: {
      readonly handset?: string | undefined;
      readonly before?: number | undefined;
      readonly limit?: number | undefined;
    };
    body: undefined;
    answer: {
      readonly exchanges: readonly {
        readonly number: number;
        readonly handset: string;
        readonly kind:
          | 'powerOn'
          | 'powerOff'
          | 'call'
          | 'emergencyCall'
          | 'message'
          | 'replay'
          | 'report'
          | 'order'
          | 'check';
        readonly at: string;
        readonly outcome?:
          | {
              readonly kind:
                | 'attached'
                | 'rejected'
                | 'uiccRefused'
                | 'noNetwork'
                | 'noUsim'
                | 'connected'
                | 'notAllowed'
                | 'failed'
                | 'done'
                | 'off'
                | 'powerCut'
                | 'same'
                | 'different'
                | 'putAside'
                | 'answered'
                | 'delivered'
                | 'notDelivered'
                | 'acknowledged';
              readonly code?: number | undefined;
            }
          | undefined;
        readonly hops: number;
        readonly storyHops: number;
        readonly steps: readonly (101 | 102 | 103 | 104)[];
        readonly isAltered: boolean;
      }[];
      readonly next: number;
      readonly kept: number;
    };
  };
  /** One exchange. */
  'GET /api/v1/exchanges/{exchange}': {
    path: { readonly exchange: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly number: number;
      readonly handset: string;
      readonly kind:
        | 'powerOn'
        | 'powerOff'
        | 'call'
        | 'emergencyCall'
        | 'message'
        | 'replay'
        | 'report'
        | 'order'
        | 'check';
      readonly at: string;
      readonly outcome?:
        | {
            readonly kind:
              | 'attached'
              | 'rejected'
              | 'uiccRefused'
              | 'noNetwork'
              | 'noUsim'
              | 'connected'
              | 'notAllowed'
              | 'failed'
              | 'done'
              | 'off'
              | 'powerCut'
              | 'same'
              | 'different'
              | 'putAside'
              | 'answered'
              | 'delivered'
              | 'notDelivered'
              | 'acknowledged';
            readonly code?: number | undefined;
          }
        | undefined;
      readonly hops: number;
      readonly storyHops: number;
      readonly steps: readonly (101 | 102 | 103 | 104)[];
      readonly isAltered: boolean;
    };
  };
  /** The hops of an exchange, oldest first; `next` is the `after` of the next page. */
  'GET /api/v1/exchanges/{exchange}/hops': {
    path: { readonly exchange: number };
    query: { readonly after?: number | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly hops: readonly {
        readonly number: number;
        readonly exchange: number;
        readonly handset: string;
        readonly at: string;
        readonly from:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly to:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly protocol: 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';
        readonly name: string;
        readonly named?:
          | {
              readonly code:
                | 'reset'
                | 'noCommand'
                | 'noMessage'
                | 'proactiveCommand'
                | 'selectSupport'
                | 'uiccCertificate'
                | 'staticKey'
                | 'pairingKeys'
                | 'certificate'
                | 'imei'
                | 'imeiProtected'
                | 'secondImeiProtected'
                | 'imeiSvProtected'
                | 'identityProtected'
                | 'claimedImei'
                | 'report'
                | 'answerPermit'
                | 'answerTrack'
                | 'answerBlock'
                | 'answerStopKeys'
                | 'answerUnblock'
                | 'answerRePair'
                | 'answerReportNow'
                | 'answerSetPolicy'
                | 'answerSetRoots'
                | 'proofOfReceipt'
                | 'remoteManagement'
                | 'dropped'
                | 'replayed'
                | 'display'
                | 'supportAsReported'
                | 'imeiAsReported'
                | 'verdict'
                | 'deliveryReceipt';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly clause?: string | undefined;
        readonly step?: 101 | 102 | 103 | 104 | undefined;
        readonly detail?: string | undefined;
        readonly detailed?:
          | {
              readonly code:
                | 'vector'
                | 'unknownSubscriber'
                | 'inStep'
                | 'autsRefused'
                | 'permitted'
                | 'tracking'
                | 'prohibited'
                | 'accepted'
                | 'refused'
                | 'noAnswer'
                | 'noMessage'
                | 'lost'
                | 'repeated'
                | 'supportProved'
                | 'otherSupportProved'
                | 'supportNotProved'
                | 'supportRefuted'
                | 'provedImei'
                | 'notAuthentic'
                | 'replayedReport'
                | 'unreadableReport'
                | 'handsetHasIt'
                | 'centreExpired'
                | 'centreUndeliverable'
                | 'centreRejected'
                | 'centreDeleted'
                | 'centreHasIt'
                | 'takenAs'
                | 'centreRefused'
                | 'lockIs'
                | 'uiccSays';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly statusWord?: string | undefined;
        readonly octets: number;
        readonly meaning:
          | 'reset'
          | 'terminal-profile'
          | 'power-on-support'
          | 'carry-command'
          | 'carry-response'
          | 'claimed-imei'
          | 'select-support'
          | 'initialize-update'
          | 'external-authenticate'
          | 'certificate'
          | 'uicc-certificate'
          | 'mutual-authenticate'
          | 'static-authenticate'
          | 'pairing-keys'
          | 'read-imei'
          | 'read-identity'
          | 'report'
          | 'answer'
          | 'proof-of-receipt'
          | 'dropped'
          | 'replayed'
          | 'as-reported'
          | 'verdict'
          | 'delivery-receipt'
          | 'message-submitted'
          | 'message-delivered'
          | 'smpp'
          | 'authenticate'
          | 'authentication'
          | 'identity'
          | 'check-imei'
          | 'location-updating'
          | 'emergency'
          | 'call'
          | 'call-control'
          | 'display'
          | 'fetch'
          | 'files'
          | 'carrier'
          | 'other';
        readonly isStory: boolean;
        readonly isAltered: boolean;
      }[];
      readonly next: number;
    };
  };
  /** One hop: its octets, what they say, what seals hide, what was altered, and which seal did not hold. */
  'GET /api/v1/hops/{hop}': {
    path: { readonly hop: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly hop: {
        readonly number: number;
        readonly exchange: number;
        readonly handset: string;
        readonly at: string;
        readonly from:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly to:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly protocol: 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';
        readonly name: string;
        readonly named?:
          | {
              readonly code:
                | 'reset'
                | 'noCommand'
                | 'noMessage'
                | 'proactiveCommand'
                | 'selectSupport'
                | 'uiccCertificate'
                | 'staticKey'
                | 'pairingKeys'
                | 'certificate'
                | 'imei'
                | 'imeiProtected'
                | 'secondImeiProtected'
                | 'imeiSvProtected'
                | 'identityProtected'
                | 'claimedImei'
                | 'report'
                | 'answerPermit'
                | 'answerTrack'
                | 'answerBlock'
                | 'answerStopKeys'
                | 'answerUnblock'
                | 'answerRePair'
                | 'answerReportNow'
                | 'answerSetPolicy'
                | 'answerSetRoots'
                | 'proofOfReceipt'
                | 'remoteManagement'
                | 'dropped'
                | 'replayed'
                | 'display'
                | 'supportAsReported'
                | 'imeiAsReported'
                | 'verdict'
                | 'deliveryReceipt';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly clause?: string | undefined;
        readonly step?: 101 | 102 | 103 | 104 | undefined;
        readonly detail?: string | undefined;
        readonly detailed?:
          | {
              readonly code:
                | 'vector'
                | 'unknownSubscriber'
                | 'inStep'
                | 'autsRefused'
                | 'permitted'
                | 'tracking'
                | 'prohibited'
                | 'accepted'
                | 'refused'
                | 'noAnswer'
                | 'noMessage'
                | 'lost'
                | 'repeated'
                | 'supportProved'
                | 'otherSupportProved'
                | 'supportNotProved'
                | 'supportRefuted'
                | 'provedImei'
                | 'notAuthentic'
                | 'replayedReport'
                | 'unreadableReport'
                | 'handsetHasIt'
                | 'centreExpired'
                | 'centreUndeliverable'
                | 'centreRejected'
                | 'centreDeleted'
                | 'centreHasIt'
                | 'takenAs'
                | 'centreRefused'
                | 'lockIs'
                | 'uiccSays';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly statusWord?: string | undefined;
        readonly octets: number;
        readonly meaning:
          | 'reset'
          | 'terminal-profile'
          | 'power-on-support'
          | 'carry-command'
          | 'carry-response'
          | 'claimed-imei'
          | 'select-support'
          | 'initialize-update'
          | 'external-authenticate'
          | 'certificate'
          | 'uicc-certificate'
          | 'mutual-authenticate'
          | 'static-authenticate'
          | 'pairing-keys'
          | 'read-imei'
          | 'read-identity'
          | 'report'
          | 'answer'
          | 'proof-of-receipt'
          | 'dropped'
          | 'replayed'
          | 'as-reported'
          | 'verdict'
          | 'delivery-receipt'
          | 'message-submitted'
          | 'message-delivered'
          | 'smpp'
          | 'authenticate'
          | 'authentication'
          | 'identity'
          | 'check-imei'
          | 'location-updating'
          | 'emergency'
          | 'call'
          | 'call-control'
          | 'display'
          | 'fetch'
          | 'files'
          | 'carrier'
          | 'other';
        readonly isStory: boolean;
        readonly isAltered: boolean;
      };
      readonly isWithheld: boolean;
      readonly reasons: readonly {
        readonly text: string;
        readonly said: readonly {
          readonly code:
            | 'registerOff'
            | 'trackOnly'
            | 'blackList'
            | 'greyList'
            | 'whiteList'
            | 'blackRange'
            | 'greyRange'
            | 'whiteRange'
            | 'spared'
            | 'allowedPair'
            | 'lockedHandset'
            | 'lockedSubscriber'
            | 'lyingHandset'
            | 'proofExpected'
            | 'proofMissing'
            | 'refutedProof'
            | 'notProven'
            | 'revoked'
            | 'pairingLocked'
            | 'clone'
            | 'genuine'
            | 'bogusImei'
            | 'unallocatedTac'
            | 'commanded'
            | 'proved'
            | 'notListed'
            | 'imsiDefault'
            | 'note'
            | 'listReason'
            | 'listReasonNote'
            | 'ofTac'
            | 'ofRange'
            | 'byPrefix'
            | 'byPrefixNote'
            | 'byProof'
            | 'provedImei'
            | 'provedBefore'
            | 'claimedImei'
            | 'toldOther'
            | 'orderExpired'
            | 'written'
            | 'certificateRevoked'
            | 'rootsChanged';
          readonly values: Readonly<Record<string, string | number>>;
        }[];
      }[];
      readonly meaning: string;
      readonly status?:
        | {
            readonly statusWord: string;
            readonly text: string;
            readonly clause: string;
            readonly said: {
              readonly code:
                | 'sw-normalEnd'
                | 'sw-toolkitBusy'
                | 'sw-noInformation'
                | 'sw-corrupted'
                | 'sw-endReached'
                | 'sw-fileDeactivated'
                | 'sw-fileTerminated'
                | 'sw-moreData'
                | 'sw-moreDataAndCommand'
                | 'sw-responseData'
                | 'sw-authenticationFailed'
                | 'sw-moreDataExpected'
                | 'sw-errorUnchanged'
                | 'sw-errorChanged'
                | 'sw-memoryProblem'
                | 'sw-wrongLength'
                | 'sw-noChannel'
                | 'sw-noSecureMessaging'
                | 'sw-wrongStructure'
                | 'sw-securityNotSatisfied'
                | 'sw-methodBlocked'
                | 'sw-dataInvalidated'
                | 'sw-conditionsNotSatisfied'
                | 'sw-noFileSelected'
                | 'sw-channelNotSatisfied'
                | 'sw-wrongData'
                | 'sw-functionNotSupported'
                | 'sw-fileNotFound'
                | 'sw-recordNotFound'
                | 'sw-noMemory'
                | 'sw-wrongP1P2'
                | 'sw-lcNotFitting'
                | 'sw-dataNotFound'
                | 'sw-fileExists'
                | 'sw-nameExists'
                | 'sw-wrongOffset'
                | 'sw-noInstruction'
                | 'sw-noClass'
                | 'sw-noDiagnosis'
                | 'sw-maximumReached'
                | 'sw-wrongMac'
                | 'sw-sessionExpired'
                | 'sw-contextNotSupported'
                | 'sw-keyFreshness'
                | 'sw-noMemoryForAuthentication'
                | 'sw-responseWaits'
                | 'sw-wrongLe'
                | 'sw-commandWaits'
                | 'sw-aboutTransfer'
                | 'sw-triesLeft'
                | 'sw-unnamed';
              readonly values: Readonly<Record<string, string | number>>;
            };
          }
        | undefined;
      readonly sheets: readonly {
        readonly id: string;
        readonly title: string;
        readonly titled?:
          | {
              readonly code:
                | 'caIdentifier'
                | 'applicationIdentifier'
                | 'applicationLabel'
                | 'discretionaryData'
                | 'applicationTemplate'
                | 'fcpTemplate'
                | 'cardData'
                | 'fciTemplate'
                | 'fileSize'
                | 'totalFileSize'
                | 'fileDescriptor'
                | 'fileIdentifier'
                | 'dfName'
                | 'proprietaryInformation'
                | 'shortFileIdentifier'
                | 'lifeCycleStatus'
                | 'lifeCycleState'
                | 'securityAttributesByRule'
                | 'securityAttributesCompact'
                | 'scpIdentifier'
                | 'serialNumber'
                | 'keyUsage'
                | 'keyType'
                | 'keyLength'
                | 'controlReferenceTemplate'
                | 'publicPoint'
                | 'pinStatusTemplate'
                | 'authenticationResponse'
                | 'synchronisationFailure'
                | 'keyInformationTemplate'
                | 'curve'
                | 'subjectIdentifier'
                | 'expirationDate'
                | 'effectiveDate'
                | 'signature'
                | 'ephemeralPublicKey'
                | 'certificate'
                | 'publicKey'
                | 'certificateStore'
                | 'receipt'
                | 'commandDetails'
                | 'deviceIdentities'
                | 'sourceDevice'
                | 'destinationDevice'
                | 'result'
                | 'duration'
                | 'alphaIdentifier'
                | 'address'
                | 'capabilityConfiguration'
                | 'subaddress'
                | 'supplementaryService'
                | 'ussd'
                | 'smsTpdu'
                | 'cellBroadcastPage'
                | 'textString'
                | 'tone'
                | 'item'
                | 'itemIdentifier'
                | 'responseLength'
                | 'fileList'
                | 'location'
                | 'helpRequest'
                | 'networkMeasurement'
                | 'defaultText'
                | 'nextActions'
                | 'eventList'
                | 'cause'
                | 'locationStatus'
                | 'transactionIdentifier'
                | 'bcchChannels'
                | 'icon'
                | 'itemIcons'
                | 'cardReaderStatus'
                | 'cardAtr'
                | 'commandApdu'
                | 'responseApdu'
                | 'timerIdentifier'
                | 'timerValue'
                | 'dateTime'
                | 'atCommand'
                | 'atResponse'
                | 'bcRepeat'
                | 'immediateResponse'
                | 'dtmf'
                | 'language'
                | 'timingAdvance'
                | 'aid'
                | 'browserIdentity'
                | 'url'
                | 'bearers'
                | 'provisioningFile'
                | 'browserTermination'
                | 'bearerDescription'
                | 'channelData'
                | 'channelDataLength'
                | 'channelStatus'
                | 'bufferSize'
                | 'cardReaderIdentifier'
                | 'transport'
                | 'otherAddress'
                | 'accessTechnology'
                | 'displayParameters'
                | 'esn'
                | 'networkAccessName'
                | 'textAttribute'
                | 'itemTextAttributes'
                | 'batteryState'
                | 'browsingStatus'
                | 'searchMode'
                | 'framesInformation'
                | 'frame'
                | 'plmnList'
                | 'updateAttachType'
                | 'rejectionCause'
                | 'trackingArea'
                | 'proactiveCommand'
                | 'smsPpDownload'
                | 'callControl'
                | 'eventDownload'
                | 'data'
                | 'dataObject'
                | 'noCommand'
                | 'noResponse'
                | 'fileOrApplication'
                | 'cipherText'
                | 'hostChallenge'
                | 'hostCryptogram'
                | 'cardChallenge'
                | 'cardCryptogram'
                | 'diversification'
                | 'keyVersion'
                | 'newKeyVersion'
                | 'keys'
                | 'protocol'
                | 'parameterI'
                | 'sequenceCounter'
                | 'tag'
                | 'value'
                | 'convention'
                | 'groups'
                | 'historical'
                | 'messageType'
                | 'relayMessageType'
                | 'typeAndKeySequence'
                | 'keySequence'
                | 'locationArea'
                | 'classmark'
                | 'identity'
                | 'identityType'
                | 'extension'
                | 'service'
                | 'bearer'
                | 'called'
                | 'reference'
                | 'originator'
                | 'destination'
                | 'userDataHeader'
                | 'partOfMessage'
                | 'securedPacket'
                | 'shortPacket'
                | 'cipheredBody'
                | 'status'
                | 'securedData'
                | 'padding'
                | 'commands'
                | 'statusWord'
                | 'rand'
                | 'autn'
                | 'auts'
                | 'res'
                | 'rpdu'
                | 'tpdu'
                | 'imei'
                | 'imeiSv'
                | 'version'
                | 'direction'
                | 'nonce'
                | 'reason'
                | 'trigger'
                | 'state'
                | 'unanswered'
                | 'provedImei'
                | 'claimedImei'
                | 'evidence'
                | 'support'
                | 'supportCounter'
                | 'previousSupport'
                | 'counter'
                | 'pairingKeyVersion'
                | 'root'
                | 'trust'
                | 'roots'
                | 'trustDigest'
                | 'order'
                | 'imeiDigest'
                | 'validAuthentications'
                | 'text'
                | 'policy'
                | 'date'
                | 'revoked'
                | 'gate'
                | 'graceAuthentications'
                | 'proveEvery'
                | 'proveBeforeCall'
                | 'reportEvery'
                | 'unansweredLimit'
                | 'pairingLocked'
                | 'terminalCannotProve'
                | 'proveAtBoot'
                | 'brokenProtectionLimit'
                | 'sheetCommand'
                | 'sheetResponse'
                | 'sheetReset'
                | 'sheetLayer3'
                | 'sheetImei'
                | 'sheetUserData'
                | 'sheetPlainCommand'
                | 'sheetPlainResponse'
                | 'sheetPlainPacket';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly octets: string;
        readonly nodes: readonly {
          readonly level: number;
          readonly name: string;
          readonly named?:
            | {
                readonly code:
                  | 'caIdentifier'
                  | 'applicationIdentifier'
                  | 'applicationLabel'
                  | 'discretionaryData'
                  | 'applicationTemplate'
                  | 'fcpTemplate'
                  | 'cardData'
                  | 'fciTemplate'
                  | 'fileSize'
                  | 'totalFileSize'
                  | 'fileDescriptor'
                  | 'fileIdentifier'
                  | 'dfName'
                  | 'proprietaryInformation'
                  | 'shortFileIdentifier'
                  | 'lifeCycleStatus'
                  | 'lifeCycleState'
                  | 'securityAttributesByRule'
                  | 'securityAttributesCompact'
                  | 'scpIdentifier'
                  | 'serialNumber'
                  | 'keyUsage'
                  | 'keyType'
                  | 'keyLength'
                  | 'controlReferenceTemplate'
                  | 'publicPoint'
                  | 'pinStatusTemplate'
                  | 'authenticationResponse'
                  | 'synchronisationFailure'
                  | 'keyInformationTemplate'
                  | 'curve'
                  | 'subjectIdentifier'
                  | 'expirationDate'
                  | 'effectiveDate'
                  | 'signature'
                  | 'ephemeralPublicKey'
                  | 'certificate'
                  | 'publicKey'
                  | 'certificateStore'
                  | 'receipt'
                  | 'commandDetails'
                  | 'deviceIdentities'
                  | 'sourceDevice'
                  | 'destinationDevice'
                  | 'result'
                  | 'duration'
                  | 'alphaIdentifier'
                  | 'address'
                  | 'capabilityConfiguration'
                  | 'subaddress'
                  | 'supplementaryService'
                  | 'ussd'
                  | 'smsTpdu'
                  | 'cellBroadcastPage'
                  | 'textString'
                  | 'tone'
                  | 'item'
                  | 'itemIdentifier'
                  | 'responseLength'
                  | 'fileList'
                  | 'location'
                  | 'helpRequest'
                  | 'networkMeasurement'
                  | 'defaultText'
                  | 'nextActions'
                  | 'eventList'
                  | 'cause'
                  | 'locationStatus'
                  | 'transactionIdentifier'
                  | 'bcchChannels'
                  | 'icon'
                  | 'itemIcons'
                  | 'cardReaderStatus'
                  | 'cardAtr'
                  | 'commandApdu'
                  | 'responseApdu'
                  | 'timerIdentifier'
                  | 'timerValue'
                  | 'dateTime'
                  | 'atCommand'
                  | 'atResponse'
                  | 'bcRepeat'
                  | 'immediateResponse'
                  | 'dtmf'
                  | 'language'
                  | 'timingAdvance'
                  | 'aid'
                  | 'browserIdentity'
                  | 'url'
                  | 'bearers'
                  | 'provisioningFile'
                  | 'browserTermination'
                  | 'bearerDescription'
                  | 'channelData'
                  | 'channelDataLength'
                  | 'channelStatus'
                  | 'bufferSize'
                  | 'cardReaderIdentifier'
                  | 'transport'
                  | 'otherAddress'
                  | 'accessTechnology'
                  | 'displayParameters'
                  | 'esn'
                  | 'networkAccessName'
                  | 'textAttribute'
                  | 'itemTextAttributes'
                  | 'batteryState'
                  | 'browsingStatus'
                  | 'searchMode'
                  | 'framesInformation'
                  | 'frame'
                  | 'plmnList'
                  | 'updateAttachType'
                  | 'rejectionCause'
                  | 'trackingArea'
                  | 'proactiveCommand'
                  | 'smsPpDownload'
                  | 'callControl'
                  | 'eventDownload'
                  | 'data'
                  | 'dataObject'
                  | 'noCommand'
                  | 'noResponse'
                  | 'fileOrApplication'
                  | 'cipherText'
                  | 'hostChallenge'
                  | 'hostCryptogram'
                  | 'cardChallenge'
                  | 'cardCryptogram'
                  | 'diversification'
                  | 'keyVersion'
                  | 'newKeyVersion'
                  | 'keys'
                  | 'protocol'
                  | 'parameterI'
                  | 'sequenceCounter'
                  | 'tag'
                  | 'value'
                  | 'convention'
                  | 'groups'
                  | 'historical'
                  | 'messageType'
                  | 'relayMessageType'
                  | 'typeAndKeySequence'
                  | 'keySequence'
                  | 'locationArea'
                  | 'classmark'
                  | 'identity'
                  | 'identityType'
                  | 'extension'
                  | 'service'
                  | 'bearer'
                  | 'called'
                  | 'reference'
                  | 'originator'
                  | 'destination'
                  | 'userDataHeader'
                  | 'partOfMessage'
                  | 'securedPacket'
                  | 'shortPacket'
                  | 'cipheredBody'
                  | 'status'
                  | 'securedData'
                  | 'padding'
                  | 'commands'
                  | 'statusWord'
                  | 'rand'
                  | 'autn'
                  | 'auts'
                  | 'res'
                  | 'rpdu'
                  | 'tpdu'
                  | 'imei'
                  | 'imeiSv'
                  | 'version'
                  | 'direction'
                  | 'nonce'
                  | 'reason'
                  | 'trigger'
                  | 'state'
                  | 'unanswered'
                  | 'provedImei'
                  | 'claimedImei'
                  | 'evidence'
                  | 'support'
                  | 'supportCounter'
                  | 'previousSupport'
                  | 'counter'
                  | 'pairingKeyVersion'
                  | 'root'
                  | 'trust'
                  | 'roots'
                  | 'trustDigest'
                  | 'order'
                  | 'imeiDigest'
                  | 'validAuthentications'
                  | 'text'
                  | 'policy'
                  | 'date'
                  | 'revoked'
                  | 'gate'
                  | 'graceAuthentications'
                  | 'proveEvery'
                  | 'proveBeforeCall'
                  | 'reportEvery'
                  | 'unansweredLimit'
                  | 'pairingLocked'
                  | 'terminalCannotProve'
                  | 'proveAtBoot'
                  | 'brokenProtectionLimit'
                  | 'sheetCommand'
                  | 'sheetResponse'
                  | 'sheetReset'
                  | 'sheetLayer3'
                  | 'sheetImei'
                  | 'sheetUserData'
                  | 'sheetPlainCommand'
                  | 'sheetPlainResponse'
                  | 'sheetPlainPacket';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly tag?: string | undefined;
          readonly from: number;
          readonly to: number;
          readonly value?: string | undefined;
          readonly meaning?: string | undefined;
          readonly said?:
            | readonly {
                readonly code:
                  | 'term'
                  | 'classInterindustry'
                  | 'classProprietary'
                  | 'channel'
                  | 'secureMessaging'
                  | 'octetsOfData'
                  | 'octetsOfPadding'
                  | 'octetsWanted'
                  | 'supportImei'
                  | 'toldImei'
                  | 'saidImei'
                  | 'forSupport'
                  | 'commandPacketLength'
                  | 'commandHeaderLength'
                  | 'responsePacketLength'
                  | 'responseHeaderLength'
                  | 'applicationItIsFor'
                  | 'applicationThatAnswers'
                  | 'commandFollows'
                  | 'responseFollows'
                  | 'noIdentity'
                  | 'cipherOfSession'
                  | 'cipherOfPacket'
                  | 'macVerified'
                  | 'macNotChecked'
                  | 'macFailed'
                  | 'keysInside'
                  | 'uiccHoldsKeys'
                  | 'counterOfPacket'
                  | 'checksum'
                  | 'integrity'
                  | 'ciphered'
                  | 'notCiphered'
                  | 'counter-none'
                  | 'counter-unchecked'
                  | 'counter-higher'
                  | 'counter-exactlyOneHigher'
                  | 'proof-never'
                  | 'proof-always'
                  | 'proof-onError'
                  | 'algorithm'
                  | 'device-1'
                  | 'device-2'
                  | 'device-17'
                  | 'device-23'
                  | 'device-129'
                  | 'device-130'
                  | 'device-131'
                  | 'device-other'
                  | 'general-performed'
                  | 'general-partialComprehension'
                  | 'general-missingInformation'
                  | 'general-additionalEfsRead'
                  | 'general-iconNotDisplayed'
                  | 'general-modifiedByCallControl'
                  | 'general-limitedService'
                  | 'general-performedWithModification'
                  | 'general-naaNotActive'
                  | 'general-toneNotPlayed'
                  | 'general-terminatedByUser'
                  | 'general-backwardMove'
                  | 'general-noResponseFromUser'
                  | 'general-helpRequired'
                  | 'general-ussdTerminatedByUser'
                  | 'general-terminalBusy'
                  | 'general-networkBusy'
                  | 'general-userRefused'
                  | 'general-callClearedBeforeConnection'
                  | 'general-timerStateContradiction'
                  | 'general-callControlTemporaryProblem'
                  | 'general-browserError'
                  | 'general-mmsTemporaryProblem'
                  | 'general-beyondCapabilities'
                  | 'general-typeNotUnderstood'
                  | 'general-dataNotUnderstood'
                  | 'general-numberNotKnown'
                  | 'general-supplementaryServiceError'
                  | 'general-smsRpError'
                  | 'general-valuesMissing'
                  | 'general-ussdError'
                  | 'general-multipleCardError'
                  | 'general-callControlPermanentProblem'
                  | 'general-bearerIndependentProtocolError'
                  | 'general-accessTechnologyError'
                  | 'general-framesError'
                  | 'general-mmsError'
                  | 'general-other'
                  | 'por-ok'
                  | 'por-checkFailed'
                  | 'por-counterLow'
                  | 'por-counterHigh'
                  | 'por-counterBlocked'
                  | 'por-cipheringError'
                  | 'por-unidentifiedSecurityError'
                  | 'por-insufficientMemory'
                  | 'por-moreTimeNeeded'
                  | 'por-tarUnknown'
                  | 'por-insufficientSecurityLevel'
                  | 'por-responseFollowsBySubmit'
                  | 'por-responseFollowsByUssd'
                  | 'por-other'
                  | 'direction-report'
                  | 'direction-answer'
                  | 'direction-acknowledgement'
                  | 'evidence-scp11a'
                  | 'evidence-scp03'
                  | 'evidence-static'
                  | 'result-proved'
                  | 'result-provedOther'
                  | 'result-notProven'
                  | 'result-refuted'
                  | 'reason-none'
                  | 'reason-noCardReader'
                  | 'reason-noAnswer'
                  | 'reason-errorStatusWord'
                  | 'reason-brokenProtection'
                  | 'reason-badOctets'
                  | 'reason-profileTooSmall'
                  | 'reason-commandRefused'
                  | 'reason-terminalBusy'
                  | 'reason-userRefused'
                  | 'reason-terminalContradicts'
                  | 'reason-claimedImeiDiffers'
                  | 'reason-pairedImeiDiffers'
                  | 'reason-foreignRoot'
                  | 'reason-counterWentBack'
                  | 'reason-pairingLocked'
                  | 'reason-revoked'
                  | 'reason-wrongCryptogram'
                  | 'trigger-boot'
                  | 'trigger-call'
                  | 'trigger-authentications'
                  | 'trigger-operator'
                  | 'trigger-interval'
                  | 'trigger-silence'
                  | 'state-unproven'
                  | 'state-grace'
                  | 'state-enabled'
                  | 'state-tracked'
                  | 'state-blockedLocally'
                  | 'state-blockedByOperator'
                  | 'state-keysStopped'
                  | 'order-permit'
                  | 'order-track'
                  | 'order-block'
                  | 'order-stopKeys'
                  | 'order-unblock'
                  | 'order-rePair'
                  | 'order-reportNow'
                  | 'order-setPolicy'
                  | 'order-setRoots'
                  | 'terminalCannotProve-grace'
                  | 'terminalCannotProve-permit'
                  | 'terminalCannotProve-block'
                  | 'gate-open'
                  | 'gate-enable'
                  | 'sw-normalEnd'
                  | 'sw-toolkitBusy'
                  | 'sw-noInformation'
                  | 'sw-corrupted'
                  | 'sw-endReached'
                  | 'sw-fileDeactivated'
                  | 'sw-fileTerminated'
                  | 'sw-moreData'
                  | 'sw-moreDataAndCommand'
                  | 'sw-responseData'
                  | 'sw-authenticationFailed'
                  | 'sw-moreDataExpected'
                  | 'sw-errorUnchanged'
                  | 'sw-errorChanged'
                  | 'sw-memoryProblem'
                  | 'sw-wrongLength'
                  | 'sw-noChannel'
                  | 'sw-noSecureMessaging'
                  | 'sw-wrongStructure'
                  | 'sw-securityNotSatisfied'
                  | 'sw-methodBlocked'
                  | 'sw-dataInvalidated'
                  | 'sw-conditionsNotSatisfied'
                  | 'sw-noFileSelected'
                  | 'sw-channelNotSatisfied'
                  | 'sw-wrongData'
                  | 'sw-functionNotSupported'
                  | 'sw-fileNotFound'
                  | 'sw-recordNotFound'
                  | 'sw-noMemory'
                  | 'sw-wrongP1P2'
                  | 'sw-lcNotFitting'
                  | 'sw-dataNotFound'
                  | 'sw-fileExists'
                  | 'sw-nameExists'
                  | 'sw-wrongOffset'
                  | 'sw-noInstruction'
                  | 'sw-noClass'
                  | 'sw-noDiagnosis'
                  | 'sw-maximumReached'
                  | 'sw-wrongMac'
                  | 'sw-sessionExpired'
                  | 'sw-contextNotSupported'
                  | 'sw-keyFreshness'
                  | 'sw-noMemoryForAuthentication'
                  | 'sw-responseWaits'
                  | 'sw-wrongLe'
                  | 'sw-commandWaits'
                  | 'sw-aboutTransfer'
                  | 'sw-triesLeft'
                  | 'sw-unnamed';
                readonly values: Readonly<Record<string, string | number>>;
              }[]
            | undefined;
        }[];
        readonly plainOf?: { readonly sheet: string; readonly from: number; readonly to: number } | undefined;
      }[];
      readonly alteration?:
        | {
            readonly sheet: string;
            readonly ranges: readonly { readonly from: number; readonly to: number }[];
            readonly given: string;
            readonly at: number;
          }
        | undefined;
      readonly brokenSeals: readonly {
        readonly sheet: string;
        readonly from: number;
        readonly to: number;
        readonly received: string;
        readonly computed?: string | undefined;
      }[];
    };
  };
  /** Hops as they happen, as server-sent events. */
  'GET /api/v1/hops/stream': {
    path: undefined;
    query: { readonly after?: number | undefined };
    body: undefined;
    answer: string;
  };
  /** An exchange as a pcapng file: what Wireshark can read of it. */
  'GET /api/v1/exchanges/{exchange}/capture': {
    path: { readonly exchange: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: string;
  };
  /** An exchange with the octets of every hop, described. */
  'GET /api/v1/exchanges/{exchange}/record': {
    path: { readonly exchange: number };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: undefined;
    answer: {
      readonly exchange: {
        readonly number: number;
        readonly handset: string;
        readonly kind:
          | 'powerOn'
          | 'powerOff'
          | 'call'
          | 'emergencyCall'
          | 'message'
          | 'replay'
          | 'report'
          | 'order'
          | 'check';
        readonly at: string;
        readonly outcome?:
          | {
              readonly kind:
                | 'attached'
                | 'rejected'
                | 'uiccRefused'
                | 'noNetwork'
                | 'noUsim'
                | 'connected'
                | 'notAllowed'
                | 'failed'
                | 'done'
                | 'off'
                | 'powerCut'
                | 'same'
                | 'different'
                | 'putAside'
                | 'answered'
                | 'delivered'
                | 'notDelivered'
                | 'acknowledged';
              readonly code?: number | undefined;
            }
          | undefined;
        readonly hops: number;
        readonly storyHops: number;
        readonly steps: readonly (101 | 102 | 103 | 104)[];
        readonly isAltered: boolean;
      };
      readonly hops: readonly {
        readonly hop: {
          readonly number: number;
          readonly exchange: number;
          readonly handset: string;
          readonly at: string;
          readonly from:
            | 'storageSupport'
            | 'operatingSystem'
            | 'uicc'
            | 'smsc'
            | 'operator'
            | 'register'
            | 'network'
            | 'person';
          readonly to:
            | 'storageSupport'
            | 'operatingSystem'
            | 'uicc'
            | 'smsc'
            | 'operator'
            | 'register'
            | 'network'
            | 'person';
          readonly protocol: 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';
          readonly name: string;
          readonly named?:
            | {
                readonly code:
                  | 'reset'
                  | 'noCommand'
                  | 'noMessage'
                  | 'proactiveCommand'
                  | 'selectSupport'
                  | 'uiccCertificate'
                  | 'staticKey'
                  | 'pairingKeys'
                  | 'certificate'
                  | 'imei'
                  | 'imeiProtected'
                  | 'secondImeiProtected'
                  | 'imeiSvProtected'
                  | 'identityProtected'
                  | 'claimedImei'
                  | 'report'
                  | 'answerPermit'
                  | 'answerTrack'
                  | 'answerBlock'
                  | 'answerStopKeys'
                  | 'answerUnblock'
                  | 'answerRePair'
                  | 'answerReportNow'
                  | 'answerSetPolicy'
                  | 'answerSetRoots'
                  | 'proofOfReceipt'
                  | 'remoteManagement'
                  | 'dropped'
                  | 'replayed'
                  | 'display'
                  | 'supportAsReported'
                  | 'imeiAsReported'
                  | 'verdict'
                  | 'deliveryReceipt';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly clause?: string | undefined;
          readonly step?: 101 | 102 | 103 | 104 | undefined;
          readonly detail?: string | undefined;
          readonly detailed?:
            | {
                readonly code:
                  | 'vector'
                  | 'unknownSubscriber'
                  | 'inStep'
                  | 'autsRefused'
                  | 'permitted'
                  | 'tracking'
                  | 'prohibited'
                  | 'accepted'
                  | 'refused'
                  | 'noAnswer'
                  | 'noMessage'
                  | 'lost'
                  | 'repeated'
                  | 'supportProved'
                  | 'otherSupportProved'
                  | 'supportNotProved'
                  | 'supportRefuted'
                  | 'provedImei'
                  | 'notAuthentic'
                  | 'replayedReport'
                  | 'unreadableReport'
                  | 'handsetHasIt'
                  | 'centreExpired'
                  | 'centreUndeliverable'
                  | 'centreRejected'
                  | 'centreDeleted'
                  | 'centreHasIt'
                  | 'takenAs'
                  | 'centreRefused'
                  | 'lockIs'
                  | 'uiccSays';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly statusWord?: string | undefined;
          readonly octets: number;
          readonly meaning:
            | 'reset'
            | 'terminal-profile'
            | 'power-on-support'
            | 'carry-command'
            | 'carry-response'
            | 'claimed-imei'
            | 'select-support'
            | 'initialize-update'
            | 'external-authenticate'
            | 'certificate'
            | 'uicc-certificate'
            | 'mutual-authenticate'
            | 'static-authenticate'
            | 'pairing-keys'
            | 'read-imei'
            | 'read-identity'
            | 'report'
            | 'answer'
            | 'proof-of-receipt'
            | 'dropped'
            | 'replayed'
            | 'as-reported'
            | 'verdict'
            | 'delivery-receipt'
            | 'message-submitted'
            | 'message-delivered'
            | 'smpp'
            | 'authenticate'
            | 'authentication'
            | 'identity'
            | 'check-imei'
            | 'location-updating'
            | 'emergency'
            | 'call'
            | 'call-control'
            | 'display'
            | 'fetch'
            | 'files'
            | 'carrier'
            | 'other';
          readonly isStory: boolean;
          readonly isAltered: boolean;
        };
        readonly isWithheld: boolean;
        readonly reasons: readonly {
          readonly text: string;
          readonly said: readonly {
            readonly code:
              | 'registerOff'
              | 'trackOnly'
              | 'blackList'
              | 'greyList'
              | 'whiteList'
              | 'blackRange'
              | 'greyRange'
              | 'whiteRange'
              | 'spared'
              | 'allowedPair'
              | 'lockedHandset'
              | 'lockedSubscriber'
              | 'lyingHandset'
              | 'proofExpected'
              | 'proofMissing'
              | 'refutedProof'
              | 'notProven'
              | 'revoked'
              | 'pairingLocked'
              | 'clone'
              | 'genuine'
              | 'bogusImei'
              | 'unallocatedTac'
              | 'commanded'
              | 'proved'
              | 'notListed'
              | 'imsiDefault'
              | 'note'
              | 'listReason'
              | 'listReasonNote'
              | 'ofTac'
              | 'ofRange'
              | 'byPrefix'
              | 'byPrefixNote'
              | 'byProof'
              | 'provedImei'
              | 'provedBefore'
              | 'claimedImei'
              | 'toldOther'
              | 'orderExpired'
              | 'written'
              | 'certificateRevoked'
              | 'rootsChanged';
            readonly values: Readonly<Record<string, string | number>>;
          }[];
        }[];
        readonly meaning: string;
        readonly status?:
          | {
              readonly statusWord: string;
              readonly text: string;
              readonly clause: string;
              readonly said: {
                readonly code:
                  | 'sw-normalEnd'
                  | 'sw-toolkitBusy'
                  | 'sw-noInformation'
                  | 'sw-corrupted'
                  | 'sw-endReached'
                  | 'sw-fileDeactivated'
                  | 'sw-fileTerminated'
                  | 'sw-moreData'
                  | 'sw-moreDataAndCommand'
                  | 'sw-responseData'
                  | 'sw-authenticationFailed'
                  | 'sw-moreDataExpected'
                  | 'sw-errorUnchanged'
                  | 'sw-errorChanged'
                  | 'sw-memoryProblem'
                  | 'sw-wrongLength'
                  | 'sw-noChannel'
                  | 'sw-noSecureMessaging'
                  | 'sw-wrongStructure'
                  | 'sw-securityNotSatisfied'
                  | 'sw-methodBlocked'
                  | 'sw-dataInvalidated'
                  | 'sw-conditionsNotSatisfied'
                  | 'sw-noFileSelected'
                  | 'sw-channelNotSatisfied'
                  | 'sw-wrongData'
                  | 'sw-functionNotSupported'
                  | 'sw-fileNotFound'
                  | 'sw-recordNotFound'
                  | 'sw-noMemory'
                  | 'sw-wrongP1P2'
                  | 'sw-lcNotFitting'
                  | 'sw-dataNotFound'
                  | 'sw-fileExists'
                  | 'sw-nameExists'
                  | 'sw-wrongOffset'
                  | 'sw-noInstruction'
                  | 'sw-noClass'
                  | 'sw-noDiagnosis'
                  | 'sw-maximumReached'
                  | 'sw-wrongMac'
                  | 'sw-sessionExpired'
                  | 'sw-contextNotSupported'
                  | 'sw-keyFreshness'
                  | 'sw-noMemoryForAuthentication'
                  | 'sw-responseWaits'
                  | 'sw-wrongLe'
                  | 'sw-commandWaits'
                  | 'sw-aboutTransfer'
                  | 'sw-triesLeft'
                  | 'sw-unnamed';
                readonly values: Readonly<Record<string, string | number>>;
              };
            }
          | undefined;
        readonly sheets: readonly {
          readonly id: string;
          readonly title: string;
          readonly titled?:
            | {
                readonly code:
                  | 'caIdentifier'
                  | 'applicationIdentifier'
                  | 'applicationLabel'
                  | 'discretionaryData'
                  | 'applicationTemplate'
                  | 'fcpTemplate'
                  | 'cardData'
                  | 'fciTemplate'
                  | 'fileSize'
                  | 'totalFileSize'
                  | 'fileDescriptor'
                  | 'fileIdentifier'
                  | 'dfName'
                  | 'proprietaryInformation'
                  | 'shortFileIdentifier'
                  | 'lifeCycleStatus'
                  | 'lifeCycleState'
                  | 'securityAttributesByRule'
                  | 'securityAttributesCompact'
                  | 'scpIdentifier'
                  | 'serialNumber'
                  | 'keyUsage'
                  | 'keyType'
                  | 'keyLength'
                  | 'controlReferenceTemplate'
                  | 'publicPoint'
                  | 'pinStatusTemplate'
                  | 'authenticationResponse'
                  | 'synchronisationFailure'
                  | 'keyInformationTemplate'
                  | 'curve'
                  | 'subjectIdentifier'
                  | 'expirationDate'
                  | 'effectiveDate'
                  | 'signature'
                  | 'ephemeralPublicKey'
                  | 'certificate'
                  | 'publicKey'
                  | 'certificateStore'
                  | 'receipt'
                  | 'commandDetails'
                  | 'deviceIdentities'
                  | 'sourceDevice'
                  | 'destinationDevice'
                  | 'result'
                  | 'duration'
                  | 'alphaIdentifier'
                  | 'address'
                  | 'capabilityConfiguration'
                  | 'subaddress'
                  | 'supplementaryService'
                  | 'ussd'
                  | 'smsTpdu'
                  | 'cellBroadcastPage'
                  | 'textString'
                  | 'tone'
                  | 'item'
                  | 'itemIdentifier'
                  | 'responseLength'
                  | 'fileList'
                  | 'location'
                  | 'helpRequest'
                  | 'networkMeasurement'
                  | 'defaultText'
                  | 'nextActions'
                  | 'eventList'
                  | 'cause'
                  | 'locationStatus'
                  | 'transactionIdentifier'
                  | 'bcchChannels'
                  | 'icon'
                  | 'itemIcons'
                  | 'cardReaderStatus'
                  | 'cardAtr'
                  | 'commandApdu'
                  | 'responseApdu'
                  | 'timerIdentifier'
                  | 'timerValue'
                  | 'dateTime'
                  | 'atCommand'
                  | 'atResponse'
                  | 'bcRepeat'
                  | 'immediateResponse'
                  | 'dtmf'
                  | 'language'
                  | 'timingAdvance'
                  | 'aid'
                  | 'browserIdentity'
                  | 'url'
                  | 'bearers'
                  | 'provisioningFile'
                  | 'browserTermination'
                  | 'bearerDescription'
                  | 'channelData'
                  | 'channelDataLength'
                  | 'channelStatus'
                  | 'bufferSize'
                  | 'cardReaderIdentifier'
                  | 'transport'
                  | 'otherAddress'
                  | 'accessTechnology'
                  | 'displayParameters'
                  | 'esn'
                  | 'networkAccessName'
                  | 'textAttribute'
                  | 'itemTextAttributes'
                  | 'batteryState'
                  | 'browsingStatus'
                  | 'searchMode'
                  | 'framesInformation'
                  | 'frame'
                  | 'plmnList'
                  | 'updateAttachType'
                  | 'rejectionCause'
                  | 'trackingArea'
                  | 'proactiveCommand'
                  | 'smsPpDownload'
                  | 'callControl'
                  | 'eventDownload'
                  | 'data'
                  | 'dataObject'
                  | 'noCommand'
                  | 'noResponse'
                  | 'fileOrApplication'
                  | 'cipherText'
                  | 'hostChallenge'
                  | 'hostCryptogram'
                  | 'cardChallenge'
                  | 'cardCryptogram'
                  | 'diversification'
                  | 'keyVersion'
                  | 'newKeyVersion'
                  | 'keys'
                  | 'protocol'
                  | 'parameterI'
                  | 'sequenceCounter'
                  | 'tag'
                  | 'value'
                  | 'convention'
                  | 'groups'
                  | 'historical'
                  | 'messageType'
                  | 'relayMessageType'
                  | 'typeAndKeySequence'
                  | 'keySequence'
                  | 'locationArea'
                  | 'classmark'
                  | 'identity'
                  | 'identityType'
                  | 'extension'
                  | 'service'
                  | 'bearer'
                  | 'called'
                  | 'reference'
                  | 'originator'
                  | 'destination'
                  | 'userDataHeader'
                  | 'partOfMessage'
                  | 'securedPacket'
                  | 'shortPacket'
                  | 'cipheredBody'
                  | 'status'
                  | 'securedData'
                  | 'padding'
                  | 'commands'
                  | 'statusWord'
                  | 'rand'
                  | 'autn'
                  | 'auts'
                  | 'res'
                  | 'rpdu'
                  | 'tpdu'
                  | 'imei'
                  | 'imeiSv'
                  | 'version'
                  | 'direction'
                  | 'nonce'
                  | 'reason'
                  | 'trigger'
                  | 'state'
                  | 'unanswered'
                  | 'provedImei'
                  | 'claimedImei'
                  | 'evidence'
                  | 'support'
                  | 'supportCounter'
                  | 'previousSupport'
                  | 'counter'
                  | 'pairingKeyVersion'
                  | 'root'
                  | 'trust'
                  | 'roots'
                  | 'trustDigest'
                  | 'order'
                  | 'imeiDigest'
                  | 'validAuthentications'
                  | 'text'
                  | 'policy'
                  | 'date'
                  | 'revoked'
                  | 'gate'
                  | 'graceAuthentications'
                  | 'proveEvery'
                  | 'proveBeforeCall'
                  | 'reportEvery'
                  | 'unansweredLimit'
                  | 'pairingLocked'
                  | 'terminalCannotProve'
                  | 'proveAtBoot'
                  | 'brokenProtectionLimit'
                  | 'sheetCommand'
                  | 'sheetResponse'
                  | 'sheetReset'
                  | 'sheetLayer3'
                  | 'sheetImei'
                  | 'sheetUserData'
                  | 'sheetPlainCommand'
                  | 'sheetPlainResponse'
                  | 'sheetPlainPacket';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly octets: string;
          readonly nodes: readonly {
            readonly level: number;
            readonly name: string;
            readonly named?:
              | {
                  readonly code:
                    | 'caIdentifier'
                    | 'applicationIdentifier'
                    | 'applicationLabel'
                    | 'discretionaryData'
                    | 'applicationTemplate'
                    | 'fcpTemplate'
                    | 'cardData'
                    | 'fciTemplate'
                    | 'fileSize'
                    | 'totalFileSize'
                    | 'fileDescriptor'
                    | 'fileIdentifier'
                    | 'dfName'
                    | 'proprietaryInformation'
                    | 'shortFileIdentifier'
                    | 'lifeCycleStatus'
                    | 'lifeCycleState'
                    | 'securityAttributesByRule'
                    | 'securityAttributesCompact'
                    | 'scpIdentifier'
                    | 'serialNumber'
                    | 'keyUsage'
                    | 'keyType'
                    | 'keyLength'
                    | 'controlReferenceTemplate'
                    | 'publicPoint'
                    | 'pinStatusTemplate'
                    | 'authenticationResponse'
                    | 'synchronisationFailure'
                    | 'keyInformationTemplate'
                    | 'curve'
                    | 'subjectIdentifier'
                    | 'expirationDate'
                    | 'effectiveDate'
                    | 'signature'
                    | 'ephemeralPublicKey'
                    | 'certificate'
                    | 'publicKey'
                    | 'certificateStore'
                    | 'receipt'
                    | 'commandDetails'
                    | 'deviceIdentities'
                    | 'sourceDevice'
                    | 'destinationDevice'
                    | 'result'
                    | 'duration'
                    | 'alphaIdentifier'
                    | 'address'
                    | 'capabilityConfiguration'
                    | 'subaddress'
                    | 'supplementaryService'
                    | 'ussd'
                    | 'smsTpdu'
                    | 'cellBroadcastPage'
                    | 'textString'
                    | 'tone'
                    | 'item'
                    | 'itemIdentifier'
                    | 'responseLength'
                    | 'fileList'
                    | 'location'
                    | 'helpRequest'
                    | 'networkMeasurement'
                    | 'defaultText'
                    | 'nextActions'
                    | 'eventList'
                    | 'cause'
                    | 'locationStatus'
                    | 'transactionIdentifier'
                    | 'bcchChannels'
                    | 'icon'
                    | 'itemIcons'
                    | 'cardReaderStatus'
                    | 'cardAtr'
                    | 'commandApdu'
                    | 'responseApdu'
                    | 'timerIdentifier'
                    | 'timerValue'
                    | 'dateTime'
                    | 'atCommand'
                    | 'atResponse'
                    | 'bcRepeat'
                    | 'immediateResponse'
                    | 'dtmf'
                    | 'language'
                    | 'timingAdvance'
                    | 'aid'
                    | 'browserIdentity'
                    | 'url'
                    | 'bearers'
                    | 'provisioningFile'
                    | 'browserTermination'
                    | 'bearerDescription'
                    | 'channelData'
                    | 'channelDataLength'
                    | 'channelStatus'
                    | 'bufferSize'
                    | 'cardReaderIdentifier'
                    | 'transport'
                    | 'otherAddress'
                    | 'accessTechnology'
                    | 'displayParameters'
                    | 'esn'
                    | 'networkAccessName'
                    | 'textAttribute'
                    | 'itemTextAttributes'
                    | 'batteryState'
                    | 'browsingStatus'
                    | 'searchMode'
                    | 'framesInformation'
                    | 'frame'
                    | 'plmnList'
                    | 'updateAttachType'
                    | 'rejectionCause'
                    | 'trackingArea'
                    | 'proactiveCommand'
                    | 'smsPpDownload'
                    | 'callControl'
                    | 'eventDownload'
                    | 'data'
                    | 'dataObject'
                    | 'noCommand'
                    | 'noResponse'
                    | 'fileOrApplication'
                    | 'cipherText'
                    | 'hostChallenge'
                    | 'hostCryptogram'
                    | 'cardChallenge'
                    | 'cardCryptogram'
                    | 'diversification'
                    | 'keyVersion'
                    | 'newKeyVersion'
                    | 'keys'
                    | 'protocol'
                    | 'parameterI'
                    | 'sequenceCounter'
                    | 'tag'
                    | 'value'
                    | 'convention'
                    | 'groups'
                    | 'historical'
                    | 'messageType'
                    | 'relayMessageType'
                    | 'typeAndKeySequence'
                    | 'keySequence'
                    | 'locationArea'
                    | 'classmark'
                    | 'identity'
                    | 'identityType'
                    | 'extension'
                    | 'service'
                    | 'bearer'
                    | 'called'
                    | 'reference'
                    | 'originator'
                    | 'destination'
                    | 'userDataHeader'
                    | 'partOfMessage'
                    | 'securedPacket'
                    | 'shortPacket'
                    | 'cipheredBody'
                    | 'status'
                    | 'securedData'
                    | 'padding'
                    | 'commands'
                    | 'statusWord'
                    | 'rand'
                    | 'autn'
                    | 'auts'
                    | 'res'
                    | 'rpdu'
                    | 'tpdu'
                    | 'imei'
                    | 'imeiSv'
                    | 'version'
                    | 'direction'
                    | 'nonce'
                    | 'reason'
                    | 'trigger'
                    | 'state'
                    | 'unanswered'
                    | 'provedImei'
                    | 'claimedImei'
                    | 'evidence'
                    | 'support'
                    | 'supportCounter'
                    | 'previousSupport'
                    | 'counter'
                    | 'pairingKeyVersion'
                    | 'root'
                    | 'trust'
                    | 'roots'
                    | 'trustDigest'
                    | 'order'
                    | 'imeiDigest'
                    | 'validAuthentications'
                    | 'text'
                    | 'policy'
                    | 'date'
                    | 'revoked'
                    | 'gate'
                    | 'graceAuthentications'
                    | 'proveEvery'
                    | 'proveBeforeCall'
                    | 'reportEvery'
                    | 'unansweredLimit'
                    | 'pairingLocked'
                    | 'terminalCannotProve'
                    | 'proveAtBoot'
                    | 'brokenProtectionLimit'
                    | 'sheetCommand'
                    | 'sheetResponse'
                    | 'sheetReset'
                    | 'sheetLayer3'
                    | 'sheetImei'
                    | 'sheetUserData'
                    | 'sheetPlainCommand'
                    | 'sheetPlainResponse'
                    | 'sheetPlainPacket';
                  readonly values: Readonly<Record<string, string | number>>;
                }
              | undefined;
            readonly tag?: string | undefined;
            readonly from: number;
            readonly to: number;
            readonly value?: string | undefined;
            readonly meaning?: string | undefined;
            readonly said?:
              | readonly {
                  readonly code:
                    | 'term'
                    | 'classInterindustry'
                    | 'classProprietary'
                    | 'channel'
                    | 'secureMessaging'
                    | 'octetsOfData'
                    | 'octetsOfPadding'
                    | 'octetsWanted'
                    | 'supportImei'
                    | 'toldImei'
                    | 'saidImei'
                    | 'forSupport'
                    | 'commandPacketLength'
                    | 'commandHeaderLength'
                    | 'responsePacketLength'
                    | 'responseHeaderLength'
                    | 'applicationItIsFor'
                    | 'applicationThatAnswers'
                    | 'commandFollows'
                    | 'responseFollows'
                    | 'noIdentity'
                    | 'cipherOfSession'
                    | 'cipherOfPacket'
                    | 'macVerified'
                    | 'macNotChecked'
                    | 'macFailed'
                    | 'keysInside'
                    | 'uiccHoldsKeys'
                    | 'counterOfPacket'
                    | 'checksum'
                    | 'integrity'
                    | 'ciphered'
                    | 'notCiphered'
                    | 'counter-none'
                    | 'counter-unchecked'
                    | 'counter-higher'
                    | 'counter-exactlyOneHigher'
                    | 'proof-never'
                    | 'proof-always'
                    | 'proof-onError'
                    | 'algorithm'
                    | 'device-1'
                    | 'device-2'
                    | 'device-17'
                    | 'device-23'
                    | 'device-129'
                    | 'device-130'
                    | 'device-131'
                    | 'device-other'
                    | 'general-performed'
                    | 'general-partialComprehension'
                    | 'general-missingInformation'
                    | 'general-additionalEfsRead'
                    | 'general-iconNotDisplayed'
                    | 'general-modifiedByCallControl'
                    | 'general-limitedService'
                    | 'general-performedWithModification'
                    | 'general-naaNotActive'
                    | 'general-toneNotPlayed'
                    | 'general-terminatedByUser'
                    | 'general-backwardMove'
                    | 'general-noResponseFromUser'
                    | 'general-helpRequired'
                    | 'general-ussdTerminatedByUser'
                    | 'general-terminalBusy'
                    | 'general-networkBusy'
                    | 'general-userRefused'
                    | 'general-callClearedBeforeConnection'
                    | 'general-timerStateContradiction'
                    | 'general-callControlTemporaryProblem'
                    | 'general-browserError'
                    | 'general-mmsTemporaryProblem'
                    | 'general-beyondCapabilities'
                    | 'general-typeNotUnderstood'
                    | 'general-dataNotUnderstood'
                    | 'general-numberNotKnown'
                    | 'general-supplementaryServiceError'
                    | 'general-smsRpError'
                    | 'general-valuesMissing'
                    | 'general-ussdError'
                    | 'general-multipleCardError'
                    | 'general-callControlPermanentProblem'
                    | 'general-bearerIndependentProtocolError'
                    | 'general-accessTechnologyError'
                    | 'general-framesError'
                    | 'general-mmsError'
                    | 'general-other'
                    | 'por-ok'
                    | 'por-checkFailed'
                    | 'por-counterLow'
                    | 'por-counterHigh'
                    | 'por-counterBlocked'
                    | 'por-cipheringError'
                    | 'por-unidentifiedSecurityError'
                    | 'por-insufficientMemory'
                    | 'por-moreTimeNeeded'
                    | 'por-tarUnknown'
                    | 'por-insufficientSecurityLevel'
                    | 'por-responseFollowsBySubmit'
                    | 'por-responseFollowsByUssd'
                    | 'por-other'
                    | 'direction-report'
                    | 'direction-answer'
                    | 'direction-acknowledgement'
                    | 'evidence-scp11a'
                    | 'evidence-scp03'
                    | 'evidence-static'
                    | 'result-proved'
                    | 'result-provedOther'
                    | 'result-notProven'
                    | 'result-refuted'
                    | 'reason-none'
                    | 'reason-noCardReader'
                    | 'reason-noAnswer'
                    | 'reason-errorStatusWord'
                    | 'reason-brokenProtection'
                    | 'reason-badOctets'
                    | 'reason-profileTooSmall'
                    | 'reason-commandRefused'
                    | 'reason-terminalBusy'
                    | 'reason-userRefused'
                    | 'reason-terminalContradicts'
                    | 'reason-claimedImeiDiffers'
                    | 'reason-pairedImeiDiffers'
                    | 'reason-foreignRoot'
                    | 'reason-counterWentBack'
                    | 'reason-pairingLocked'
                    | 'reason-revoked'
                    | 'reason-wrongCryptogram'
                    | 'trigger-boot'
                    | 'trigger-call'
                    | 'trigger-authentications'
                    | 'trigger-operator'
                    | 'trigger-interval'
                    | 'trigger-silence'
                    | 'state-unproven'
                    | 'state-grace'
                    | 'state-enabled'
                    | 'state-tracked'
                    | 'state-blockedLocally'
                    | 'state-blockedByOperator'
                    | 'state-keysStopped'
                    | 'order-permit'
                    | 'order-track'
                    | 'order-block'
                    | 'order-stopKeys'
                    | 'order-unblock'
                    | 'order-rePair'
                    | 'order-reportNow'
                    | 'order-setPolicy'
                    | 'order-setRoots'
                    | 'terminalCannotProve-grace'
                    | 'terminalCannotProve-permit'
                    | 'terminalCannotProve-block'
                    | 'gate-open'
                    | 'gate-enable'
                    | 'sw-normalEnd'
                    | 'sw-toolkitBusy'
                    | 'sw-noInformation'
                    | 'sw-corrupted'
                    | 'sw-endReached'
                    | 'sw-fileDeactivated'
                    | 'sw-fileTerminated'
                    | 'sw-moreData'
                    | 'sw-moreDataAndCommand'
                    | 'sw-responseData'
                    | 'sw-authenticationFailed'
                    | 'sw-moreDataExpected'
                    | 'sw-errorUnchanged'
                    | 'sw-errorChanged'
                    | 'sw-memoryProblem'
                    | 'sw-wrongLength'
                    | 'sw-noChannel'
                    | 'sw-noSecureMessaging'
                    | 'sw-wrongStructure'
                    | 'sw-securityNotSatisfied'
                    | 'sw-methodBlocked'
                    | 'sw-dataInvalidated'
                    | 'sw-conditionsNotSatisfied'
                    | 'sw-noFileSelected'
                    | 'sw-channelNotSatisfied'
                    | 'sw-wrongData'
                    | 'sw-functionNotSupported'
                    | 'sw-fileNotFound'
                    | 'sw-recordNotFound'
                    | 'sw-noMemory'
                    | 'sw-wrongP1P2'
                    | 'sw-lcNotFitting'
                    | 'sw-dataNotFound'
                    | 'sw-fileExists'
                    | 'sw-nameExists'
                    | 'sw-wrongOffset'
                    | 'sw-noInstruction'
                    | 'sw-noClass'
                    | 'sw-noDiagnosis'
                    | 'sw-maximumReached'
                    | 'sw-wrongMac'
                    | 'sw-sessionExpired'
                    | 'sw-contextNotSupported'
                    | 'sw-keyFreshness'
                    | 'sw-noMemoryForAuthentication'
                    | 'sw-responseWaits'
                    | 'sw-wrongLe'
                    | 'sw-commandWaits'
                    | 'sw-aboutTransfer'
                    | 'sw-triesLeft'
                    | 'sw-unnamed';
                  readonly values: Readonly<Record<string, string | number>>;
                }[]
              | undefined;
          }[];
          readonly plainOf?: { readonly sheet: string; readonly from: number; readonly to: number } | undefined;
        }[];
        readonly alteration?:
          | {
              readonly sheet: string;
              readonly ranges: readonly { readonly from: number; readonly to: number }[];
              readonly given: string;
              readonly at: number;
            }
          | undefined;
        readonly brokenSeals: readonly {
          readonly sheet: string;
          readonly from: number;
          readonly to: number;
          readonly received: string;
          readonly computed?: string | undefined;
        }[];
      }[];
    };
  };
  /** Every receiver that is told of events, and how it does; never its secret. */
  'GET /api/v1/webhooks': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly webhooks: readonly {
        readonly id: number;
        readonly url: string;
        readonly kinds: readonly ('imeiChanged' | 'duplicateImei')[];
        readonly identities: 'masked' | 'whole';
        readonly allowPrivate: boolean;
        readonly author: string;
        readonly addedAt: string;
        readonly queuedTo: number;
        readonly newest: number;
        readonly waiting: number;
        readonly dead: number;
      }[];
    };
  };
  /** Tells a receiver of events from the next one on. The secret is in this answer and never again. */
  'POST /api/v1/webhooks': {
    path: undefined;
    query: undefined;
    body: {
      readonly url: string;
      readonly kinds?: readonly ('imeiChanged' | 'duplicateImei')[] | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly allowPrivate?: boolean | undefined;
      readonly secret?: string | undefined;
      readonly reason: string;
    };
    answer: {
      readonly secret: string;
      readonly webhook: {
        readonly id: number;
        readonly url: string;
        readonly kinds: readonly ('imeiChanged' | 'duplicateImei')[];
        readonly identities: 'masked' | 'whole';
        readonly allowPrivate: boolean;
        readonly author: string;
        readonly addedAt: string;
        readonly queuedTo: number;
        readonly newest: number;
        readonly waiting: number;
        readonly dead: number;
      };
    };
  };
  /** Events that a receiver did not take in any attempt, the newest first. */
  'GET /api/v1/webhooks/{id}/dead-letters': {
    path: { readonly id: number };
    query: { readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly deadLetters: readonly {
        readonly sequence: number;
        readonly attempts: number;
        readonly trouble: string;
      }[];
    };
  };
  /** Tells a receiver no more, and drops what waits for it. */
  'POST /api/v1/webhooks/{id}/removal': {
    path: { readonly id: number };
    query: undefined;
    body: { readonly reason: string };
    answer: { readonly removed: boolean };
  };
  /** Sends a receiver a test now, outside the queue, and tells what it said. */
  'POST /api/v1/webhooks/{id}/test': {
    path: { readonly id: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly isTaken: boolean;
      readonly status?: number | undefined;
      readonly text: string;
      readonly milliseconds: number;
    };
  };
  /** Every setting of the register, its value and what it may be. */
  'GET /api/v1/settings': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly settings: readonly {
        readonly name:
          | 'mode'
          | 'cloneStatus'
          | 'proofGrace'
          | 'oldestList'
          | 'approval'
          | 'approval.fleet'
          | 'approval.users'
          | 'unknown.n5g-eir'
          | 'unknown.s13'
          | 'unknown.gsup'
          | 'unknown.api'
          | 'failure.notLoaded'
          | 'failure.listTooOld'
          | 'failure.notAnImei'
          | 'duplicate.subscribers'
          | 'duplicate.period'
          | 'duplicate.dailyAverage'
          | 'duplicate.conflicts'
          | 'duplicate.conflictTime'
          | 'duplicate.speed'
          | 'retention.reports'
          | 'retention.sightings'
          | 'retention.events'
          | 'retention.auditDetails'
          | 'retention.packets';
        readonly value: string;
        readonly expected: string;
      }[];
    };
  };
  /** Changes a setting, with the reason in the audit log. */
  'PUT /api/v1/settings/{name}': {
    path: {
      readonly name:
        | 'mode'
        | 'cloneStatus'
        | 'proofGrace'
        | 'oldestList'
        | 'approval'
        | 'approval.fleet'
        | 'approval.users'
        | 'unknown.n5g-eir'
        | 'unknown.s13'
        | 'unknown.gsup'
        | 'unknown.api'
        | 'failure.notLoaded'
        | 'failure.listTooOld'
        | 'failure.notAnImei'
        | 'duplicate.subscribers'
        | 'duplicate.period'
        | 'duplicate.dailyAverage'
        | 'duplicate.conflicts'
        | 'duplicate.conflictTime'
        | 'duplicate.speed'
        | 'retention.reports'
        | 'retention.sightings'
        | 'retention.events'
        | 'retention.auditDetails'
        | 'retention.packets';
    };
    query: undefined;
    body: { readonly value: string; readonly reason: string };
    answer:
      | {
          readonly setting: {
            readonly name:
              | 'mode'
              | 'cloneStatus'
              | 'proofGrace'
              | 'oldestList'
              | 'approval'
              | 'approval.fleet'
              | 'approval.users'
              | 'unknown.n5g-eir'
              | 'unknown.s13'
              | 'unknown.gsup'
              | 'unknown.api'
              | 'failure.notLoaded'
              | 'failure.listTooOld'
              | 'failure.notAnImei'
              | 'duplicate.subscribers'
              | 'duplicate.period'
              | 'duplicate.dailyAverage'
              | 'duplicate.conflicts'
              | 'duplicate.conflictTime'
              | 'duplicate.speed'
              | 'retention.reports'
              | 'retention.sightings'
              | 'retention.events'
              | 'retention.auditDetails'
              | 'retention.packets';
            readonly value: string;
            readonly expected: string;
          };
          readonly before: string;
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** What another value would mean for handsets in use, by lists and evidence as they are now. Nothing is changed. */
  'POST /api/v1/settings/{name}/preview': {
    path: {
      readonly name:
        | 'mode'
        | 'cloneStatus'
        | 'proofGrace'
        | 'oldestList'
        | 'approval'
        | 'approval.fleet'
        | 'approval.users'
        | 'unknown.n5g-eir'
        | 'unknown.s13'
        | 'unknown.gsup'
        | 'unknown.api'
        | 'failure.notLoaded'
        | 'failure.listTooOld'
        | 'failure.notAnImei'
        | 'duplicate.subscribers'
        | 'duplicate.period'
        | 'duplicate.dailyAverage'
        | 'duplicate.conflicts'
        | 'duplicate.conflictTime'
        | 'duplicate.speed'
        | 'retention.reports'
        | 'retention.sightings'
        | 'retention.events'
        | 'retention.auditDetails'
        | 'retention.packets';
    };
    query: { readonly identities?: 'masked' | 'whole' | undefined; readonly identitiesReason?: string | undefined };
    body: { readonly value: string };
    answer: {
      readonly about: 'answers' | 'duplicates' | 'later';
      readonly looked: number;
      readonly isWhole: boolean;
      readonly before: { readonly permitted: number; readonly tracking: number; readonly prohibited: number };
      readonly after: { readonly permitted: number; readonly tracking: number; readonly prohibited: number };
      readonly changed: number;
      readonly handsets: readonly {
        readonly imei: string;
        readonly imsi: string;
        readonly before: 'permitted' | 'tracking' | 'prohibited';
        readonly after: 'permitted' | 'tracking' | 'prohibited';
        readonly code:
          | 'registerOff'
          | 'trackOnly'
          | 'blackList'
          | 'greyList'
          | 'whiteList'
          | 'blackRange'
          | 'greyRange'
          | 'whiteRange'
          | 'spared'
          | 'allowedPair'
          | 'lockedHandset'
          | 'lockedSubscriber'
          | 'lyingHandset'
          | 'proofExpected'
          | 'proofMissing'
          | 'refutedProof'
          | 'notProven'
          | 'revoked'
          | 'pairingLocked'
          | 'clone'
          | 'genuine'
          | 'bogusImei'
          | 'unallocatedTac'
          | 'commanded'
          | 'proved'
          | 'notListed'
          | 'imsiDefault';
        readonly reason: string;
      }[];
      readonly duplicatesBefore: number;
      readonly duplicatesAfter: number;
      readonly mustWait: boolean;
    };
  };
  /** What subscribers get whose handset nothing is known of, by the first digits of their IMSI. */
  'GET /api/v1/imsi-defaults': {
    path: undefined;
    query: { readonly after?: string | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly defaults: readonly {
        readonly prefix: string;
        readonly answer: 'permitted' | 'tracking' | 'prohibited' | 'unknown';
        readonly note: string;
        readonly author: string;
        readonly addedAt: string;
      }[];
      readonly next?: string | undefined;
    };
  };
  /** Sets what subscribers with this IMSI prefix get when nothing is known of their handset. */
  'POST /api/v1/imsi-defaults': {
    path: undefined;
    query: undefined;
    body: {
      readonly prefix: string;
      readonly answer: 'permitted' | 'tracking' | 'prohibited' | 'unknown';
      readonly reason: string;
    };
    answer:
      | { readonly prefix: string; readonly answer: 'permitted' | 'tracking' | 'prohibited' | 'unknown' }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Takes such a default away: a shorter prefix counts then, or the setting of the interface. */
  'POST /api/v1/imsi-defaults/removals': {
    path: undefined;
    query: undefined;
    body: { readonly prefix: string; readonly reason: string };
    answer:
      | { readonly removed: boolean }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** How long what is kept, and what the last run erased. PUT /api/v1/settings/{name} changes it. */
  'GET /api/v1/retention': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly rules: readonly {
        readonly name:
          | 'retention.reports'
          | 'retention.sightings'
          | 'retention.events'
          | 'retention.auditDetails'
          | 'retention.packets';
        readonly days: number;
        readonly standard: number;
        readonly expected: string;
        readonly what: string;
      }[];
      readonly lastRun?: { readonly at: string; readonly erased: Readonly<Record<string, number>> } | undefined;
    };
  };
  /** All that is kept about a subscriber or a handset, as one JSON document; recorded with the reason. */
  'POST /api/v1/subject-exports': {
    path: undefined;
    query: undefined;
    body: { readonly identity: 'imsi' | 'msisdn' | 'iccid' | 'imei'; readonly digits: string; readonly reason: string };
    answer: Readonly<Record<string, unknown>>;
  };
  /** Erasures that two people agreed to, the newest first, and what an erasure leaves. */
  'GET /api/v1/erasures': {
    path: undefined;
    query: { readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly erasures: readonly {
        readonly id: number;
        readonly at: string;
        readonly subject: string;
        readonly author: string;
        readonly approvedBy: string;
        readonly reason: string;
        readonly doneAt?: string | undefined;
        readonly erased: number;
      }[];
      readonly remains: readonly {
        readonly what: string;
        readonly why: string;
        readonly said: {
          readonly code:
            | 'aboutHandset'
            | 'subscriptionLives'
            | 'cardNeedsKeys'
            | 'orderStands'
            | 'cardWasTold'
            | 'orderUnderWay'
            | 'ruleStands'
            | 'givenToOthers'
            | 'goneInSeconds'
            | 'chainHolds'
            | 'olderCopies';
          readonly values: Readonly<Record<string, string | number>>;
        };
      }[];
    };
  };
  /** Proposes to erase what is kept about a subscriber or a handset. It always waits for a second person. */
  'POST /api/v1/erasures': {
    path: undefined;
    query: undefined;
    body: { readonly identity: 'imsi' | 'msisdn' | 'iccid' | 'imei'; readonly digits: string; readonly reason: string };
    answer:
      | { readonly isChanged: boolean }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
          readonly remains: readonly {
            readonly what: string;
            readonly why: string;
            readonly said: {
              readonly code:
                | 'aboutHandset'
                | 'subscriptionLives'
                | 'cardNeedsKeys'
                | 'orderStands'
                | 'cardWasTold'
                | 'orderUnderWay'
                | 'ruleStands'
                | 'givenToOthers'
                | 'goneInSeconds'
                | 'chainHolds'
                | 'olderCopies';
              readonly values: Readonly<Record<string, string | number>>;
            };
          }[];
        };
  };
  /** Who you are here, and how one can sign in. */
  'GET /api/v1/session': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly caller?:
        | {
            readonly kind: 'token' | 'session' | 'laboratory' | 'loopback' | 'anyone';
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
            readonly expiresAt?: string | undefined;
            readonly permissions: readonly (
              | 'status.read'
              | 'metrics.read'
              | 'equipment.check'
              | 'equipment.claim'
              | 'lists.read'
              | 'lists.change'
              | 'approvals.decide'
              | 'imports.read'
              | 'imports.upload'
              | 'limits.raise'
              | 'imports.undo'
              | 'evidence.read'
              | 'subscribers.read'
              | 'imeis.whole'
              | 'identities.whole'
              | 'events.read'
              | 'webhooks.read'
              | 'webhooks.change'
              | 'alarms.decide'
              | 'commands.read'
              | 'commands.give'
              | 'policies.change'
              | 'scripts.send'
              | 'audit.read'
              | 'audit.verify'
              | 'settings.read'
              | 'settings.change'
              | 'privacy.export'
              | 'privacy.erase'
              | 'tokens.read'
              | 'tokens.change'
              | 'users.read'
              | 'users.change'
              | 'exchanges.read'
              | 'laboratory.read'
              | 'laboratory.drive'
            )[];
          }
        | undefined;
      readonly ways: {
        readonly password: boolean;
        readonly openId?: string | undefined;
        readonly firstAdministrator: boolean;
        readonly laboratory: readonly ('laboratory' | 'laboratory 2')[];
      };
      readonly hasLaboratory: boolean;
      readonly password: { readonly shortest: number; readonly longestOctets: number };
    };
  };
  /** Signs in by name and password: sets the cookie of a session. */
  'POST /api/v1/session': {
    path: undefined;
    query: undefined;
    body: { readonly name: string; readonly password: string };
    answer: {
      readonly caller?:
        | {
            readonly kind: 'token' | 'session' | 'laboratory' | 'loopback' | 'anyone';
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
            readonly expiresAt?: string | undefined;
            readonly permissions: readonly (
              | 'status.read'
              | 'metrics.read'
              | 'equipment.check'
              | 'equipment.claim'
              | 'lists.read'
              | 'lists.change'
              | 'approvals.decide'
              | 'imports.read'
              | 'imports.upload'
              | 'limits.raise'
              | 'imports.undo'
              | 'evidence.read'
              | 'subscribers.read'
              | 'imeis.whole'
              | 'identities.whole'
              | 'events.read'
              | 'webhooks.read'
              | 'webhooks.change'
              | 'alarms.decide'
              | 'commands.read'
              | 'commands.give'
              | 'policies.change'
              | 'scripts.send'
              | 'audit.read'
              | 'audit.verify'
              | 'settings.read'
              | 'settings.change'
              | 'privacy.export'
              | 'privacy.erase'
              | 'tokens.read'
              | 'tokens.change'
              | 'users.read'
              | 'users.change'
              | 'exchanges.read'
              | 'laboratory.read'
              | 'laboratory.drive'
            )[];
          }
        | undefined;
      readonly ways: {
        readonly password: boolean;
        readonly openId?: string | undefined;
        readonly firstAdministrator: boolean;
        readonly laboratory: readonly ('laboratory' | 'laboratory 2')[];
      };
      readonly hasLaboratory: boolean;
      readonly password: { readonly shortest: number; readonly longestOctets: number };
    };
  };
  /** Makes the first administrator with the link that the operator printed when it started, and signs in. */
  'POST /api/v1/first-administrator': {
    path: undefined;
    query: undefined;
    body: { readonly secret: string; readonly name: string; readonly password: string };
    answer: {
      readonly caller?:
        | {
            readonly kind: 'token' | 'session' | 'laboratory' | 'loopback' | 'anyone';
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
            readonly expiresAt?: string | undefined;
            readonly permissions: readonly (
              | 'status.read'
              | 'metrics.read'
              | 'equipment.check'
              | 'equipment.claim'
              | 'lists.read'
              | 'lists.change'
              | 'approvals.decide'
              | 'imports.read'
              | 'imports.upload'
              | 'limits.raise'
              | 'imports.undo'
              | 'evidence.read'
              | 'subscribers.read'
              | 'imeis.whole'
              | 'identities.whole'
              | 'events.read'
              | 'webhooks.read'
              | 'webhooks.change'
              | 'alarms.decide'
              | 'commands.read'
              | 'commands.give'
              | 'policies.change'
              | 'scripts.send'
              | 'audit.read'
              | 'audit.verify'
              | 'settings.read'
              | 'settings.change'
              | 'privacy.export'
              | 'privacy.erase'
              | 'tokens.read'
              | 'tokens.change'
              | 'users.read'
              | 'users.change'
              | 'exchanges.read'
              | 'laboratory.read'
              | 'laboratory.drive'
            )[];
          }
        | undefined;
      readonly ways: {
        readonly password: boolean;
        readonly openId?: string | undefined;
        readonly firstAdministrator: boolean;
        readonly laboratory: readonly ('laboratory' | 'laboratory 2')[];
      };
      readonly hasLaboratory: boolean;
      readonly password: { readonly shortest: number; readonly longestOctets: number };
    };
  };
  /** Signs out: ends the session of the cookie, and its event streams. */
  'POST /api/v1/session/end': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: { readonly ended: boolean; readonly continueAt?: string | undefined };
  };
  /** Changes your password. All your sessions end, and a new one begins here: it sets the cookie. */
  'POST /api/v1/session/password': {
    path: undefined;
    query: undefined;
    body: { readonly current: string; readonly next: string };
    answer: { readonly changed: boolean };
  };
  /** Your living sessions: where you are signed in. */
  'GET /api/v1/sessions': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly sessions: readonly {
        readonly id: number;
        readonly method: 'password' | 'firstLink' | 'openId';
        readonly address: string;
        readonly agent: string;
        readonly createdAt: string;
        readonly usedAt: string;
        readonly endsAt: string;
        readonly endsAtLatest: string;
        readonly isThis: boolean;
      }[];
    };
  };
  /** Ends one of your sessions. */
  'POST /api/v1/sessions/{id}/end': {
    path: { readonly id: number };
    query: undefined;
    body: undefined;
    answer: { readonly ended: number };
  };
  /** Ends all your sessions but the one you ask with. */
  'POST /api/v1/sessions/end': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: { readonly ended: number };
  };
  /** In a laboratory: as which of its two people this browser acts, so that one can approve what the other proposed. */
  'POST /api/v1/session/person': {
    path: undefined;
    query: undefined;
    body: { readonly name: 'laboratory' | 'laboratory 2' };
    answer: {
      readonly caller?:
        | {
            readonly kind: 'token' | 'session' | 'laboratory' | 'loopback' | 'anyone';
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
            readonly expiresAt?: string | undefined;
            readonly permissions: readonly (
              | 'status.read'
              | 'metrics.read'
              | 'equipment.check'
              | 'equipment.claim'
              | 'lists.read'
              | 'lists.change'
              | 'approvals.decide'
              | 'imports.read'
              | 'imports.upload'
              | 'limits.raise'
              | 'imports.undo'
              | 'evidence.read'
              | 'subscribers.read'
              | 'imeis.whole'
              | 'identities.whole'
              | 'events.read'
              | 'webhooks.read'
              | 'webhooks.change'
              | 'alarms.decide'
              | 'commands.read'
              | 'commands.give'
              | 'policies.change'
              | 'scripts.send'
              | 'audit.read'
              | 'audit.verify'
              | 'settings.read'
              | 'settings.change'
              | 'privacy.export'
              | 'privacy.erase'
              | 'tokens.read'
              | 'tokens.change'
              | 'users.read'
              | 'users.change'
              | 'exchanges.read'
              | 'laboratory.read'
              | 'laboratory.drive'
            )[];
          }
        | undefined;
      readonly ways: {
        readonly password: boolean;
        readonly openId?: string | undefined;
        readonly firstAdministrator: boolean;
        readonly laboratory: readonly ('laboratory' | 'laboratory 2')[];
      };
      readonly hasLaboratory: boolean;
      readonly password: { readonly shortest: number; readonly longestOctets: number };
    };
  };
  /** Sends a browser to the OpenID provider. */
  'GET /api/v1/open-id': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Where the OpenID provider sends the browser back: signs in whoever it knows and who has a role here. */
  'GET /api/v1/open-id/callback': {
    path: undefined;
    query: { readonly code?: string | undefined; readonly state?: string | undefined };
    body: undefined;
    answer: undefined;
  };
  /** What each role may do. */
  'GET /api/v1/roles': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly roles: readonly {
        readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
        readonly permissions: readonly (
          | 'status.read'
          | 'metrics.read'
          | 'equipment.check'
          | 'equipment.claim'
          | 'lists.read'
          | 'lists.change'
          | 'approvals.decide'
          | 'imports.read'
          | 'imports.upload'
          | 'limits.raise'
          | 'imports.undo'
          | 'evidence.read'
          | 'subscribers.read'
          | 'imeis.whole'
          | 'identities.whole'
          | 'events.read'
          | 'webhooks.read'
          | 'webhooks.change'
          | 'alarms.decide'
          | 'commands.read'
          | 'commands.give'
          | 'policies.change'
          | 'scripts.send'
          | 'audit.read'
          | 'audit.verify'
          | 'settings.read'
          | 'settings.change'
          | 'privacy.export'
          | 'privacy.erase'
          | 'tokens.read'
          | 'tokens.change'
          | 'users.read'
          | 'users.change'
          | 'exchanges.read'
          | 'laboratory.read'
          | 'laboratory.drive'
        )[];
      }[];
      readonly permissions: readonly (
        | 'status.read'
        | 'metrics.read'
        | 'equipment.check'
        | 'equipment.claim'
        | 'lists.read'
        | 'lists.change'
        | 'approvals.decide'
        | 'imports.read'
        | 'imports.upload'
        | 'limits.raise'
        | 'imports.undo'
        | 'evidence.read'
        | 'subscribers.read'
        | 'imeis.whole'
        | 'identities.whole'
        | 'events.read'
        | 'webhooks.read'
        | 'webhooks.change'
        | 'alarms.decide'
        | 'commands.read'
        | 'commands.give'
        | 'policies.change'
        | 'scripts.send'
        | 'audit.read'
        | 'audit.verify'
        | 'settings.read'
        | 'settings.change'
        | 'privacy.export'
        | 'privacy.erase'
        | 'tokens.read'
        | 'tokens.change'
        | 'users.read'
        | 'users.change'
        | 'exchanges.read'
        | 'laboratory.read'
        | 'laboratory.drive'
      )[];
    };
  };
  /** All users in the order of their making. */
  'GET /api/v1/users': {
    path: undefined;
    query: { readonly after?: number | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly users: readonly {
        readonly id: number;
        readonly name: string;
        readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
        readonly isEnabled: boolean;
        readonly hasPassword: boolean;
        readonly issuer?: string | undefined;
        readonly createdBy: string;
        readonly createdAt: string;
        readonly signedInAt?: string | undefined;
      }[];
      readonly next?: number | undefined;
    };
  };
  /** Makes a user who signs in with a password. */
  'POST /api/v1/users': {
    path: undefined;
    query: undefined;
    body: {
      readonly name: string;
      readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
      readonly password: string;
      readonly reason: string;
    };
    answer:
      | {
          readonly user: {
            readonly id: number;
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
            readonly isEnabled: boolean;
            readonly hasPassword: boolean;
            readonly issuer?: string | undefined;
            readonly createdBy: string;
            readonly createdAt: string;
            readonly signedInAt?: string | undefined;
          };
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Gives a user another role or password, or lets him in no more. All sessions of that user end. */
  'POST /api/v1/users/{id}/change': {
    path: { readonly id: number };
    query: undefined;
    body: {
      readonly role?: 'viewer' | 'analyst' | 'approver' | 'administrator' | undefined;
      readonly isEnabled?: boolean | undefined;
      readonly password?: string | undefined;
      readonly reason: string;
    };
    answer:
      | {
          readonly user: {
            readonly id: number;
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
            readonly isEnabled: boolean;
            readonly hasPassword: boolean;
            readonly issuer?: string | undefined;
            readonly createdBy: string;
            readonly createdAt: string;
            readonly signedInAt?: string | undefined;
          };
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
        };
  };
  /** Ends all sessions of a user. */
  'POST /api/v1/users/{id}/sessions/end': {
    path: { readonly id: number };
    query: undefined;
    body: { readonly reason: string };
    answer: { readonly ended: number };
  };
  /** Who you are here, and what you may do. */
  'GET /api/v1/caller': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly kind: 'token' | 'session' | 'laboratory' | 'loopback' | 'anyone';
      readonly name: string;
      readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
      readonly expiresAt?: string | undefined;
      readonly permissions: readonly (
        | 'status.read'
        | 'metrics.read'
        | 'equipment.check'
        | 'equipment.claim'
        | 'lists.read'
        | 'lists.change'
        | 'approvals.decide'
        | 'imports.read'
        | 'imports.upload'
        | 'limits.raise'
        | 'imports.undo'
        | 'evidence.read'
        | 'subscribers.read'
        | 'imeis.whole'
        | 'identities.whole'
        | 'events.read'
        | 'webhooks.read'
        | 'webhooks.change'
        | 'alarms.decide'
        | 'commands.read'
        | 'commands.give'
        | 'policies.change'
        | 'scripts.send'
        | 'audit.read'
        | 'audit.verify'
        | 'settings.read'
        | 'settings.change'
        | 'privacy.export'
        | 'privacy.erase'
        | 'tokens.read'
        | 'tokens.change'
        | 'users.read'
        | 'users.change'
        | 'exchanges.read'
        | 'laboratory.read'
        | 'laboratory.drive'
      )[];
    };
  };
  /** All tokens in the order of their making, also dead ones; never the token itself. */
  'GET /api/v1/tokens': {
    path: undefined;
    query: { readonly after?: number | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly tokens: readonly {
        readonly id: number;
        readonly name: string;
        readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
        readonly reason: string;
        readonly createdBy: string;
        readonly createdAt: string;
        readonly expiresAt: string;
        readonly lastUsedAt?: string | undefined;
        readonly revokedAt?: string | undefined;
        readonly revokedBy?: string | undefined;
      }[];
      readonly next?: number | undefined;
    };
  };
  /** Makes a token. It is shown in this answer and never again. */
  'POST /api/v1/tokens': {
    path: undefined;
    query: undefined;
    body: {
      readonly name: string;
      readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
      readonly reason: string;
      readonly expiresAt?: string | undefined;
    };
    answer:
      | {
          readonly token: string;
          readonly record: {
            readonly id: number;
            readonly name: string;
            readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
            readonly reason: string;
            readonly createdBy: string;
            readonly createdAt: string;
            readonly expiresAt: string;
            readonly lastUsedAt?: string | undefined;
            readonly revokedAt?: string | undefined;
            readonly revokedBy?: string | undefined;
          };
        }
      | {
          readonly waiting: { readonly id: number; readonly author: string; readonly needs: 'another person' };
          readonly text: string;
          readonly token: string;
        };
  };
  /** Ends a token at once; event streams opened with it end too. */
  'POST /api/v1/tokens/{id}/revocation': {
    path: { readonly id: number };
    query: undefined;
    body: { readonly reason: string };
    answer: {
      readonly record: {
        readonly id: number;
        readonly name: string;
        readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator' | 'machine';
        readonly reason: string;
        readonly createdBy: string;
        readonly createdAt: string;
        readonly expiresAt: string;
        readonly lastUsedAt?: string | undefined;
        readonly revokedAt?: string | undefined;
        readonly revokedBy?: string | undefined;
      };
    };
  };
  /** How the operator is doing at one look: what is proved and what is not, hits, alarms, ages of the lists, the newest power-ons. */
  'GET /api/v1/overview': {
    path: undefined;
    query: {
      readonly powerOns?: number | undefined;
      readonly identities?: 'masked' | 'whole' | undefined;
      readonly identitiesReason?: string | undefined;
    };
    body: undefined;
    answer: {
      readonly time: string;
      readonly mode: 'enforce' | 'track' | 'off';
      readonly subscribers: number;
      readonly proved: number;
      readonly unproved: number;
      readonly refuted: number;
      readonly mismatches: number;
      readonly prohibitedHits: number;
      readonly localBlocks: number;
      readonly levels: Readonly<Record<string, number>>;
      readonly lists: readonly {
        readonly list: 'black' | 'grey' | 'white';
        readonly entries: number;
        readonly expired: number;
      }[];
      readonly listAges: readonly {
        readonly list: 'black' | 'grey' | 'white';
        readonly source: string;
        readonly importedAt: string;
        readonly name: string;
        readonly expectedMilliseconds?: number | undefined;
        readonly isLate: boolean;
      }[];
      readonly checksPerSecond: number;
      readonly alarms: {
        readonly open: Readonly<Record<string, number>>;
        readonly acknowledged: Readonly<Record<string, number>>;
      };
      readonly powerOns: readonly {
        readonly report: number;
        readonly at: string;
        readonly iccid: string;
        readonly imsi: string;
        readonly imei?: string | undefined;
        readonly level: 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';
        readonly result: string;
        readonly reason: string;
        readonly steps: readonly { readonly step: number; readonly state: 'done' | 'failed' | 'waits' | 'unknown' }[];
        readonly answer?:
          | {
              readonly id: number;
              readonly order: string;
              readonly state: 'queued' | 'built' | 'sent' | 'acknowledged' | 'failed' | 'superseded';
              readonly sentAt?: string | undefined;
              readonly deliveredAt?: string | undefined;
              readonly doneAt?: string | undefined;
              readonly outcome: string;
            }
          | undefined;
      }[];
    };
  };
  /** Checks by answer and reports by evidence over time, of all processes together. */
  'GET /api/v1/overview/series': {
    path: undefined;
    query: {
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      readonly step?: 'tenSeconds' | 'minute' | 'hour' | 'day' | undefined;
    };
    body: undefined;
    answer: {
      readonly from: string;
      readonly to: string;
      readonly step: 'tenSeconds' | 'minute' | 'hour' | 'day';
      readonly points: readonly {
        readonly from: string;
        readonly checks: Readonly<Record<string, number>>;
        readonly reports: Readonly<Record<string, number>>;
      }[];
    };
  };
  /** How the operator is doing, in numbers. */
  'GET /api/v1/status': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly time: string;
      readonly mode: 'enforce' | 'track' | 'off';
      readonly smsc: 'none' | 'bound' | 'not bound';
      readonly problem?: string | undefined;
      readonly subscribers: number;
      readonly levels: Readonly<Record<string, number>>;
      readonly lists: readonly {
        readonly list: 'black' | 'grey' | 'white';
        readonly entries: number;
        readonly expired: number;
      }[];
      readonly outbox: Readonly<Record<string, number>>;
      readonly ignored: Readonly<Record<string, number>>;
      readonly nodes: readonly {
        readonly fronts: readonly { readonly front: 'n5g-eir' | 's13' | 'gsup' | 'api'; readonly address: string }[];
        readonly entries: number;
        readonly octets: number;
        readonly asOfChange: number;
        readonly ageMilliseconds: number;
        readonly hasDatabase: boolean;
        readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
        readonly notRemembered: number;
      }[];
      readonly audit: { readonly id: number; readonly chain: string };
    };
  };
  /** The process lives and answers. For whoever restarts it when it does not. */
  'GET /healthz': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: { readonly alive: boolean };
  };
  /** Requests may be sent here; 503 while what is needed does not work. */
  'GET /readyz': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly ready: boolean;
      readonly parts: readonly {
        readonly name: string;
        readonly isNeeded: boolean;
        readonly trouble?: string | undefined;
      }[];
    };
  };
  /** Numbers for Prometheus. */
  'GET /metrics': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: string;
  };
  /** This interface as an OpenAPI 3.1 document. */
  'GET /api/v1/openapi.json': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: { readonly openapi: string };
  };
  /** This interface as a page. */
  'GET /api/v1/docs': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: string;
  };
  /** What the laboratory can do: operating systems, scenarios for replays; and which messages it will lose. */
  'GET /api/v1/laboratory': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly operatingSystems: readonly {
        readonly name:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly does: string;
        readonly needsOtherImei: boolean;
      }[];
      readonly scenarios: readonly ('honest' | 'forged' | 'stolen' | 'lying')[];
      readonly drops: readonly {
        readonly handset: string;
        readonly direction: 'toOperator' | 'toHandset';
        readonly left: number;
      }[];
      readonly newestHop: number;
    };
  };
  /** The handsets of the laboratory, at most 40: the cast first, then those made here. */
  'GET /api/v1/laboratory/handsets': {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: {
      readonly handsets: readonly {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      }[];
    };
  };
  /** A new handset with a fresh UICC and a fresh storage support, switched off. */
  'POST /api/v1/laboratory/handsets': {
    path: undefined;
    query: undefined;
    body: {
      readonly name: string;
      readonly imei?: string | undefined;
      readonly os?:
        | 'honest'
        | 'forges-imei'
        | 'lies-to-network'
        | 'skips-proof'
        | 'reorders-apdus'
        | 'suppresses-report'
        | 'suppresses-answer'
        | 'relays-elsewhere'
        | undefined;
      readonly otherImei?: string | undefined;
      readonly where?: 'home' | 'abroad' | undefined;
      readonly hasSupport?: boolean | undefined;
    };
    answer: {
      readonly name: string;
      readonly story: string;
      readonly where: 'home' | 'abroad';
      readonly isOn: boolean;
      readonly service: 'off' | 'registered' | 'emergencyOnly';
      readonly busyWith?: string | undefined;
      readonly os:
        | 'honest'
        | 'forges-imei'
        | 'lies-to-network'
        | 'skips-proof'
        | 'reorders-apdus'
        | 'suppresses-report'
        | 'suppresses-answer'
        | 'relays-elsewhere';
      readonly otherImei?: string | undefined;
      readonly claimedImei?: string | undefined;
      readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
      readonly support?: { readonly identity: string; readonly imei: string } | undefined;
      readonly proved?:
        | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
        | undefined;
      readonly isListed: boolean;
      readonly isMade: boolean;
      readonly shown?: string | undefined;
      readonly exchange?: number | undefined;
    };
  };
  /** A handset: power, service, IMEI claimed and proved, operating system, cards. */
  'GET /api/v1/laboratory/handsets/{handset}': {
    path: { readonly handset: string };
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly story: string;
      readonly where: 'home' | 'abroad';
      readonly isOn: boolean;
      readonly service: 'off' | 'registered' | 'emergencyOnly';
      readonly busyWith?: string | undefined;
      readonly os:
        | 'honest'
        | 'forges-imei'
        | 'lies-to-network'
        | 'skips-proof'
        | 'reorders-apdus'
        | 'suppresses-report'
        | 'suppresses-answer'
        | 'relays-elsewhere';
      readonly otherImei?: string | undefined;
      readonly claimedImei?: string | undefined;
      readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
      readonly support?: { readonly identity: string; readonly imei: string } | undefined;
      readonly proved?:
        | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
        | undefined;
      readonly isListed: boolean;
      readonly isMade: boolean;
      readonly shown?: string | undefined;
      readonly exchange?: number | undefined;
    };
  };
  /** Switches a handset on or off; with `cutAfter` its power goes in the middle of switching it on. */
  'PUT /api/v1/laboratory/handsets/{handset}/power': {
    path: { readonly handset: string };
    query: undefined;
    body: { readonly isOn: boolean; readonly cutAfter?: number | undefined };
    answer: {
      readonly handset: {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      };
      readonly exchange?:
        | {
            readonly number: number;
            readonly handset: string;
            readonly kind:
              | 'powerOn'
              | 'powerOff'
              | 'call'
              | 'emergencyCall'
              | 'message'
              | 'replay'
              | 'report'
              | 'order'
              | 'check';
            readonly at: string;
            readonly outcome?:
              | {
                  readonly kind:
                    | 'attached'
                    | 'rejected'
                    | 'uiccRefused'
                    | 'noNetwork'
                    | 'noUsim'
                    | 'connected'
                    | 'notAllowed'
                    | 'failed'
                    | 'done'
                    | 'off'
                    | 'powerCut'
                    | 'same'
                    | 'different'
                    | 'putAside'
                    | 'answered'
                    | 'delivered'
                    | 'notDelivered'
                    | 'acknowledged';
                  readonly code?: number | undefined;
                }
              | undefined;
            readonly hops: number;
            readonly storyHops: number;
            readonly steps: readonly (101 | 102 | 103 | 104)[];
            readonly isAltered: boolean;
          }
        | undefined;
    };
  };
  /** Takes the battery out now, also while something runs; nothing of it is finished. */
  'POST /api/v1/laboratory/handsets/{handset}/power-cuts': {
    path: { readonly handset: string };
    query: undefined;
    body: Readonly<Record<string, never>>;
    answer: {
      readonly handset: {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      };
      readonly exchange?:
        | {
            readonly number: number;
            readonly handset: string;
            readonly kind:
              | 'powerOn'
              | 'powerOff'
              | 'call'
              | 'emergencyCall'
              | 'message'
              | 'replay'
              | 'report'
              | 'order'
              | 'check';
            readonly at: string;
            readonly outcome?:
              | {
                  readonly kind:
                    | 'attached'
                    | 'rejected'
                    | 'uiccRefused'
                    | 'noNetwork'
                    | 'noUsim'
                    | 'connected'
                    | 'notAllowed'
                    | 'failed'
                    | 'done'
                    | 'off'
                    | 'powerCut'
                    | 'same'
                    | 'different'
                    | 'putAside'
                    | 'answered'
                    | 'delivered'
                    | 'notDelivered'
                    | 'acknowledged';
                  readonly code?: number | undefined;
                }
              | undefined;
            readonly hops: number;
            readonly storyHops: number;
            readonly steps: readonly (101 | 102 | 103 | 104)[];
            readonly isAltered: boolean;
          }
        | undefined;
    };
  };
  /** Dials a number; 112 is an emergency call, which every state of card, lock and network lets through. */
  'POST /api/v1/laboratory/handsets/{handset}/calls': {
    path: { readonly handset: string };
    query: undefined;
    body: { readonly number: string };
    answer: {
      readonly handset: {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      };
      readonly exchange?:
        | {
            readonly number: number;
            readonly handset: string;
            readonly kind:
              | 'powerOn'
              | 'powerOff'
              | 'call'
              | 'emergencyCall'
              | 'message'
              | 'replay'
              | 'report'
              | 'order'
              | 'check';
            readonly at: string;
            readonly outcome?:
              | {
                  readonly kind:
                    | 'attached'
                    | 'rejected'
                    | 'uiccRefused'
                    | 'noNetwork'
                    | 'noUsim'
                    | 'connected'
                    | 'notAllowed'
                    | 'failed'
                    | 'done'
                    | 'off'
                    | 'powerCut'
                    | 'same'
                    | 'different'
                    | 'putAside'
                    | 'answered'
                    | 'delivered'
                    | 'notDelivered'
                    | 'acknowledged';
                  readonly code?: number | undefined;
                }
              | undefined;
            readonly hops: number;
            readonly storyHops: number;
            readonly steps: readonly (101 | 102 | 103 | 104)[];
            readonly isAltered: boolean;
          }
        | undefined;
    };
  };
  /** Flashes another operating system, honest or fraudulent; the handset is switched off for it. */
  'PUT /api/v1/laboratory/handsets/{handset}/operating-system': {
    path: { readonly handset: string };
    query: undefined;
    body: {
      readonly name:
        | 'honest'
        | 'forges-imei'
        | 'lies-to-network'
        | 'skips-proof'
        | 'reorders-apdus'
        | 'suppresses-report'
        | 'suppresses-answer'
        | 'relays-elsewhere';
      readonly otherImei?: string | undefined;
    };
    answer: {
      readonly handset: {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      };
      readonly exchange?:
        | {
            readonly number: number;
            readonly handset: string;
            readonly kind:
              | 'powerOn'
              | 'powerOff'
              | 'call'
              | 'emergencyCall'
              | 'message'
              | 'replay'
              | 'report'
              | 'order'
              | 'check';
            readonly at: string;
            readonly outcome?:
              | {
                  readonly kind:
                    | 'attached'
                    | 'rejected'
                    | 'uiccRefused'
                    | 'noNetwork'
                    | 'noUsim'
                    | 'connected'
                    | 'notAllowed'
                    | 'failed'
                    | 'done'
                    | 'off'
                    | 'powerCut'
                    | 'same'
                    | 'different'
                    | 'putAside'
                    | 'answered'
                    | 'delivered'
                    | 'notDelivered'
                    | 'acknowledged';
                  readonly code?: number | undefined;
                }
              | undefined;
            readonly hops: number;
            readonly storyHops: number;
            readonly steps: readonly (101 | 102 | 103 | 104)[];
            readonly isAltered: boolean;
          }
        | undefined;
    };
  };
  /** Puts the handset’s IMEI on the black list, as the operator does when the owner calls. */
  'POST /api/v1/laboratory/handsets/{handset}/theft-reports': {
    path: { readonly handset: string };
    query: undefined;
    body: { readonly caseReference?: string | undefined };
    answer: {
      readonly handset: {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      };
      readonly exchange?:
        | {
            readonly number: number;
            readonly handset: string;
            readonly kind:
              | 'powerOn'
              | 'powerOff'
              | 'call'
              | 'emergencyCall'
              | 'message'
              | 'replay'
              | 'report'
              | 'order'
              | 'check';
            readonly at: string;
            readonly outcome?:
              | {
                  readonly kind:
                    | 'attached'
                    | 'rejected'
                    | 'uiccRefused'
                    | 'noNetwork'
                    | 'noUsim'
                    | 'connected'
                    | 'notAllowed'
                    | 'failed'
                    | 'done'
                    | 'off'
                    | 'powerCut'
                    | 'same'
                    | 'different'
                    | 'putAside'
                    | 'answered'
                    | 'delivered'
                    | 'notDelivered'
                    | 'acknowledged';
                  readonly code?: number | undefined;
                }
              | undefined;
            readonly hops: number;
            readonly storyHops: number;
            readonly steps: readonly (101 | 102 | 103 | 104)[];
            readonly isAltered: boolean;
          }
        | undefined;
    };
  };
  /** Takes the handset’s IMEI off the black list again, as when it is found. */
  'POST /api/v1/laboratory/handsets/{handset}/recoveries': {
    path: { readonly handset: string };
    query: undefined;
    body: Readonly<Record<string, never>>;
    answer: {
      readonly handset: {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      };
      readonly exchange?:
        | {
            readonly number: number;
            readonly handset: string;
            readonly kind:
              | 'powerOn'
              | 'powerOff'
              | 'call'
              | 'emergencyCall'
              | 'message'
              | 'replay'
              | 'report'
              | 'order'
              | 'check';
            readonly at: string;
            readonly outcome?:
              | {
                  readonly kind:
                    | 'attached'
                    | 'rejected'
                    | 'uiccRefused'
                    | 'noNetwork'
                    | 'noUsim'
                    | 'connected'
                    | 'notAllowed'
                    | 'failed'
                    | 'done'
                    | 'off'
                    | 'powerCut'
                    | 'same'
                    | 'different'
                    | 'putAside'
                    | 'answered'
                    | 'delivered'
                    | 'notDelivered'
                    | 'acknowledged';
                  readonly code?: number | undefined;
                }
              | undefined;
            readonly hops: number;
            readonly storyHops: number;
            readonly steps: readonly (101 | 102 | 103 | 104)[];
            readonly isAltered: boolean;
          }
        | undefined;
    };
  };
  /** Exchanges the UICCs or the storage supports of two handsets; both are switched off for it. */
  'POST /api/v1/laboratory/handsets/{handset}/swaps': {
    path: { readonly handset: string };
    query: undefined;
    body: { readonly with: string; readonly what: 'uicc' | 'support' };
    answer: {
      readonly handsets: readonly {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      }[];
    };
  };
  /** Puts the handsets of the cast back as they were made, and those made here away. What was seen is kept. */
  'POST /api/v1/laboratory/resets': {
    path: undefined;
    query: undefined;
    body: Readonly<Record<string, never>>;
    answer: {
      readonly handsets: readonly {
        readonly name: string;
        readonly story: string;
        readonly where: 'home' | 'abroad';
        readonly isOn: boolean;
        readonly service: 'off' | 'registered' | 'emergencyOnly';
        readonly busyWith?: string | undefined;
        readonly os:
          | 'honest'
          | 'forges-imei'
          | 'lies-to-network'
          | 'skips-proof'
          | 'reorders-apdus'
          | 'suppresses-report'
          | 'suppresses-answer'
          | 'relays-elsewhere';
        readonly otherImei?: string | undefined;
        readonly claimedImei?: string | undefined;
        readonly uicc?: { readonly iccid: string; readonly imsi: string; readonly msisdn: string } | undefined;
        readonly support?: { readonly identity: string; readonly imei: string } | undefined;
        readonly proved?:
          | { readonly imei?: string | undefined; readonly level: string; readonly lockState: string }
          | undefined;
        readonly isListed: boolean;
        readonly isMade: boolean;
        readonly shown?: string | undefined;
        readonly exchange?: number | undefined;
      }[];
    };
  };
  /** Exchanges, newest first: a power-on, a call, a report, an order; `next` is the `before` of the next page. */
  'GET /api/v1/laboratory/exchanges': {
    path: undefined;
    query: {
      readonly handset?: string | undefined;
      readonly before?: number | undefined;
      readonly limit?: number | undefined;
    };
    body: undefined;
    answer: {
      readonly exchanges: readonly {
        readonly number: number;
        readonly handset: string;
        readonly kind:
          | 'powerOn'
          | 'powerOff'
          | 'call'
          | 'emergencyCall'
          | 'message'
          | 'replay'
          | 'report'
          | 'order'
          | 'check';
        readonly at: string;
        readonly outcome?:
          | {
              readonly kind:
                | 'attached'
                | 'rejected'
                | 'uiccRefused'
                | 'noNetwork'
                | 'noUsim'
                | 'connected'
                | 'notAllowed'
                | 'failed'
                | 'done'
                | 'off'
                | 'powerCut'
                | 'same'
                | 'different'
                | 'putAside'
                | 'answered'
                | 'delivered'
                | 'notDelivered'
                | 'acknowledged';
              readonly code?: number | undefined;
            }
          | undefined;
        readonly hops: number;
        readonly storyHops: number;
        readonly steps: readonly (101 | 102 | 103 | 104)[];
        readonly isAltered: boolean;
      }[];
      readonly next: number;
      readonly kept: number;
    };
  };
  /** One exchange. */
  'GET /api/v1/laboratory/exchanges/{exchange}': {
    path: { readonly exchange: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly number: number;
      readonly handset: string;
      readonly kind:
        | 'powerOn'
        | 'powerOff'
        | 'call'
        | 'emergencyCall'
        | 'message'
        | 'replay'
        | 'report'
        | 'order'
        | 'check';
      readonly at: string;
      readonly outcome?:
        | {
            readonly kind:
              | 'attached'
              | 'rejected'
              | 'uiccRefused'
              | 'noNetwork'
              | 'noUsim'
              | 'connected'
              | 'notAllowed'
              | 'failed'
              | 'done'
              | 'off'
              | 'powerCut'
              | 'same'
              | 'different'
              | 'putAside'
              | 'answered'
              | 'delivered'
              | 'notDelivered'
              | 'acknowledged';
            readonly code?: number | undefined;
          }
        | undefined;
      readonly hops: number;
      readonly storyHops: number;
      readonly steps: readonly (101 | 102 | 103 | 104)[];
      readonly isAltered: boolean;
    };
  };
  /** The hops of an exchange, oldest first; `next` is the `after` of the next page. */
  'GET /api/v1/laboratory/exchanges/{exchange}/hops': {
    path: { readonly exchange: number };
    query: { readonly after?: number | undefined; readonly limit?: number | undefined };
    body: undefined;
    answer: {
      readonly hops: readonly {
        readonly number: number;
        readonly exchange: number;
        readonly handset: string;
        readonly at: string;
        readonly from:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly to:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly protocol: 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';
        readonly name: string;
        readonly named?:
          | {
              readonly code:
                | 'reset'
                | 'noCommand'
                | 'noMessage'
                | 'proactiveCommand'
                | 'selectSupport'
                | 'uiccCertificate'
                | 'staticKey'
                | 'pairingKeys'
                | 'certificate'
                | 'imei'
                | 'imeiProtected'
                | 'secondImeiProtected'
                | 'imeiSvProtected'
                | 'identityProtected'
                | 'claimedImei'
                | 'report'
                | 'answerPermit'
                | 'answerTrack'
                | 'answerBlock'
                | 'answerStopKeys'
                | 'answerUnblock'
                | 'answerRePair'
                | 'answerReportNow'
                | 'answerSetPolicy'
                | 'answerSetRoots'
                | 'proofOfReceipt'
                | 'remoteManagement'
                | 'dropped'
                | 'replayed'
                | 'display'
                | 'supportAsReported'
                | 'imeiAsReported'
                | 'verdict'
                | 'deliveryReceipt';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly clause?: string | undefined;
        readonly step?: 101 | 102 | 103 | 104 | undefined;
        readonly detail?: string | undefined;
        readonly detailed?:
          | {
              readonly code:
                | 'vector'
                | 'unknownSubscriber'
                | 'inStep'
                | 'autsRefused'
                | 'permitted'
                | 'tracking'
                | 'prohibited'
                | 'accepted'
                | 'refused'
                | 'noAnswer'
                | 'noMessage'
                | 'lost'
                | 'repeated'
                | 'supportProved'
                | 'otherSupportProved'
                | 'supportNotProved'
                | 'supportRefuted'
                | 'provedImei'
                | 'notAuthentic'
                | 'replayedReport'
                | 'unreadableReport'
                | 'handsetHasIt'
                | 'centreExpired'
                | 'centreUndeliverable'
                | 'centreRejected'
                | 'centreDeleted'
                | 'centreHasIt'
                | 'takenAs'
                | 'centreRefused'
                | 'lockIs'
                | 'uiccSays';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly statusWord?: string | undefined;
        readonly octets: number;
        readonly meaning:
          | 'reset'
          | 'terminal-profile'
          | 'power-on-support'
          | 'carry-command'
          | 'carry-response'
          | 'claimed-imei'
          | 'select-support'
          | 'initialize-update'
          | 'external-authenticate'
          | 'certificate'
          | 'uicc-certificate'
          | 'mutual-authenticate'
          | 'static-authenticate'
          | 'pairing-keys'
          | 'read-imei'
          | 'read-identity'
          | 'report'
          | 'answer'
          | 'proof-of-receipt'
          | 'dropped'
          | 'replayed'
          | 'as-reported'
          | 'verdict'
          | 'delivery-receipt'
          | 'message-submitted'
          | 'message-delivered'
          | 'smpp'
          | 'authenticate'
          | 'authentication'
          | 'identity'
          | 'check-imei'
          | 'location-updating'
          | 'emergency'
          | 'call'
          | 'call-control'
          | 'display'
          | 'fetch'
          | 'files'
          | 'carrier'
          | 'other';
        readonly isStory: boolean;
        readonly isAltered: boolean;
      }[];
      readonly next: number;
    };
  };
  /** One hop: its octets, what they say, what seals hide, what was altered, and which seal did not hold. */
  'GET /api/v1/laboratory/hops/{hop}': {
    path: { readonly hop: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly hop: {
        readonly number: number;
        readonly exchange: number;
        readonly handset: string;
        readonly at: string;
        readonly from:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly to:
          | 'storageSupport'
          | 'operatingSystem'
          | 'uicc'
          | 'smsc'
          | 'operator'
          | 'register'
          | 'network'
          | 'person';
        readonly protocol: 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';
        readonly name: string;
        readonly named?:
          | {
              readonly code:
                | 'reset'
                | 'noCommand'
                | 'noMessage'
                | 'proactiveCommand'
                | 'selectSupport'
                | 'uiccCertificate'
                | 'staticKey'
                | 'pairingKeys'
                | 'certificate'
                | 'imei'
                | 'imeiProtected'
                | 'secondImeiProtected'
                | 'imeiSvProtected'
                | 'identityProtected'
                | 'claimedImei'
                | 'report'
                | 'answerPermit'
                | 'answerTrack'
                | 'answerBlock'
                | 'answerStopKeys'
                | 'answerUnblock'
                | 'answerRePair'
                | 'answerReportNow'
                | 'answerSetPolicy'
                | 'answerSetRoots'
                | 'proofOfReceipt'
                | 'remoteManagement'
                | 'dropped'
                | 'replayed'
                | 'display'
                | 'supportAsReported'
                | 'imeiAsReported'
                | 'verdict'
                | 'deliveryReceipt';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly clause?: string | undefined;
        readonly step?: 101 | 102 | 103 | 104 | undefined;
        readonly detail?: string | undefined;
        readonly detailed?:
          | {
              readonly code:
                | 'vector'
                | 'unknownSubscriber'
                | 'inStep'
                | 'autsRefused'
                | 'permitted'
                | 'tracking'
                | 'prohibited'
                | 'accepted'
                | 'refused'
                | 'noAnswer'
                | 'noMessage'
                | 'lost'
                | 'repeated'
                | 'supportProved'
                | 'otherSupportProved'
                | 'supportNotProved'
                | 'supportRefuted'
                | 'provedImei'
                | 'notAuthentic'
                | 'replayedReport'
                | 'unreadableReport'
                | 'handsetHasIt'
                | 'centreExpired'
                | 'centreUndeliverable'
                | 'centreRejected'
                | 'centreDeleted'
                | 'centreHasIt'
                | 'takenAs'
                | 'centreRefused'
                | 'lockIs'
                | 'uiccSays';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly statusWord?: string | undefined;
        readonly octets: number;
        readonly meaning:
          | 'reset'
          | 'terminal-profile'
          | 'power-on-support'
          | 'carry-command'
          | 'carry-response'
          | 'claimed-imei'
          | 'select-support'
          | 'initialize-update'
          | 'external-authenticate'
          | 'certificate'
          | 'uicc-certificate'
          | 'mutual-authenticate'
          | 'static-authenticate'
          | 'pairing-keys'
          | 'read-imei'
          | 'read-identity'
          | 'report'
          | 'answer'
          | 'proof-of-receipt'
          | 'dropped'
          | 'replayed'
          | 'as-reported'
          | 'verdict'
          | 'delivery-receipt'
          | 'message-submitted'
          | 'message-delivered'
          | 'smpp'
          | 'authenticate'
          | 'authentication'
          | 'identity'
          | 'check-imei'
          | 'location-updating'
          | 'emergency'
          | 'call'
          | 'call-control'
          | 'display'
          | 'fetch'
          | 'files'
          | 'carrier'
          | 'other';
        readonly isStory: boolean;
        readonly isAltered: boolean;
      };
      readonly isWithheld: boolean;
      readonly reasons: readonly {
        readonly text: string;
        readonly said: readonly {
          readonly code:
            | 'registerOff'
            | 'trackOnly'
            | 'blackList'
            | 'greyList'
            | 'whiteList'
            | 'blackRange'
            | 'greyRange'
            | 'whiteRange'
            | 'spared'
            | 'allowedPair'
            | 'lockedHandset'
            | 'lockedSubscriber'
            | 'lyingHandset'
            | 'proofExpected'
            | 'proofMissing'
            | 'refutedProof'
            | 'notProven'
            | 'revoked'
            | 'pairingLocked'
            | 'clone'
            | 'genuine'
            | 'bogusImei'
            | 'unallocatedTac'
            | 'commanded'
            | 'proved'
            | 'notListed'
            | 'imsiDefault'
            | 'note'
            | 'listReason'
            | 'listReasonNote'
            | 'ofTac'
            | 'ofRange'
            | 'byPrefix'
            | 'byPrefixNote'
            | 'byProof'
            | 'provedImei'
            | 'provedBefore'
            | 'claimedImei'
            | 'toldOther'
            | 'orderExpired'
            | 'written'
            | 'certificateRevoked'
            | 'rootsChanged';
          readonly values: Readonly<Record<string, string | number>>;
        }[];
      }[];
      readonly meaning: string;
      readonly status?:
        | {
            readonly statusWord: string;
            readonly text: string;
            readonly clause: string;
            readonly said: {
              readonly code:
                | 'sw-normalEnd'
                | 'sw-toolkitBusy'
                | 'sw-noInformation'
                | 'sw-corrupted'
                | 'sw-endReached'
                | 'sw-fileDeactivated'
                | 'sw-fileTerminated'
                | 'sw-moreData'
                | 'sw-moreDataAndCommand'
                | 'sw-responseData'
                | 'sw-authenticationFailed'
                | 'sw-moreDataExpected'
                | 'sw-errorUnchanged'
                | 'sw-errorChanged'
                | 'sw-memoryProblem'
                | 'sw-wrongLength'
                | 'sw-noChannel'
                | 'sw-noSecureMessaging'
                | 'sw-wrongStructure'
                | 'sw-securityNotSatisfied'
                | 'sw-methodBlocked'
                | 'sw-dataInvalidated'
                | 'sw-conditionsNotSatisfied'
                | 'sw-noFileSelected'
                | 'sw-channelNotSatisfied'
                | 'sw-wrongData'
                | 'sw-functionNotSupported'
                | 'sw-fileNotFound'
                | 'sw-recordNotFound'
                | 'sw-noMemory'
                | 'sw-wrongP1P2'
                | 'sw-lcNotFitting'
                | 'sw-dataNotFound'
                | 'sw-fileExists'
                | 'sw-nameExists'
                | 'sw-wrongOffset'
                | 'sw-noInstruction'
                | 'sw-noClass'
                | 'sw-noDiagnosis'
                | 'sw-maximumReached'
                | 'sw-wrongMac'
                | 'sw-sessionExpired'
                | 'sw-contextNotSupported'
                | 'sw-keyFreshness'
                | 'sw-noMemoryForAuthentication'
                | 'sw-responseWaits'
                | 'sw-wrongLe'
                | 'sw-commandWaits'
                | 'sw-aboutTransfer'
                | 'sw-triesLeft'
                | 'sw-unnamed';
              readonly values: Readonly<Record<string, string | number>>;
            };
          }
        | undefined;
      readonly sheets: readonly {
        readonly id: string;
        readonly title: string;
        readonly titled?:
          | {
              readonly code:
                | 'caIdentifier'
                | 'applicationIdentifier'
                | 'applicationLabel'
                | 'discretionaryData'
                | 'applicationTemplate'
                | 'fcpTemplate'
                | 'cardData'
                | 'fciTemplate'
                | 'fileSize'
                | 'totalFileSize'
                | 'fileDescriptor'
                | 'fileIdentifier'
                | 'dfName'
                | 'proprietaryInformation'
                | 'shortFileIdentifier'
                | 'lifeCycleStatus'
                | 'lifeCycleState'
                | 'securityAttributesByRule'
                | 'securityAttributesCompact'
                | 'scpIdentifier'
                | 'serialNumber'
                | 'keyUsage'
                | 'keyType'
                | 'keyLength'
                | 'controlReferenceTemplate'
                | 'publicPoint'
                | 'pinStatusTemplate'
                | 'authenticationResponse'
                | 'synchronisationFailure'
                | 'keyInformationTemplate'
                | 'curve'
                | 'subjectIdentifier'
                | 'expirationDate'
                | 'effectiveDate'
                | 'signature'
                | 'ephemeralPublicKey'
                | 'certificate'
                | 'publicKey'
                | 'certificateStore'
                | 'receipt'
                | 'commandDetails'
                | 'deviceIdentities'
                | 'sourceDevice'
                | 'destinationDevice'
                | 'result'
                | 'duration'
                | 'alphaIdentifier'
                | 'address'
                | 'capabilityConfiguration'
                | 'subaddress'
                | 'supplementaryService'
                | 'ussd'
                | 'smsTpdu'
                | 'cellBroadcastPage'
                | 'textString'
                | 'tone'
                | 'item'
                | 'itemIdentifier'
                | 'responseLength'
                | 'fileList'
                | 'location'
                | 'helpRequest'
                | 'networkMeasurement'
                | 'defaultText'
                | 'nextActions'
                | 'eventList'
                | 'cause'
                | 'locationStatus'
                | 'transactionIdentifier'
                | 'bcchChannels'
                | 'icon'
                | 'itemIcons'
                | 'cardReaderStatus'
                | 'cardAtr'
                | 'commandApdu'
                | 'responseApdu'
                | 'timerIdentifier'
                | 'timerValue'
                | 'dateTime'
                | 'atCommand'
                | 'atResponse'
                | 'bcRepeat'
                | 'immediateResponse'
                | 'dtmf'
                | 'language'
                | 'timingAdvance'
                | 'aid'
                | 'browserIdentity'
                | 'url'
                | 'bearers'
                | 'provisioningFile'
                | 'browserTermination'
                | 'bearerDescription'
                | 'channelData'
                | 'channelDataLength'
                | 'channelStatus'
                | 'bufferSize'
                | 'cardReaderIdentifier'
                | 'transport'
                | 'otherAddress'
                | 'accessTechnology'
                | 'displayParameters'
                | 'esn'
                | 'networkAccessName'
                | 'textAttribute'
                | 'itemTextAttributes'
                | 'batteryState'
                | 'browsingStatus'
                | 'searchMode'
                | 'framesInformation'
                | 'frame'
                | 'plmnList'
                | 'updateAttachType'
                | 'rejectionCause'
                | 'trackingArea'
                | 'proactiveCommand'
                | 'smsPpDownload'
                | 'callControl'
                | 'eventDownload'
                | 'data'
                | 'dataObject'
                | 'noCommand'
                | 'noResponse'
                | 'fileOrApplication'
                | 'cipherText'
                | 'hostChallenge'
                | 'hostCryptogram'
                | 'cardChallenge'
                | 'cardCryptogram'
                | 'diversification'
                | 'keyVersion'
                | 'newKeyVersion'
                | 'keys'
                | 'protocol'
                | 'parameterI'
                | 'sequenceCounter'
                | 'tag'
                | 'value'
                | 'convention'
                | 'groups'
                | 'historical'
                | 'messageType'
                | 'relayMessageType'
                | 'typeAndKeySequence'
                | 'keySequence'
                | 'locationArea'
                | 'classmark'
                | 'identity'
                | 'identityType'
                | 'extension'
                | 'service'
                | 'bearer'
                | 'called'
                | 'reference'
                | 'originator'
                | 'destination'
                | 'userDataHeader'
                | 'partOfMessage'
                | 'securedPacket'
                | 'shortPacket'
                | 'cipheredBody'
                | 'status'
                | 'securedData'
                | 'padding'
                | 'commands'
                | 'statusWord'
                | 'rand'
                | 'autn'
                | 'auts'
                | 'res'
                | 'rpdu'
                | 'tpdu'
                | 'imei'
                | 'imeiSv'
                | 'version'
                | 'direction'
                | 'nonce'
                | 'reason'
                | 'trigger'
                | 'state'
                | 'unanswered'
                | 'provedImei'
                | 'claimedImei'
                | 'evidence'
                | 'support'
                | 'supportCounter'
                | 'previousSupport'
                | 'counter'
                | 'pairingKeyVersion'
                | 'root'
                | 'trust'
                | 'roots'
                | 'trustDigest'
                | 'order'
                | 'imeiDigest'
                | 'validAuthentications'
                | 'text'
                | 'policy'
                | 'date'
                | 'revoked'
                | 'gate'
                | 'graceAuthentications'
                | 'proveEvery'
                | 'proveBeforeCall'
                | 'reportEvery'
                | 'unansweredLimit'
                | 'pairingLocked'
                | 'terminalCannotProve'
                | 'proveAtBoot'
                | 'brokenProtectionLimit'
                | 'sheetCommand'
                | 'sheetResponse'
                | 'sheetReset'
                | 'sheetLayer3'
                | 'sheetImei'
                | 'sheetUserData'
                | 'sheetPlainCommand'
                | 'sheetPlainResponse'
                | 'sheetPlainPacket';
              readonly values: Readonly<Record<string, string | number>>;
            }
          | undefined;
        readonly octets: string;
        readonly nodes: readonly {
          readonly level: number;
          readonly name: string;
          readonly named?:
            | {
                readonly code:
                  | 'caIdentifier'
                  | 'applicationIdentifier'
                  | 'applicationLabel'
                  | 'discretionaryData'
                  | 'applicationTemplate'
                  | 'fcpTemplate'
                  | 'cardData'
                  | 'fciTemplate'
                  | 'fileSize'
                  | 'totalFileSize'
                  | 'fileDescriptor'
                  | 'fileIdentifier'
                  | 'dfName'
                  | 'proprietaryInformation'
                  | 'shortFileIdentifier'
                  | 'lifeCycleStatus'
                  | 'lifeCycleState'
                  | 'securityAttributesByRule'
                  | 'securityAttributesCompact'
                  | 'scpIdentifier'
                  | 'serialNumber'
                  | 'keyUsage'
                  | 'keyType'
                  | 'keyLength'
                  | 'controlReferenceTemplate'
                  | 'publicPoint'
                  | 'pinStatusTemplate'
                  | 'authenticationResponse'
                  | 'synchronisationFailure'
                  | 'keyInformationTemplate'
                  | 'curve'
                  | 'subjectIdentifier'
                  | 'expirationDate'
                  | 'effectiveDate'
                  | 'signature'
                  | 'ephemeralPublicKey'
                  | 'certificate'
                  | 'publicKey'
                  | 'certificateStore'
                  | 'receipt'
                  | 'commandDetails'
                  | 'deviceIdentities'
                  | 'sourceDevice'
                  | 'destinationDevice'
                  | 'result'
                  | 'duration'
                  | 'alphaIdentifier'
                  | 'address'
                  | 'capabilityConfiguration'
                  | 'subaddress'
                  | 'supplementaryService'
                  | 'ussd'
                  | 'smsTpdu'
                  | 'cellBroadcastPage'
                  | 'textString'
                  | 'tone'
                  | 'item'
                  | 'itemIdentifier'
                  | 'responseLength'
                  | 'fileList'
                  | 'location'
                  | 'helpRequest'
                  | 'networkMeasurement'
                  | 'defaultText'
                  | 'nextActions'
                  | 'eventList'
                  | 'cause'
                  | 'locationStatus'
                  | 'transactionIdentifier'
                  | 'bcchChannels'
                  | 'icon'
                  | 'itemIcons'
                  | 'cardReaderStatus'
                  | 'cardAtr'
                  | 'commandApdu'
                  | 'responseApdu'
                  | 'timerIdentifier'
                  | 'timerValue'
                  | 'dateTime'
                  | 'atCommand'
                  | 'atResponse'
                  | 'bcRepeat'
                  | 'immediateResponse'
                  | 'dtmf'
                  | 'language'
                  | 'timingAdvance'
                  | 'aid'
                  | 'browserIdentity'
                  | 'url'
                  | 'bearers'
                  | 'provisioningFile'
                  | 'browserTermination'
                  | 'bearerDescription'
                  | 'channelData'
                  | 'channelDataLength'
                  | 'channelStatus'
                  | 'bufferSize'
                  | 'cardReaderIdentifier'
                  | 'transport'
                  | 'otherAddress'
                  | 'accessTechnology'
                  | 'displayParameters'
                  | 'esn'
                  | 'networkAccessName'
                  | 'textAttribute'
                  | 'itemTextAttributes'
                  | 'batteryState'
                  | 'browsingStatus'
                  | 'searchMode'
                  | 'framesInformation'
                  | 'frame'
                  | 'plmnList'
                  | 'updateAttachType'
                  | 'rejectionCause'
                  | 'trackingArea'
                  | 'proactiveCommand'
                  | 'smsPpDownload'
                  | 'callControl'
                  | 'eventDownload'
                  | 'data'
                  | 'dataObject'
                  | 'noCommand'
                  | 'noResponse'
                  | 'fileOrApplication'
                  | 'cipherText'
                  | 'hostChallenge'
                  | 'hostCryptogram'
                  | 'cardChallenge'
                  | 'cardCryptogram'
                  | 'diversification'
                  | 'keyVersion'
                  | 'newKeyVersion'
                  | 'keys'
                  | 'protocol'
                  | 'parameterI'
                  | 'sequenceCounter'
                  | 'tag'
                  | 'value'
                  | 'convention'
                  | 'groups'
                  | 'historical'
                  | 'messageType'
                  | 'relayMessageType'
                  | 'typeAndKeySequence'
                  | 'keySequence'
                  | 'locationArea'
                  | 'classmark'
                  | 'identity'
                  | 'identityType'
                  | 'extension'
                  | 'service'
                  | 'bearer'
                  | 'called'
                  | 'reference'
                  | 'originator'
                  | 'destination'
                  | 'userDataHeader'
                  | 'partOfMessage'
                  | 'securedPacket'
                  | 'shortPacket'
                  | 'cipheredBody'
                  | 'status'
                  | 'securedData'
                  | 'padding'
                  | 'commands'
                  | 'statusWord'
                  | 'rand'
                  | 'autn'
                  | 'auts'
                  | 'res'
                  | 'rpdu'
                  | 'tpdu'
                  | 'imei'
                  | 'imeiSv'
                  | 'version'
                  | 'direction'
                  | 'nonce'
                  | 'reason'
                  | 'trigger'
                  | 'state'
                  | 'unanswered'
                  | 'provedImei'
                  | 'claimedImei'
                  | 'evidence'
                  | 'support'
                  | 'supportCounter'
                  | 'previousSupport'
                  | 'counter'
                  | 'pairingKeyVersion'
                  | 'root'
                  | 'trust'
                  | 'roots'
                  | 'trustDigest'
                  | 'order'
                  | 'imeiDigest'
                  | 'validAuthentications'
                  | 'text'
                  | 'policy'
                  | 'date'
                  | 'revoked'
                  | 'gate'
                  | 'graceAuthentications'
                  | 'proveEvery'
                  | 'proveBeforeCall'
                  | 'reportEvery'
                  | 'unansweredLimit'
                  | 'pairingLocked'
                  | 'terminalCannotProve'
                  | 'proveAtBoot'
                  | 'brokenProtectionLimit'
                  | 'sheetCommand'
                  | 'sheetResponse'
                  | 'sheetReset'
                  | 'sheetLayer3'
                  | 'sheetImei'
                  | 'sheetUserData'
                  | 'sheetPlainCommand'
                  | 'sheetPlainResponse'
                  | 'sheetPlainPacket';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly tag?: string | undefined;
          readonly from: number;
          readonly to: number;
          readonly value?: string | undefined;
          readonly meaning?: string | undefined;
          readonly said?:
            | readonly {
                readonly code:
                  | 'term'
                  | 'classInterindustry'
                  | 'classProprietary'
                  | 'channel'
                  | 'secureMessaging'
                  | 'octetsOfData'
                  | 'octetsOfPadding'
                  | 'octetsWanted'
                  | 'supportImei'
                  | 'toldImei'
                  | 'saidImei'
                  | 'forSupport'
                  | 'commandPacketLength'
                  | 'commandHeaderLength'
                  | 'responsePacketLength'
                  | 'responseHeaderLength'
                  | 'applicationItIsFor'
                  | 'applicationThatAnswers'
                  | 'commandFollows'
                  | 'responseFollows'
                  | 'noIdentity'
                  | 'cipherOfSession'
                  | 'cipherOfPacket'
                  | 'macVerified'
                  | 'macNotChecked'
                  | 'macFailed'
                  | 'keysInside'
                  | 'uiccHoldsKeys'
                  | 'counterOfPacket'
                  | 'checksum'
                  | 'integrity'
                  | 'ciphered'
                  | 'notCiphered'
                  | 'counter-none'
                  | 'counter-unchecked'
                  | 'counter-higher'
                  | 'counter-exactlyOneHigher'
                  | 'proof-never'
                  | 'proof-always'
                  | 'proof-onError'
                  | 'algorithm'
                  | 'device-1'
                  | 'device-2'
                  | 'device-17'
                  | 'device-23'
                  | 'device-129'
                  | 'device-130'
                  | 'device-131'
                  | 'device-other'
                  | 'general-performed'
                  | 'general-partialComprehension'
                  | 'general-missingInformation'
                  | 'general-additionalEfsRead'
                  | 'general-iconNotDisplayed'
                  | 'general-modifiedByCallControl'
                  | 'general-limitedService'
                  | 'general-performedWithModification'
                  | 'general-naaNotActive'
                  | 'general-toneNotPlayed'
                  | 'general-terminatedByUser'
                  | 'general-backwardMove'
                  | 'general-noResponseFromUser'
                  | 'general-helpRequired'
                  | 'general-ussdTerminatedByUser'
                  | 'general-terminalBusy'
                  | 'general-networkBusy'
                  | 'general-userRefused'
                  | 'general-callClearedBeforeConnection'
                  | 'general-timerStateContradiction'
                  | 'general-callControlTemporaryProblem'
                  | 'general-browserError'
                  | 'general-mmsTemporaryProblem'
                  | 'general-beyondCapabilities'
                  | 'general-typeNotUnderstood'
                  | 'general-dataNotUnderstood'
                  | 'general-numberNotKnown'
                  | 'general-supplementaryServiceError'
                  | 'general-smsRpError'
                  | 'general-valuesMissing'
                  | 'general-ussdError'
                  | 'general-multipleCardError'
                  | 'general-callControlPermanentProblem'
                  | 'general-bearerIndependentProtocolError'
                  | 'general-accessTechnologyError'
                  | 'general-framesError'
                  | 'general-mmsError'
                  | 'general-other'
                  | 'por-ok'
                  | 'por-checkFailed'
                  | 'por-counterLow'
                  | 'por-counterHigh'
                  | 'por-counterBlocked'
                  | 'por-cipheringError'
                  | 'por-unidentifiedSecurityError'
                  | 'por-insufficientMemory'
                  | 'por-moreTimeNeeded'
                  | 'por-tarUnknown'
                  | 'por-insufficientSecurityLevel'
                  | 'por-responseFollowsBySubmit'
                  | 'por-responseFollowsByUssd'
                  | 'por-other'
                  | 'direction-report'
                  | 'direction-answer'
                  | 'direction-acknowledgement'
                  | 'evidence-scp11a'
                  | 'evidence-scp03'
                  | 'evidence-static'
                  | 'result-proved'
                  | 'result-provedOther'
                  | 'result-notProven'
                  | 'result-refuted'
                  | 'reason-none'
                  | 'reason-noCardReader'
                  | 'reason-noAnswer'
                  | 'reason-errorStatusWord'
                  | 'reason-brokenProtection'
                  | 'reason-badOctets'
                  | 'reason-profileTooSmall'
                  | 'reason-commandRefused'
                  | 'reason-terminalBusy'
                  | 'reason-userRefused'
                  | 'reason-terminalContradicts'
                  | 'reason-claimedImeiDiffers'
                  | 'reason-pairedImeiDiffers'
                  | 'reason-foreignRoot'
                  | 'reason-counterWentBack'
                  | 'reason-pairingLocked'
                  | 'reason-revoked'
                  | 'reason-wrongCryptogram'
                  | 'trigger-boot'
                  | 'trigger-call'
                  | 'trigger-authentications'
                  | 'trigger-operator'
                  | 'trigger-interval'
                  | 'trigger-silence'
                  | 'state-unproven'
                  | 'state-grace'
                  | 'state-enabled'
                  | 'state-tracked'
                  | 'state-blockedLocally'
                  | 'state-blockedByOperator'
                  | 'state-keysStopped'
                  | 'order-permit'
                  | 'order-track'
                  | 'order-block'
                  | 'order-stopKeys'
                  | 'order-unblock'
                  | 'order-rePair'
                  | 'order-reportNow'
                  | 'order-setPolicy'
                  | 'order-setRoots'
                  | 'terminalCannotProve-grace'
                  | 'terminalCannotProve-permit'
                  | 'terminalCannotProve-block'
                  | 'gate-open'
                  | 'gate-enable'
                  | 'sw-normalEnd'
                  | 'sw-toolkitBusy'
                  | 'sw-noInformation'
                  | 'sw-corrupted'
                  | 'sw-endReached'
                  | 'sw-fileDeactivated'
                  | 'sw-fileTerminated'
                  | 'sw-moreData'
                  | 'sw-moreDataAndCommand'
                  | 'sw-responseData'
                  | 'sw-authenticationFailed'
                  | 'sw-moreDataExpected'
                  | 'sw-errorUnchanged'
                  | 'sw-errorChanged'
                  | 'sw-memoryProblem'
                  | 'sw-wrongLength'
                  | 'sw-noChannel'
                  | 'sw-noSecureMessaging'
                  | 'sw-wrongStructure'
                  | 'sw-securityNotSatisfied'
                  | 'sw-methodBlocked'
                  | 'sw-dataInvalidated'
                  | 'sw-conditionsNotSatisfied'
                  | 'sw-noFileSelected'
                  | 'sw-channelNotSatisfied'
                  | 'sw-wrongData'
                  | 'sw-functionNotSupported'
                  | 'sw-fileNotFound'
                  | 'sw-recordNotFound'
                  | 'sw-noMemory'
                  | 'sw-wrongP1P2'
                  | 'sw-lcNotFitting'
                  | 'sw-dataNotFound'
                  | 'sw-fileExists'
                  | 'sw-nameExists'
                  | 'sw-wrongOffset'
                  | 'sw-noInstruction'
                  | 'sw-noClass'
                  | 'sw-noDiagnosis'
                  | 'sw-maximumReached'
                  | 'sw-wrongMac'
                  | 'sw-sessionExpired'
                  | 'sw-contextNotSupported'
                  | 'sw-keyFreshness'
                  | 'sw-noMemoryForAuthentication'
                  | 'sw-responseWaits'
                  | 'sw-wrongLe'
                  | 'sw-commandWaits'
                  | 'sw-aboutTransfer'
                  | 'sw-triesLeft'
                  | 'sw-unnamed';
                readonly values: Readonly<Record<string, string | number>>;
              }[]
            | undefined;
        }[];
        readonly plainOf?: { readonly sheet: string; readonly from: number; readonly to: number } | undefined;
      }[];
      readonly alteration?:
        | {
            readonly sheet: string;
            readonly ranges: readonly { readonly from: number; readonly to: number }[];
            readonly given: string;
            readonly at: number;
          }
        | undefined;
      readonly brokenSeals: readonly {
        readonly sheet: string;
        readonly from: number;
        readonly to: number;
        readonly received: string;
        readonly computed?: string | undefined;
      }[];
    };
  };
  /** Hops as they happen, as server-sent events. */
  'GET /api/v1/laboratory/hops/stream': {
    path: undefined;
    query: { readonly after?: number | undefined };
    body: undefined;
    answer: string;
  };
  /** An exchange as a pcapng file: what Wireshark can read of it. */
  'GET /api/v1/laboratory/exchanges/{exchange}/capture': {
    path: { readonly exchange: number };
    query: undefined;
    body: undefined;
    answer: string;
  };
  /** An exchange with the octets of every hop, described. */
  'GET /api/v1/laboratory/exchanges/{exchange}/record': {
    path: { readonly exchange: number };
    query: undefined;
    body: undefined;
    answer: {
      readonly exchange: {
        readonly number: number;
        readonly handset: string;
        readonly kind:
          | 'powerOn'
          | 'powerOff'
          | 'call'
          | 'emergencyCall'
          | 'message'
          | 'replay'
          | 'report'
          | 'order'
          | 'check';
        readonly at: string;
        readonly outcome?:
          | {
              readonly kind:
                | 'attached'
                | 'rejected'
                | 'uiccRefused'
                | 'noNetwork'
                | 'noUsim'
                | 'connected'
                | 'notAllowed'
                | 'failed'
                | 'done'
                | 'off'
                | 'powerCut'
                | 'same'
                | 'different'
                | 'putAside'
                | 'answered'
                | 'delivered'
                | 'notDelivered'
                | 'acknowledged';
              readonly code?: number | undefined;
            }
          | undefined;
        readonly hops: number;
        readonly storyHops: number;
        readonly steps: readonly (101 | 102 | 103 | 104)[];
        readonly isAltered: boolean;
      };
      readonly hops: readonly {
        readonly hop: {
          readonly number: number;
          readonly exchange: number;
          readonly handset: string;
          readonly at: string;
          readonly from:
            | 'storageSupport'
            | 'operatingSystem'
            | 'uicc'
            | 'smsc'
            | 'operator'
            | 'register'
            | 'network'
            | 'person';
          readonly to:
            | 'storageSupport'
            | 'operatingSystem'
            | 'uicc'
            | 'smsc'
            | 'operator'
            | 'register'
            | 'network'
            | 'person';
          readonly protocol: 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';
          readonly name: string;
          readonly named?:
            | {
                readonly code:
                  | 'reset'
                  | 'noCommand'
                  | 'noMessage'
                  | 'proactiveCommand'
                  | 'selectSupport'
                  | 'uiccCertificate'
                  | 'staticKey'
                  | 'pairingKeys'
                  | 'certificate'
                  | 'imei'
                  | 'imeiProtected'
                  | 'secondImeiProtected'
                  | 'imeiSvProtected'
                  | 'identityProtected'
                  | 'claimedImei'
                  | 'report'
                  | 'answerPermit'
                  | 'answerTrack'
                  | 'answerBlock'
                  | 'answerStopKeys'
                  | 'answerUnblock'
                  | 'answerRePair'
                  | 'answerReportNow'
                  | 'answerSetPolicy'
                  | 'answerSetRoots'
                  | 'proofOfReceipt'
                  | 'remoteManagement'
                  | 'dropped'
                  | 'replayed'
                  | 'display'
                  | 'supportAsReported'
                  | 'imeiAsReported'
                  | 'verdict'
                  | 'deliveryReceipt';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly clause?: string | undefined;
          readonly step?: 101 | 102 | 103 | 104 | undefined;
          readonly detail?: string | undefined;
          readonly detailed?:
            | {
                readonly code:
                  | 'vector'
                  | 'unknownSubscriber'
                  | 'inStep'
                  | 'autsRefused'
                  | 'permitted'
                  | 'tracking'
                  | 'prohibited'
                  | 'accepted'
                  | 'refused'
                  | 'noAnswer'
                  | 'noMessage'
                  | 'lost'
                  | 'repeated'
                  | 'supportProved'
                  | 'otherSupportProved'
                  | 'supportNotProved'
                  | 'supportRefuted'
                  | 'provedImei'
                  | 'notAuthentic'
                  | 'replayedReport'
                  | 'unreadableReport'
                  | 'handsetHasIt'
                  | 'centreExpired'
                  | 'centreUndeliverable'
                  | 'centreRejected'
                  | 'centreDeleted'
                  | 'centreHasIt'
                  | 'takenAs'
                  | 'centreRefused'
                  | 'lockIs'
                  | 'uiccSays';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly statusWord?: string | undefined;
          readonly octets: number;
          readonly meaning:
            | 'reset'
            | 'terminal-profile'
            | 'power-on-support'
            | 'carry-command'
            | 'carry-response'
            | 'claimed-imei'
            | 'select-support'
            | 'initialize-update'
            | 'external-authenticate'
            | 'certificate'
            | 'uicc-certificate'
            | 'mutual-authenticate'
            | 'static-authenticate'
            | 'pairing-keys'
            | 'read-imei'
            | 'read-identity'
            | 'report'
            | 'answer'
            | 'proof-of-receipt'
            | 'dropped'
            | 'replayed'
            | 'as-reported'
            | 'verdict'
            | 'delivery-receipt'
            | 'message-submitted'
            | 'message-delivered'
            | 'smpp'
            | 'authenticate'
            | 'authentication'
            | 'identity'
            | 'check-imei'
            | 'location-updating'
            | 'emergency'
            | 'call'
            | 'call-control'
            | 'display'
            | 'fetch'
            | 'files'
            | 'carrier'
            | 'other';
          readonly isStory: boolean;
          readonly isAltered: boolean;
        };
        readonly isWithheld: boolean;
        readonly reasons: readonly {
          readonly text: string;
          readonly said: readonly {
            readonly code:
              | 'registerOff'
              | 'trackOnly'
              | 'blackList'
              | 'greyList'
              | 'whiteList'
              | 'blackRange'
              | 'greyRange'
              | 'whiteRange'
              | 'spared'
              | 'allowedPair'
              | 'lockedHandset'
              | 'lockedSubscriber'
              | 'lyingHandset'
              | 'proofExpected'
              | 'proofMissing'
              | 'refutedProof'
              | 'notProven'
              | 'revoked'
              | 'pairingLocked'
              | 'clone'
              | 'genuine'
              | 'bogusImei'
              | 'unallocatedTac'
              | 'commanded'
              | 'proved'
              | 'notListed'
              | 'imsiDefault'
              | 'note'
              | 'listReason'
              | 'listReasonNote'
              | 'ofTac'
              | 'ofRange'
              | 'byPrefix'
              | 'byPrefixNote'
              | 'byProof'
              | 'provedImei'
              | 'provedBefore'
              | 'claimedImei'
              | 'toldOther'
              | 'orderExpired'
              | 'written'
              | 'certificateRevoked'
              | 'rootsChanged';
            readonly values: Readonly<Record<string, string | number>>;
          }[];
        }[];
        readonly meaning: string;
        readonly status?:
          | {
              readonly statusWord: string;
              readonly text: string;
              readonly clause: string;
              readonly said: {
                readonly code:
                  | 'sw-normalEnd'
                  | 'sw-toolkitBusy'
                  | 'sw-noInformation'
                  | 'sw-corrupted'
                  | 'sw-endReached'
                  | 'sw-fileDeactivated'
                  | 'sw-fileTerminated'
                  | 'sw-moreData'
                  | 'sw-moreDataAndCommand'
                  | 'sw-responseData'
                  | 'sw-authenticationFailed'
                  | 'sw-moreDataExpected'
                  | 'sw-errorUnchanged'
                  | 'sw-errorChanged'
                  | 'sw-memoryProblem'
                  | 'sw-wrongLength'
                  | 'sw-noChannel'
                  | 'sw-noSecureMessaging'
                  | 'sw-wrongStructure'
                  | 'sw-securityNotSatisfied'
                  | 'sw-methodBlocked'
                  | 'sw-dataInvalidated'
                  | 'sw-conditionsNotSatisfied'
                  | 'sw-noFileSelected'
                  | 'sw-channelNotSatisfied'
                  | 'sw-wrongData'
                  | 'sw-functionNotSupported'
                  | 'sw-fileNotFound'
                  | 'sw-recordNotFound'
                  | 'sw-noMemory'
                  | 'sw-wrongP1P2'
                  | 'sw-lcNotFitting'
                  | 'sw-dataNotFound'
                  | 'sw-fileExists'
                  | 'sw-nameExists'
                  | 'sw-wrongOffset'
                  | 'sw-noInstruction'
                  | 'sw-noClass'
                  | 'sw-noDiagnosis'
                  | 'sw-maximumReached'
                  | 'sw-wrongMac'
                  | 'sw-sessionExpired'
                  | 'sw-contextNotSupported'
                  | 'sw-keyFreshness'
                  | 'sw-noMemoryForAuthentication'
                  | 'sw-responseWaits'
                  | 'sw-wrongLe'
                  | 'sw-commandWaits'
                  | 'sw-aboutTransfer'
                  | 'sw-triesLeft'
                  | 'sw-unnamed';
                readonly values: Readonly<Record<string, string | number>>;
              };
            }
          | undefined;
        readonly sheets: readonly {
          readonly id: string;
          readonly title: string;
          readonly titled?:
            | {
                readonly code:
                  | 'caIdentifier'
                  | 'applicationIdentifier'
                  | 'applicationLabel'
                  | 'discretionaryData'
                  | 'applicationTemplate'
                  | 'fcpTemplate'
                  | 'cardData'
                  | 'fciTemplate'
                  | 'fileSize'
                  | 'totalFileSize'
                  | 'fileDescriptor'
                  | 'fileIdentifier'
                  | 'dfName'
                  | 'proprietaryInformation'
                  | 'shortFileIdentifier'
                  | 'lifeCycleStatus'
                  | 'lifeCycleState'
                  | 'securityAttributesByRule'
                  | 'securityAttributesCompact'
                  | 'scpIdentifier'
                  | 'serialNumber'
                  | 'keyUsage'
                  | 'keyType'
                  | 'keyLength'
                  | 'controlReferenceTemplate'
                  | 'publicPoint'
                  | 'pinStatusTemplate'
                  | 'authenticationResponse'
                  | 'synchronisationFailure'
                  | 'keyInformationTemplate'
                  | 'curve'
                  | 'subjectIdentifier'
                  | 'expirationDate'
                  | 'effectiveDate'
                  | 'signature'
                  | 'ephemeralPublicKey'
                  | 'certificate'
                  | 'publicKey'
                  | 'certificateStore'
                  | 'receipt'
                  | 'commandDetails'
                  | 'deviceIdentities'
                  | 'sourceDevice'
                  | 'destinationDevice'
                  | 'result'
                  | 'duration'
                  | 'alphaIdentifier'
                  | 'address'
                  | 'capabilityConfiguration'
                  | 'subaddress'
                  | 'supplementaryService'
                  | 'ussd'
                  | 'smsTpdu'
                  | 'cellBroadcastPage'
                  | 'textString'
                  | 'tone'
                  | 'item'
                  | 'itemIdentifier'
                  | 'responseLength'
                  | 'fileList'
                  | 'location'
                  | 'helpRequest'
                  | 'networkMeasurement'
                  | 'defaultText'
                  | 'nextActions'
                  | 'eventList'
                  | 'cause'
                  | 'locationStatus'
                  | 'transactionIdentifier'
                  | 'bcchChannels'
                  | 'icon'
                  | 'itemIcons'
                  | 'cardReaderStatus'
                  | 'cardAtr'
                  | 'commandApdu'
                  | 'responseApdu'
                  | 'timerIdentifier'
                  | 'timerValue'
                  | 'dateTime'
                  | 'atCommand'
                  | 'atResponse'
                  | 'bcRepeat'
                  | 'immediateResponse'
                  | 'dtmf'
                  | 'language'
                  | 'timingAdvance'
                  | 'aid'
                  | 'browserIdentity'
                  | 'url'
                  | 'bearers'
                  | 'provisioningFile'
                  | 'browserTermination'
                  | 'bearerDescription'
                  | 'channelData'
                  | 'channelDataLength'
                  | 'channelStatus'
                  | 'bufferSize'
                  | 'cardReaderIdentifier'
                  | 'transport'
                  | 'otherAddress'
                  | 'accessTechnology'
                  | 'displayParameters'
                  | 'esn'
                  | 'networkAccessName'
                  | 'textAttribute'
                  | 'itemTextAttributes'
                  | 'batteryState'
                  | 'browsingStatus'
                  | 'searchMode'
                  | 'framesInformation'
                  | 'frame'
                  | 'plmnList'
                  | 'updateAttachType'
                  | 'rejectionCause'
                  | 'trackingArea'
                  | 'proactiveCommand'
                  | 'smsPpDownload'
                  | 'callControl'
                  | 'eventDownload'
                  | 'data'
                  | 'dataObject'
                  | 'noCommand'
                  | 'noResponse'
                  | 'fileOrApplication'
                  | 'cipherText'
                  | 'hostChallenge'
                  | 'hostCryptogram'
                  | 'cardChallenge'
                  | 'cardCryptogram'
                  | 'diversification'
                  | 'keyVersion'
                  | 'newKeyVersion'
                  | 'keys'
                  | 'protocol'
                  | 'parameterI'
                  | 'sequenceCounter'
                  | 'tag'
                  | 'value'
                  | 'convention'
                  | 'groups'
                  | 'historical'
                  | 'messageType'
                  | 'relayMessageType'
                  | 'typeAndKeySequence'
                  | 'keySequence'
                  | 'locationArea'
                  | 'classmark'
                  | 'identity'
                  | 'identityType'
                  | 'extension'
                  | 'service'
                  | 'bearer'
                  | 'called'
                  | 'reference'
                  | 'originator'
                  | 'destination'
                  | 'userDataHeader'
                  | 'partOfMessage'
                  | 'securedPacket'
                  | 'shortPacket'
                  | 'cipheredBody'
                  | 'status'
                  | 'securedData'
                  | 'padding'
                  | 'commands'
                  | 'statusWord'
                  | 'rand'
                  | 'autn'
                  | 'auts'
                  | 'res'
                  | 'rpdu'
                  | 'tpdu'
                  | 'imei'
                  | 'imeiSv'
                  | 'version'
                  | 'direction'
                  | 'nonce'
                  | 'reason'
                  | 'trigger'
                  | 'state'
                  | 'unanswered'
                  | 'provedImei'
                  | 'claimedImei'
                  | 'evidence'
                  | 'support'
                  | 'supportCounter'
                  | 'previousSupport'
                  | 'counter'
                  | 'pairingKeyVersion'
                  | 'root'
                  | 'trust'
                  | 'roots'
                  | 'trustDigest'
                  | 'order'
                  | 'imeiDigest'
                  | 'validAuthentications'
                  | 'text'
                  | 'policy'
                  | 'date'
                  | 'revoked'
                  | 'gate'
                  | 'graceAuthentications'
                  | 'proveEvery'
                  | 'proveBeforeCall'
                  | 'reportEvery'
                  | 'unansweredLimit'
                  | 'pairingLocked'
                  | 'terminalCannotProve'
                  | 'proveAtBoot'
                  | 'brokenProtectionLimit'
                  | 'sheetCommand'
                  | 'sheetResponse'
                  | 'sheetReset'
                  | 'sheetLayer3'
                  | 'sheetImei'
                  | 'sheetUserData'
                  | 'sheetPlainCommand'
                  | 'sheetPlainResponse'
                  | 'sheetPlainPacket';
                readonly values: Readonly<Record<string, string | number>>;
              }
            | undefined;
          readonly octets: string;
          readonly nodes: readonly {
            readonly level: number;
            readonly name: string;
            readonly named?:
              | {
                  readonly code:
                    | 'caIdentifier'
                    | 'applicationIdentifier'
                    | 'applicationLabel'
                    | 'discretionaryData'
                    | 'applicationTemplate'
                    | 'fcpTemplate'
                    | 'cardData'
                    | 'fciTemplate'
                    | 'fileSize'
                    | 'totalFileSize'
                    | 'fileDescriptor'
                    | 'fileIdentifier'
                    | 'dfName'
                    | 'proprietaryInformation'
                    | 'shortFileIdentifier'
                    | 'lifeCycleStatus'
                    | 'lifeCycleState'
                    | 'securityAttributesByRule'
                    | 'securityAttributesCompact'
                    | 'scpIdentifier'
                    | 'serialNumber'
                    | 'keyUsage'
                    | 'keyType'
                    | 'keyLength'
                    | 'controlReferenceTemplate'
                    | 'publicPoint'
                    | 'pinStatusTemplate'
                    | 'authenticationResponse'
                    | 'synchronisationFailure'
                    | 'keyInformationTemplate'
                    | 'curve'
                    | 'subjectIdentifier'
                    | 'expirationDate'
                    | 'effectiveDate'
                    | 'signature'
                    | 'ephemeralPublicKey'
                    | 'certificate'
                    | 'publicKey'
                    | 'certificateStore'
                    | 'receipt'
                    | 'commandDetails'
                    | 'deviceIdentities'
                    | 'sourceDevice'
                    | 'destinationDevice'
                    | 'result'
                    | 'duration'
                    | 'alphaIdentifier'
                    | 'address'
                    | 'capabilityConfiguration'
                    | 'subaddress'
                    | 'supplementaryService'
                    | 'ussd'
                    | 'smsTpdu'
                    | 'cellBroadcastPage'
                    | 'textString'
                    | 'tone'
                    | 'item'
                    | 'itemIdentifier'
                    | 'responseLength'
                    | 'fileList'
                    | 'location'
                    | 'helpRequest'
                    | 'networkMeasurement'
                    | 'defaultText'
                    | 'nextActions'
                    | 'eventList'
                    | 'cause'
                    | 'locationStatus'
                    | 'transactionIdentifier'
                    | 'bcchChannels'
                    | 'icon'
                    | 'itemIcons'
                    | 'cardReaderStatus'
                    | 'cardAtr'
                    | 'commandApdu'
                    | 'responseApdu'
                    | 'timerIdentifier'
                    | 'timerValue'
                    | 'dateTime'
                    | 'atCommand'
                    | 'atResponse'
                    | 'bcRepeat'
                    | 'immediateResponse'
                    | 'dtmf'
                    | 'language'
                    | 'timingAdvance'
                    | 'aid'
                    | 'browserIdentity'
                    | 'url'
                    | 'bearers'
                    | 'provisioningFile'
                    | 'browserTermination'
                    | 'bearerDescription'
                    | 'channelData'
                    | 'channelDataLength'
                    | 'channelStatus'
                    | 'bufferSize'
                    | 'cardReaderIdentifier'
                    | 'transport'
                    | 'otherAddress'
                    | 'accessTechnology'
                    | 'displayParameters'
                    | 'esn'
                    | 'networkAccessName'
                    | 'textAttribute'
                    | 'itemTextAttributes'
                    | 'batteryState'
                    | 'browsingStatus'
                    | 'searchMode'
                    | 'framesInformation'
                    | 'frame'
                    | 'plmnList'
                    | 'updateAttachType'
                    | 'rejectionCause'
                    | 'trackingArea'
                    | 'proactiveCommand'
                    | 'smsPpDownload'
                    | 'callControl'
                    | 'eventDownload'
                    | 'data'
                    | 'dataObject'
                    | 'noCommand'
                    | 'noResponse'
                    | 'fileOrApplication'
                    | 'cipherText'
                    | 'hostChallenge'
                    | 'hostCryptogram'
                    | 'cardChallenge'
                    | 'cardCryptogram'
                    | 'diversification'
                    | 'keyVersion'
                    | 'newKeyVersion'
                    | 'keys'
                    | 'protocol'
                    | 'parameterI'
                    | 'sequenceCounter'
                    | 'tag'
                    | 'value'
                    | 'convention'
                    | 'groups'
                    | 'historical'
                    | 'messageType'
                    | 'relayMessageType'
                    | 'typeAndKeySequence'
                    | 'keySequence'
                    | 'locationArea'
                    | 'classmark'
                    | 'identity'
                    | 'identityType'
                    | 'extension'
                    | 'service'
                    | 'bearer'
                    | 'called'
                    | 'reference'
                    | 'originator'
                    | 'destination'
                    | 'userDataHeader'
                    | 'partOfMessage'
                    | 'securedPacket'
                    | 'shortPacket'
                    | 'cipheredBody'
                    | 'status'
                    | 'securedData'
                    | 'padding'
                    | 'commands'
                    | 'statusWord'
                    | 'rand'
                    | 'autn'
                    | 'auts'
                    | 'res'
                    | 'rpdu'
                    | 'tpdu'
                    | 'imei'
                    | 'imeiSv'
                    | 'version'
                    | 'direction'
                    | 'nonce'
                    | 'reason'
                    | 'trigger'
                    | 'state'
                    | 'unanswered'
                    | 'provedImei'
                    | 'claimedImei'
                    | 'evidence'
                    | 'support'
                    | 'supportCounter'
                    | 'previousSupport'
                    | 'counter'
                    | 'pairingKeyVersion'
                    | 'root'
                    | 'trust'
                    | 'roots'
                    | 'trustDigest'
                    | 'order'
                    | 'imeiDigest'
                    | 'validAuthentications'
                    | 'text'
                    | 'policy'
                    | 'date'
                    | 'revoked'
                    | 'gate'
                    | 'graceAuthentications'
                    | 'proveEvery'
                    | 'proveBeforeCall'
                    | 'reportEvery'
                    | 'unansweredLimit'
                    | 'pairingLocked'
                    | 'terminalCannotProve'
                    | 'proveAtBoot'
                    | 'brokenProtectionLimit'
                    | 'sheetCommand'
                    | 'sheetResponse'
                    | 'sheetReset'
                    | 'sheetLayer3'
                    | 'sheetImei'
                    | 'sheetUserData'
                    | 'sheetPlainCommand'
                    | 'sheetPlainResponse'
                    | 'sheetPlainPacket';
                  readonly values: Readonly<Record<string, string | number>>;
                }
              | undefined;
            readonly tag?: string | undefined;
            readonly from: number;
            readonly to: number;
            readonly value?: string | undefined;
            readonly meaning?: string | undefined;
            readonly said?:
              | readonly {
                  readonly code:
                    | 'term'
                    | 'classInterindustry'
                    | 'classProprietary'
                    | 'channel'
                    | 'secureMessaging'
                    | 'octetsOfData'
                    | 'octetsOfPadding'
                    | 'octetsWanted'
                    | 'supportImei'
                    | 'toldImei'
                    | 'saidImei'
                    | 'forSupport'
                    | 'commandPacketLength'
                    | 'commandHeaderLength'
                    | 'responsePacketLength'
                    | 'responseHeaderLength'
                    | 'applicationItIsFor'
                    | 'applicationThatAnswers'
                    | 'commandFollows'
                    | 'responseFollows'
                    | 'noIdentity'
                    | 'cipherOfSession'
                    | 'cipherOfPacket'
                    | 'macVerified'
                    | 'macNotChecked'
                    | 'macFailed'
                    | 'keysInside'
                    | 'uiccHoldsKeys'
                    | 'counterOfPacket'
                    | 'checksum'
                    | 'integrity'
                    | 'ciphered'
                    | 'notCiphered'
                    | 'counter-none'
                    | 'counter-unchecked'
                    | 'counter-higher'
                    | 'counter-exactlyOneHigher'
                    | 'proof-never'
                    | 'proof-always'
                    | 'proof-onError'
                    | 'algorithm'
                    | 'device-1'
                    | 'device-2'
                    | 'device-17'
                    | 'device-23'
                    | 'device-129'
                    | 'device-130'
                    | 'device-131'
                    | 'device-other'
                    | 'general-performed'
                    | 'general-partialComprehension'
                    | 'general-missingInformation'
                    | 'general-additionalEfsRead'
                    | 'general-iconNotDisplayed'
                    | 'general-modifiedByCallControl'
                    | 'general-limitedService'
                    | 'general-performedWithModification'
                    | 'general-naaNotActive'
                    | 'general-toneNotPlayed'
                    | 'general-terminatedByUser'
                    | 'general-backwardMove'
                    | 'general-noResponseFromUser'
                    | 'general-helpRequired'
                    | 'general-ussdTerminatedByUser'
                    | 'general-terminalBusy'
                    | 'general-networkBusy'
                    | 'general-userRefused'
                    | 'general-callClearedBeforeConnection'
                    | 'general-timerStateContradiction'
                    | 'general-callControlTemporaryProblem'
                    | 'general-browserError'
                    | 'general-mmsTemporaryProblem'
                    | 'general-beyondCapabilities'
                    | 'general-typeNotUnderstood'
                    | 'general-dataNotUnderstood'
                    | 'general-numberNotKnown'
                    | 'general-supplementaryServiceError'
                    | 'general-smsRpError'
                    | 'general-valuesMissing'
                    | 'general-ussdError'
                    | 'general-multipleCardError'
                    | 'general-callControlPermanentProblem'
                    | 'general-bearerIndependentProtocolError'
                    | 'general-accessTechnologyError'
                    | 'general-framesError'
                    | 'general-mmsError'
                    | 'general-other'
                    | 'por-ok'
                    | 'por-checkFailed'
                    | 'por-counterLow'
                    | 'por-counterHigh'
                    | 'por-counterBlocked'
                    | 'por-cipheringError'
                    | 'por-unidentifiedSecurityError'
                    | 'por-insufficientMemory'
                    | 'por-moreTimeNeeded'
                    | 'por-tarUnknown'
                    | 'por-insufficientSecurityLevel'
                    | 'por-responseFollowsBySubmit'
                    | 'por-responseFollowsByUssd'
                    | 'por-other'
                    | 'direction-report'
                    | 'direction-answer'
                    | 'direction-acknowledgement'
                    | 'evidence-scp11a'
                    | 'evidence-scp03'
                    | 'evidence-static'
                    | 'result-proved'
                    | 'result-provedOther'
                    | 'result-notProven'
                    | 'result-refuted'
                    | 'reason-none'
                    | 'reason-noCardReader'
                    | 'reason-noAnswer'
                    | 'reason-errorStatusWord'
                    | 'reason-brokenProtection'
                    | 'reason-badOctets'
                    | 'reason-profileTooSmall'
                    | 'reason-commandRefused'
                    | 'reason-terminalBusy'
                    | 'reason-userRefused'
                    | 'reason-terminalContradicts'
                    | 'reason-claimedImeiDiffers'
                    | 'reason-pairedImeiDiffers'
                    | 'reason-foreignRoot'
                    | 'reason-counterWentBack'
                    | 'reason-pairingLocked'
                    | 'reason-revoked'
                    | 'reason-wrongCryptogram'
                    | 'trigger-boot'
                    | 'trigger-call'
                    | 'trigger-authentications'
                    | 'trigger-operator'
                    | 'trigger-interval'
                    | 'trigger-silence'
                    | 'state-unproven'
                    | 'state-grace'
                    | 'state-enabled'
                    | 'state-tracked'
                    | 'state-blockedLocally'
                    | 'state-blockedByOperator'
                    | 'state-keysStopped'
                    | 'order-permit'
                    | 'order-track'
                    | 'order-block'
                    | 'order-stopKeys'
                    | 'order-unblock'
                    | 'order-rePair'
                    | 'order-reportNow'
                    | 'order-setPolicy'
                    | 'order-setRoots'
                    | 'terminalCannotProve-grace'
                    | 'terminalCannotProve-permit'
                    | 'terminalCannotProve-block'
                    | 'gate-open'
                    | 'gate-enable'
                    | 'sw-normalEnd'
                    | 'sw-toolkitBusy'
                    | 'sw-noInformation'
                    | 'sw-corrupted'
                    | 'sw-endReached'
                    | 'sw-fileDeactivated'
                    | 'sw-fileTerminated'
                    | 'sw-moreData'
                    | 'sw-moreDataAndCommand'
                    | 'sw-responseData'
                    | 'sw-authenticationFailed'
                    | 'sw-moreDataExpected'
                    | 'sw-errorUnchanged'
                    | 'sw-errorChanged'
                    | 'sw-memoryProblem'
                    | 'sw-wrongLength'
                    | 'sw-noChannel'
                    | 'sw-noSecureMessaging'
                    | 'sw-wrongStructure'
                    | 'sw-securityNotSatisfied'
                    | 'sw-methodBlocked'
                    | 'sw-dataInvalidated'
                    | 'sw-conditionsNotSatisfied'
                    | 'sw-noFileSelected'
                    | 'sw-channelNotSatisfied'
                    | 'sw-wrongData'
                    | 'sw-functionNotSupported'
                    | 'sw-fileNotFound'
                    | 'sw-recordNotFound'
                    | 'sw-noMemory'
                    | 'sw-wrongP1P2'
                    | 'sw-lcNotFitting'
                    | 'sw-dataNotFound'
                    | 'sw-fileExists'
                    | 'sw-nameExists'
                    | 'sw-wrongOffset'
                    | 'sw-noInstruction'
                    | 'sw-noClass'
                    | 'sw-noDiagnosis'
                    | 'sw-maximumReached'
                    | 'sw-wrongMac'
                    | 'sw-sessionExpired'
                    | 'sw-contextNotSupported'
                    | 'sw-keyFreshness'
                    | 'sw-noMemoryForAuthentication'
                    | 'sw-responseWaits'
                    | 'sw-wrongLe'
                    | 'sw-commandWaits'
                    | 'sw-aboutTransfer'
                    | 'sw-triesLeft'
                    | 'sw-unnamed';
                  readonly values: Readonly<Record<string, string | number>>;
                }[]
              | undefined;
          }[];
          readonly plainOf?: { readonly sheet: string; readonly from: number; readonly to: number } | undefined;
        }[];
        readonly alteration?:
          | {
              readonly sheet: string;
              readonly ranges: readonly { readonly from: number; readonly to: number }[];
              readonly given: string;
              readonly at: number;
            }
          | undefined;
        readonly brokenSeals: readonly {
          readonly sheet: string;
          readonly from: number;
          readonly to: number;
          readonly received: string;
          readonly computed?: string | undefined;
        }[];
      }[];
    };
  };
  /** Short messages that passed the service centre, newest first; `next` is the `before` of the next page. */
  'GET /api/v1/laboratory/short-messages': {
    path: undefined;
    query: {
      readonly handset?: string | undefined;
      readonly before?: number | undefined;
      readonly limit?: number | undefined;
    };
    body: undefined;
    answer: {
      readonly messages: readonly {
        readonly number: number;
        readonly at: string;
        readonly handset: string;
        readonly direction: 'toOperator' | 'toHandset';
        readonly isDropped: boolean;
        readonly replayOf?: number | undefined;
        readonly octets: string;
      }[];
      readonly next: number;
    };
  };
  /** Loses the next `count` short messages of a handset in one direction; 0 takes that back. */
  'PUT /api/v1/laboratory/drops': {
    path: undefined;
    query: undefined;
    body: { readonly handset: string; readonly direction: 'toOperator' | 'toHandset'; readonly count: number };
    answer: {
      readonly drops: readonly {
        readonly handset: string;
        readonly direction: 'toOperator' | 'toHandset';
        readonly left: number;
      }[];
    };
  };
  /** Sends a copy of a short message, octet for octet, as an attacker who kept it would. */
  'POST /api/v1/laboratory/short-messages/{message}/replays': {
    path: { readonly message: number };
    query: undefined;
    body: Readonly<Record<string, never>>;
    answer: { readonly number: number };
  };
  /** Plays a scenario twice from one seed, each time in a fresh world, and compares every octet. */
  'POST /api/v1/laboratory/replays': {
    path: undefined;
    query: undefined;
    body: { readonly scenario: 'honest' | 'forged' | 'stolen' | 'lying'; readonly seed?: string | undefined };
    answer: {
      readonly scenario: 'honest' | 'forged' | 'stolen' | 'lying';
      readonly seed: string;
      readonly hops: number;
      readonly isSame: boolean;
      readonly firstDifference?: number | undefined;
      readonly digest: string;
      readonly exchange: {
        readonly number: number;
        readonly handset: string;
        readonly kind:
          | 'powerOn'
          | 'powerOff'
          | 'call'
          | 'emergencyCall'
          | 'message'
          | 'replay'
          | 'report'
          | 'order'
          | 'check';
        readonly at: string;
        readonly outcome?:
          | {
              readonly kind:
                | 'attached'
                | 'rejected'
                | 'uiccRefused'
                | 'noNetwork'
                | 'noUsim'
                | 'connected'
                | 'notAllowed'
                | 'failed'
                | 'done'
                | 'off'
                | 'powerCut'
                | 'same'
                | 'different'
                | 'putAside'
                | 'answered'
                | 'delivered'
                | 'notDelivered'
                | 'acknowledged';
              readonly code?: number | undefined;
            }
          | undefined;
        readonly hops: number;
        readonly storyHops: number;
        readonly steps: readonly (101 | 102 | 103 | 104)[];
        readonly isAltered: boolean;
      };
    };
  };
}
