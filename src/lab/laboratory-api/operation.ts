import type { IncomingMessage } from 'node:http';
import Type from 'typebox';
import type { Exchange } from '#lab/exchange/index.ts';
import { type Done, isRefusal, type Laboratory, type Refusal } from '#lab/laboratory/index.ts';
import { type Call, closed, type Operation, ProblemError } from '#operator/api/index.ts';

const OWN_ADDRESS = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Throws ProblemError unless the caller is on this machine. */
export function onlyHere({ socket }: IncomingMessage): void {
  if (OWN_ADDRESS.test(socket.remoteAddress ?? '')) return;
  throw new ProblemError('not-permitted', {
    expected: 'a caller on this machine',
    got: 'another',
    advice: 'drive the laboratory from the machine it runs on',
  });
}

/** What every operation of the laboratory is: for callers on this machine, under one tag. */
export function ofLaboratory(operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation) => ({
    ...operation,
    run(call: Call) {
      onlyHere(call.request);
      return operation.run(call);
    },
  }));
}

const PROBLEM = { unknown: 'no-such-resource', busy: 'conflict', conflict: 'conflict' } as const;

/** A refusal of the laboratory as a problem. */
export function problemOf({ why, expected, got, advice }: Refusal): ProblemError {
  return new ProblemError(PROBLEM[why], { expected, got, advice });
}

/** What was done, or the refusal thrown as a problem. */
export function done<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw problemOf(result);
  return result;
}

/** Body of an operation that needs nothing said; as JSON, so that no page elsewhere can send it. */
export const NOTHING = closed({}, 'an empty object');

/** A handset's name. */
export const HandsetName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9 .-]{0,23}$',
  title: 'the name of a handset: 1 to 24 letters, digits, spaces, dots and hyphens',
});

/** The exchange that something made, as it stands. */
export const exchangeMade = (laboratory: Laboratory, result: Done | Refusal): Exchange | undefined =>
  laboratory.exchangeOf(done(result));
