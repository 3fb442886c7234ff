import Type from 'typebox';
import { type ImsiDefault, UNKNOWN_ANSWERS } from '#operator/register/index.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { RESOURCE } from '../refusals.ts';
import { Author, closed, ImsiPrefix, Limit, list, names, Reason, rowsOf, Text, Time } from '../schema.ts';
import { time } from '../view.ts';

const Answer = names(UNKNOWN_ANSWERS, "`unknown`: the interface's own word for it (404, 5422)");
const Default = closed({ prefix: ImsiPrefix, answer: Answer, note: Text, author: Author, addedAt: Time });

const defaultView = ({ addedAt, ...one }: ImsiDefault) => ({ ...one, addedAt: time(addedAt) });

/** What is answered about unknown equipment, by IMSI prefix. */
export const imsiDefaultOperations = [
  operation({
    id: 'getImsiDefaults',
    method: 'GET',
    path: '/api/v1/imsi-defaults',
    tag: 'settings',
    summary: 'What subscribers get whose handset nothing is known of, by the first digits of their IMSI.',
    description: 'The longest prefix counts; where none fits, the setting `unknown.…` of the interface does.',
    permission: 'settings.read',
    query: closed({
      after: Type.Optional({ ...ImsiPrefix, description: 'Behind this prefix: the `next` of the page before.' }),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ defaults: list(Default), next: Type.Optional(ImsiPrefix) }),
    run({ sources: { register }, query }) {
      const rows = rowsOf(query.limit);
      const found = register.imsiDefaults.page(query.after ?? '', rows);
      return { defaults: found.map(defaultView), next: found.length === rows ? found.at(-1)?.prefix : undefined };
    },
  }),
  operation({
    id: 'setImsiDefault',
    method: 'POST',
    path: '/api/v1/imsi-defaults',
    tag: 'settings',
    summary: 'Sets what subscribers with this IMSI prefix get when nothing is known of their handset.',
    permission: 'settings.change',
    body: closed({ prefix: ImsiPrefix, answer: Answer, reason: Reason }),
    answer: closed({ prefix: ImsiPrefix, answer: Answer }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { prefix, answer, reason } = call.body;
      const change = { about: 'imsiDefault', change: 'add', prefix, answer, note: reason } as const;
      const proposal = proposed(call, change, reason);
      return 'waiting' in proposal ? proposal : { prefix, answer };
    },
  }),
  operation({
    id: 'removeImsiDefault',
    method: 'POST',
    path: '/api/v1/imsi-defaults/removals',
    tag: 'settings',
    summary: 'Takes such a default away: a shorter prefix counts then, or the setting of the interface.',
    permission: 'settings.change',
    body: closed({ prefix: ImsiPrefix, reason: Reason }),
    answer: closed({ removed: Type.Boolean() }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { prefix, reason } = call.body;
      const proposal = proposed(call, { about: 'imsiDefault', change: 'remove', prefix }, reason);
      if ('waiting' in proposal) return proposal;
      if (!proposal.isChanged) throw new ProblemError('conflict', { ...RESOURCE.say('prefixUnknown'), at: '/prefix' });
      return { removed: true };
    },
  }),
] as const;
