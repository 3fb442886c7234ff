import Type from 'typebox';
import { VARIANTS } from '#handset/operating-system/index.ts';
import type { Laboratory } from '#lab/laboratory/index.ts';
import { SCENARIO_NAMES } from '#lab/replay/index.ts';
import { Count, closed, Limit, list, names, type Operation, operation, rowsOf, Text } from '#operator/api/index.ts';
import { done, HandsetName, NOTHING } from './operation.ts';
import { Direction, MessageView, messageView, OS_NAMES } from './view.ts';

const Drop = closed({ handset: Text, direction: Direction, left: Count });
const MOST_DROPPED = 100;

/** What the laboratory can do, and what is set in it. */
export const overviewOperation = ({ messages, exchanges }: Laboratory): Operation =>
  operation({
    id: 'getLaboratory',
    method: 'GET',
    path: '/api/v1/laboratory',
    tag: 'laboratory',
    summary: 'What the laboratory can do: operating systems, scenarios for replays; and which messages it will lose.',
    permission: 'laboratory.read',
    answer: closed({
      operatingSystems: list(closed({ name: names(OS_NAMES), does: Text, needsOtherImei: Type.Boolean() })),
      scenarios: list(names(SCENARIO_NAMES)),
      drops: list(Drop),
      newestHop: Count,
    }),
    run: () => ({
      operatingSystems: OS_NAMES.map((name) => {
        const { does, needsOtherImei } = VARIANTS[name];
        return { name, does, needsOtherImei };
      }),
      scenarios: [...SCENARIO_NAMES],
      drops: messages.drops.map((drop) => ({ ...drop })),
      newestHop: exchanges.newest,
    }),
  });

/** Short messages on their way between handsets and operator. */
export const messageOperations = ({ messages }: Laboratory): readonly Operation[] => [
  operation({
    id: 'listLaboratoryMessages',
    method: 'GET',
    path: '/api/v1/laboratory/short-messages',
    tag: 'laboratory',
    summary: 'Short messages that passed the service centre, newest first; `next` is the `before` of the next page.',
    permission: 'laboratory.read',
    query: closed({
      handset: Type.Optional(HandsetName),
      before: Type.Optional(Count),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ messages: list(MessageView), next: Count }),
    run({ query: { handset, before = Number.MAX_SAFE_INTEGER, limit } }) {
      const found = messages.before(before, rowsOf(limit), handset);
      return { messages: found.map(messageView), next: found.at(-1)?.number ?? 0 };
    },
  }),
  operation({
    id: 'dropLaboratoryMessages',
    method: 'PUT',
    path: '/api/v1/laboratory/drops',
    tag: 'laboratory',
    summary: 'Loses the next `count` short messages of a handset in one direction; 0 takes that back.',
    permission: 'laboratory.drive',
    body: closed({
      handset: HandsetName,
      direction: Direction,
      count: Type.Integer({ minimum: 0, maximum: MOST_DROPPED }),
    }),
    answer: closed({ drops: list(Drop) }),
    run({ body: { handset, direction, count } }) {
      messages.drop(handset, direction, count);
      return { drops: messages.drops.map((drop) => ({ ...drop })) };
    },
  }),
  operation({
    id: 'replayLaboratoryMessage',
    method: 'POST',
    path: '/api/v1/laboratory/short-messages/:message/replays',
    tag: 'laboratory',
    summary: 'Sends a copy of a short message, octet for octet, as an attacker who kept it would.',
    permission: 'laboratory.drive',
    params: closed({ message: Type.Integer({ minimum: 1 }) }),
    body: NOTHING,
    answer: closed({ number: { ...Count, description: 'of the copy' } }),
    problems: ['no-such-resource', 'conflict'],
    run: ({ params: { message } }) => ({ number: done(messages.replay(message)) }),
  }),
];
