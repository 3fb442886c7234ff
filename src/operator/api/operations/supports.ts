import Type from 'typebox';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { form } from '../form.ts';
import { operation } from '../operation.ts';
import { Count, closed, Hex, Limit, list, rowsOf, Text, Time } from '../schema.ts';
import { optionalTime, time } from '../view.ts';

const Support = closed({
  identity: {
    ...Hex,
    description: 'of the support; of one that `assay factory` made, also the serial number of its certificate',
  },
  uiccs: { ...Count, description: 'UICCs that ever met it' },
  inUse: { ...Count, description: 'of those, UICCs that have it now' },
  firstAt: { ...Time, description: 'when a report told of it first' },
  lastReportAt: Type.Optional({
    ...Time,
    description: 'newest last report of a UICC that names it; missing: they moved on',
  }),
  isRevoked: Type.Boolean({ description: 'a certificate of this serial number is revoked' }),
});

/** Storage supports that UICCs met. */
export const supportOperations = [
  operation({
    id: 'getSupports',
    method: 'GET',
    path: '/api/v1/supports',
    tag: 'subscribers',
    summary: 'Storage supports (2) that proved an IMEI to a UICC, in order of their identities.',
    permission: 'subscribers.read',
    query: closed({
      after: Type.Optional(form('formPlace', '^([0-9A-F]{2}){8}$')),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ supports: list(Support), next: Type.Optional(Text) }),
    run({ sources: { evidence }, query }) {
      const rows = rowsOf(query.limit);
      const found = evidence.supports.page(query.after === undefined ? NO_OCTETS : fromHex(query.after), rows);
      const last = found.at(-1);
      return {
        supports: found.map(({ identity, firstAt, lastReportAt, ...support }) => ({
          ...{ ...support, identity: toHex(identity) },
          firstAt: time(firstAt),
          lastReportAt: optionalTime(lastReportAt),
        })),
        next: last !== undefined && found.length === rows ? toHex(last.identity) : undefined,
      };
    },
  }),
] as const;
