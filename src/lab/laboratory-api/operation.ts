import type { IncomingMessage } from 'node:http';
import { refusals } from '#base/sentence/index.ts';
import { type Done, isRefusal, LABORATORY_REFUSALS, type Laboratory, type Refusal } from '#lab/laboratory/index.ts';
import { type Call, closed, form, type Operation, ProblemError } from '#operator/api/index.ts';
import type { Exchange } from '#protocol/exchange/index.ts';

/** Why the laboratory is not driven, beside its own reasons. */
export const DRIVING_REFUSALS = refusals({
  otherMachine: ['a caller on this machine', 'another', 'drive the laboratory from the machine it runs on'],
  replayRuns: ['one replay at a time', 'another', 'wait until it is done'],
});

const REFUSAL_CODES: readonly string[] = [...DRIVING_REFUSALS.codes, ...LABORATORY_REFUSALS.codes];

const OWN_ADDRESS = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Throws ProblemError unless the caller is on this machine. */
export function onlyHere({ socket }: IncomingMessage): void {
  if (OWN_ADDRESS.test(socket.remoteAddress ?? '')) return;
  throw new ProblemError('not-permitted', DRIVING_REFUSALS.say('otherMachine'));
}

/** What every operation of the laboratory is: for callers on this machine, under one tag. */
export function ofLaboratory(operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation) => ({
    ...operation,
    refusals: REFUSAL_CODES,
    run(call: Call) {
      onlyHere(call.request);
      return operation.run(call);
    },
  }));
}

const PROBLEM = { unknown: 'no-such-resource', busy: 'conflict', conflict: 'conflict' } as const;

/** A refusal of the laboratory as a problem. */
export function problemOf({ why, expected, got, advice, said }: Refusal): ProblemError {
  return new ProblemError(PROBLEM[why], { expected, got, advice, said });
}

/** What was done, or the refusal thrown as a problem. */
export function done<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw problemOf(result);
  return result;
}

/** Body of an operation that needs nothing said; as JSON, so that no page elsewhere can send it. */
export const NOTHING = closed({}, 'an empty object');

/** A handset's name. */
export const HandsetName = form('formHandsetName', '^[A-Za-z0-9][A-Za-z0-9 .-]{0,23}$');

/** The exchange that something made, as it stands. */
export const exchangeMade = (laboratory: Laboratory, result: Done | Refusal): Exchange | undefined =>
  laboratory.exchangeOf(done(result));
