import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootsRecord, USUAL_POLICY } from '#handset/uicc/lock-personalisation.ts';
import { FINGERPRINT_LENGTH, MOST_ROOTS } from '#protocol/imei-lock/index.ts';
import { LOCK_KEY, lastingState, learnt, shownPairing, VITAL_RECORDS } from './memory.ts';
import { pairing } from './pairing.ts';

test('the room set aside for each record of the lock is what its largest value takes', () => {
  const eight = new Uint8Array(8);
  const facts = {
    result: 'refuted',
    reason: 'pairedImeiDiffers',
    provedImei: eight,
    claimedImei: eight,
    support: eight,
    root: new Uint8Array(FINGERPRINT_LENGTH),
    certificate: new Uint8Array(FINGERPRINT_LENGTH),
  } as const;
  const largest = new Map<number, Uint8Array>([
    [
      LOCK_KEY.lasting,
      lastingState.encode({
        policy: { ...USUAL_POLICY, acceptedEvidence: ['scp11a', 'scp03', 'static'] },
        block: 'none',
        blockReason: 'none',
        tracked: true,
        brokenProofs: 255,
        unprovenAuthentications: 65535,
        sinceReport: 65535,
        permitLeft: 65535,
        unanswered: 255,
        outstanding: { nonce: eight, imeiDigest: eight, facts },
        reported: facts,
        silent: true,
        owed: 'interval',
      }),
    ],
    [
      LOCK_KEY.pairing,
      pairing.encode({
        support: eight,
        imei: eight,
        counter: 0xffffff,
        keyVersion: 1,
        enc: new Uint8Array(16),
        mac: new Uint8Array(16),
        dek: new Uint8Array(16),
        origin: { root: new Uint8Array(FINGERPRINT_LENGTH), certificate: new Uint8Array(FINGERPRINT_LENGTH) },
      }),
    ],
    [LOCK_KEY.learnt, learnt.encode({ date: 20261124, revoked: Array.from({ length: 64 }, () => new Uint8Array(16)) })],
    [LOCK_KEY.shown, shownPairing.encode({ isOk: true, nextRecord: 10, imei: eight })],
    [
      LOCK_KEY.roots,
      rootsRecord(
        Array.from({ length: MOST_ROOTS }, () => ({
          caIdentifier: new Uint8Array(16),
          publicPoint: new Uint8Array(65),
        })),
      ),
    ],
  ]);
  assert.deepEqual(
    VITAL_RECORDS.map(([key]) => [key, largest.get(key)?.length]),
    VITAL_RECORDS.map(([key, octets]) => [key, octets]),
  );
});
