import { refusals } from '#base/sentence/index.ts';

const WAITS_NO_MORE = 'look at /api/v1/approvals';
const SETTINGS = 'look at /api/v1/settings for what each may be';

/** Why lists, rules and settings are not changed so. */
export const REGISTER_REFUSALS = refusals({
  expiryPassed: ['a time to come', 'one that has passed', 'choose a later one'],
  textTooLong: ['at most {most} characters', '{came}', 'say it more shortly'],
  nameMissing: ['a name', 'nothing', 'give one'],
  rangeBackwards: ['the first IMEI not above the last', '{first} to {last}', 'exchange them'],
  pairImeisBackwards: ['the first not above the last', '{first} to {last}', 'exchange them'],
  pairImsisBackwards: [
    'two of the same length, the first not above the last',
    'others',
    'exchange them, or write both whole',
  ],
  badPrefix: ['the first {least} to {most} digits of IMSIs', "'{came}'", 'correct the digits'],
  tooManyDefaults: ['at most {most} defaults', 'one more', 'take some away first'],
  badChoice: ['one of {choices}', "'{came}'", SETTINGS],
  badMilliseconds: ['whole milliseconds from 0 on', "'{came}'", SETTINGS],
  badNumber: ['a whole number from {least} to {most}', "'{came}'", SETTINGS],
  badDays: ['whole days from 1 to {most}', "'{came}'", SETTINGS],
  // Approvals
  approverMissing: ['a name', 'nothing', 'say who decides'],
  changeIsMissing: ['one that waits', 'one that is missing', WAITS_NO_MORE],
  changeIsApproved: ['one that waits', 'one that is approved', WAITS_NO_MORE],
  changeIsRejected: ['one that waits', 'one that is rejected', WAITS_NO_MORE],
  changeIsExpired: ['one that waits', 'one that is expired', WAITS_NO_MORE],
  ownProposal: [
    'another person than {author}, who proposed change {id}',
    'the same person',
    'let somebody else decide who holds a token of his own',
  ],
  samePerson: [
    'another person than {author}, who proposed change {id}',
    'one who made the token, or gave the password, that one of the two uses',
    'change a password that somebody else has given you, or let somebody else decide',
  ],
  proposerStopped: [
    'that {author} may still act',
    'one who was stopped',
    'reject it; somebody else may propose it again',
  ],
  fleetNotApproved: ['an order to a fleet that was approved', 'another change', 'look at the approvals'],
  fleetTooLate: ['an order that was approved within a day', 'an older one', 'propose it again'],
  fleetGrew: [
    'what was shown when it was proposed: {shown} UICCs, {shownLosing} handsets that lose service',
    '{changed} UICCs, {losing} handsets that lose service',
    'look at the new numbers, then decide again',
  ],
  stateIsAnother: ['that {name} is as when it was proposed', 'another role or state', 'propose it again'],
  fileIsImported: ['a change of an entry', 'a file', 'import the file'],
  undoIsNoChange: ['a change of an entry', 'the undoing of an import', 'undo the import'],
  fileWanted: ['the file {name} again, imported as approval of it', 'no file', WAITS_NO_MORE],
  changeIsNoImport: ['an import', 'a change about {about}', WAITS_NO_MORE],
  decidedMeanwhile: ['one that waits', 'one that somebody else has decided about meanwhile', WAITS_NO_MORE],
  tooManyWait: [
    'room for one more change that waits',
    '{most} changes that wait already',
    'approve or reject some of them first',
  ],
  otherMeaning: ['{member} {proposed} as it was proposed', '{came}', WAITS_NO_MORE],
  otherFile: [
    'the very file that was proposed (SHA-256 {proposed})',
    '{came}',
    'nothing was changed; look at /api/v1/approvals',
  ],
  // Imports and runs
  importIsMissing: ['an import that still stands', 'none', 'look at /api/v1/imports'],
  importIsRunning: ['an import that still stands', 'running', 'wait for its end'],
  importIsUndone: ['an import that still stands', 'undone', 'look at /api/v1/imports'],
  importUnderWay: [
    'no other import under way',
    'another import (batch {id}, {name}), which is being written',
    'wait for its end, or {seconds} s if its process died',
  ],
  importTakenBack: [
    'an import that goes on',
    'one that somebody has ended, or that stood still for too long',
    'import the file again',
  ],
  importRunIsMissing: ['an import under way', 'none of this number', 'look at /api/v1/import-runs'],
  importRunHasEnded: ['an import under way', 'one that has ended', 'look at /api/v1/import-runs'],
  importRunIsCancelled: ['an import under way', 'one that somebody has cancelled already', 'wait for its end'],
  importCounts: ['an import under way', 'one that counts already', 'undo it where it is not wanted'],
  importedMeanwhile: [
    'no other import under way',
    'another import of {source}, written or undone meanwhile',
    'import the file again',
  ],
  runIsMissing: ['the number of a run that was finished', 'none', 'look at the runs'],
  runIsRunning: ['the number of a run that was finished', 'one that is running', 'wait for its end'],
  runIsAbandoned: ['the number of a run that was finished', 'one that is abandoned', 'generate the lists again'],
  runUnderWay: [
    'no other run beside this one',
    'another run ({id}), which is being written',
    'wait for its end, or {seconds} s if its process died',
  ],
  runTakenBack: [
    'a run that goes on',
    'one that stood still for too long and was taken back',
    'generate the lists again',
  ],
  badOperator: ['1 to 32 letters, digits or -', "'{came}'", 'correct the name'],
  baseNotBefore: ['a run before {run}', '{base}', 'a delta leads from the earlier to the later'],
  // Mappings of columns
  badMapping: ['NAME=COLUMN with a name of {names}', "'{came}'", 'correct the mapping'],
  mappedTwice: ['every name once', "'{name} again'", 'leave one of them out'],
  badMappedWords: ['COLUMN:WORD or COLUMN:WORD|WORD', "'{came}'", 'correct the mapping'],
  badHeader: ['yes or no', "'{came}'", 'correct the mapping'],
  badSeparator: ['one of {choices}', "'{came}'", 'correct the mapping'],
});
