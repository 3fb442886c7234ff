import Type from 'typebox';
import type { KeySetHistory } from '#operator/subscriber/index.ts';
import { form } from '../form.ts';
import { iccidOf } from '../given-uicc.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { capital, ORDERING } from '../refusals.ts';
import {
  CaseReference,
  Count,
  closed,
  GivenImsi,
  IccidText,
  Limit,
  list,
  names,
  Reason,
  rowsOf,
  Text,
  Time,
} from '../schema.ts';
import { optionalTime, time } from '../view.ts';

const KeySet = closed({
  iccid: IccidText,
  generation: { ...Count, description: 'counts the sets of this UICC; 0 came with it and is not listed' },
  state: names(
    ['coming', 'held', 'replaced', 'unused'],
    'coming: sent, and nobody knows yet; held: the UICC proved that it has it; the keys of the last two are erased',
  ),
  madeAt: Time,
  madeBy: Text,
  settledAt: Type.Optional(Time),
});

const view = ({ madeAt, settledAt, ...set }: KeySetHistory) => ({
  ...set,
  madeAt: time(madeAt),
  settledAt: optionalTime(settledAt),
});

/** Beyond every generation: the first row of a UICC. */
const HIGHEST = 2 ** 31;

/** The keys of remote management (key set 03), and their rotation. */
export const keySetOperations = [
  operation({
    id: 'getKeySets',
    method: 'GET',
    path: '/api/v1/key-sets',
    tag: 'commands',
    summary: 'Key sets that were brought to UICCs over the air, in order of ICCID, the newest of each first.',
    description: 'A UICC that is not here holds the keys that it came with (generation 0).',
    permission: 'commands.read',
    query: closed({
      after: Type.Optional(form('formPlace', '^\\d{18,20}(,\\d{1,9})?$')),
      iccid: Type.Optional({ ...IccidText, description: 'Of this UICC only.' }),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ keySets: list(KeySet), next: Type.Optional(Text) }),
    run({ sources: { subscribers }, query }) {
      const { packetKeys } = subscribers;
      const rows = rowsOf(query.limit);
      const [iccid = '', generation = '0'] = (query.after ?? '').split(',');
      const of = query.iccid;
      const page = packetKeys.history(
        of === undefined
          ? { iccid, generation: Number(generation) }
          : { iccid: of, generation: query.after === undefined ? HIGHEST : Number(generation) },
        rows,
      );
      const found = of === undefined ? page : page.filter((set) => set.iccid === of);
      const last = found.at(-1);
      return {
        keySets: found.map(view),
        next: last !== undefined && found.length === rows ? `${last.iccid},${last.generation}` : undefined,
      };
    },
  }),
  operation({
    id: 'rotateKeys',
    method: 'POST',
    path: '/api/v1/key-sets',
    tag: 'commands',
    summary: 'Brings a UICC new keys for its remote management, over the air.',
    description:
      'It is queued durably when this answers. Old and new keys are kept and tried in turns until a proof of receipt says which set the UICC holds, so a lost message cuts nobody off.',
    permission: 'scripts.send',
    body: closed({
      iccid: Type.Optional(IccidText),
      imsi: Type.Optional(GivenImsi),
      reason: Reason,
      caseReference: Type.Optional(CaseReference),
    }),
    status: 201,
    answer: closed({ order: Type.Integer({ description: 'its number in the outbox' }), generation: Count }),
    problems: ['conflict'],
    run({ sources: { gateway, subscribers }, body, author }) {
      const { reason, caseReference } = body;
      const result = gateway.rotateKeys({
        iccid: iccidOf(subscribers, body),
        ...{ author, reason },
        ...(caseReference !== undefined && { caseReference }),
      });
      if (result.kind === 'queued') return { order: result.order, generation: result.generation };
      throw new ProblemError(result.why === 'noAuthorOrReason' ? 'invalid-value' : 'conflict', {
        ...ORDERING.say(`rotation${capital(result.why)}`),
        at: result.why === 'noAuthorOrReason' ? '/reason' : '/iccid',
      });
    },
  }),
] as const;
