import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingApplication } from './application.fixture.ts';
import { personalisedMedium, RECORD, SELECT_USIM, subjectOn } from './uicc.fixture.ts';

const VERIFY = '002000010834373131FFFFFFFF';
const SUSPEND = '80760000040105010A';
const ANY_RESUME = '80760100080102030405060708';

function suspendedCard() {
  const medium = personalisedMedium({ ...RECORD, pin: '4711' });
  const card = subjectOn(medium);
  card.send(SELECT_USIM);
  card.expect(['80100000021FFF', '9000'], [VERIFY, '9000'], ['00A4010C025F3B', '9000'], ['00A4000C024F20', '9000']);
  const response = card.send(`${SUSPEND}00`);
  assert.match(response, /^010A[0-9A-F]{16}9000$/);
  return { medium, token: response.slice(4, 20) };
}

test('SUSPEND UICC: with its token a card goes on where it was: PIN, application, file, terminal profile', () => {
  const { medium, token } = suspendedCard();
  const app = recordingApplication();
  const later = subjectOn(medium, { application: app.make });
  later.expect(
    [`8076010008${token}`, '9000'],
    ['00B0000009', 'FFFFFFFFFFFFFFFF079000'],
    ['80F2000100', '8410A0000000871002FFFFFFFF89070900009000'],
    ['00A4000C027FFF', '9000'],
    ['00B0870000', '0809101000000000109000'],
  );
  // The application hears of the terminal again: what it has to prove it proves anew.
  assert.deepEqual(app.heard.slice(0, 2), ['poweredOn', 'profileDownloaded']);
});

test('a token serves once, as the first command, and a wrong one ends it', () => {
  const first = suspendedCard();
  const other = subjectOn(first.medium);
  other.expect([ANY_RESUME, '6A80'], [`8076010008${first.token}`, '6985']);
  other.send(SELECT_USIM);
  other.expect(['00B0870000', '6982']);
  const second = suspendedCard();
  const late = subjectOn(second.medium);
  late.expect(['00A4000C023F00', '9000'], [`8076010008${second.token}`, '6985']);
  const third = suspendedCard();
  subjectOn(third.medium).expect([`8076010008${third.token}`, '9000']);
  subjectOn(third.medium).expect([`8076010008${third.token}`, '6985']);
});

test('durations that make no sense are refused, and nothing is kept', () => {
  const medium = personalisedMedium();
  const card = subjectOn(medium);
  card.expect(
    ['8076000004030100FF', '9864'],
    ['8076000004050105FF', '6A80'],
    ['807600000301050A', '6700'],
    ['80760200040105010A', '6A86'],
    ['80760001040105010A', '6A86'],
    ['00760000040105010A', '6E00'],
  );
  subjectOn(medium).expect([ANY_RESUME, '6985']);
});
