import Type from 'typebox';
import { Imei } from '#base/identity/index.ts';
import { EVIDENCE_LEVELS } from '#operator/evidence/index.ts';
import { CURSOR_PATTERN } from '../cursors.ts';
import { form } from '../form.ts';
import { parsed } from '../given.ts';
import { operation } from '../operation.ts';
import {
  Count,
  closed,
  GivenImei,
  Hex,
  IccidText,
  Identity,
  Limit,
  list,
  names,
  rowsOf,
  ShownImei,
  Text,
  Time,
} from '../schema.ts';
import { claimantView, clusterView } from '../view.ts';

const EvidenceLevel = names(EVIDENCE_LEVELS, 'how this subscriber’s use of this IMEI is known');

const Claimant = closed({
  imsi: Identity,
  iccid: Type.Optional({ ...IccidText, description: 'of the UICC, if it is one of this operator’s' }),
  level: EvidenceLevel,
  firstAt: Time,
  lastAt: Time,
  times: Count,
  isGenuine: Type.Boolean({ description: 'this subscriber’s UICC proves the IMEI now' }),
});

const Because = closed(
  {
    code: names(['nobodyProves', 'severalSupports', 'proved', 'provedToSeveral']),
    supports: Type.Optional(Type.Array(Text, { description: 'storage supports that all prove it' })),
    support: Type.Optional(Type.Union([Hex, Text], { description: 'the storage support that proved it' })),
    level: Type.Optional(EvidenceLevel),
    provedAt: Type.Optional(Time),
    uiccs: Type.Optional({ ...Count, description: 'UICCs that it proved the IMEI to' }),
  },
  'why this one is genuine, or why nobody is named',
);

/** An IMEI and who uses it, as it is answered. */
export const ClusterOf = {
  imei: ShownImei,
  genuine: Type.Optional(Identity),
  because: Because,
  argument: Type.String({ description: '`because` in words, for people' }),
  subscribers: Type.Integer({ minimum: 0, description: 'how many use it' }),
  isExact: Type.Boolean({ description: 'false above a thousand: `subscribers` was counted as they came' }),
  claimants: Type.Array(Claimant, { description: 'some of them: those who prove it first, then those seen last' }),
};

/** Claimants shown with each cluster of a page. */
const EACH = 5;
const CLUSTER_PLACE = /^(\d{1,15})\.(\d{1,15})$/;

function placeOf(written: string | undefined) {
  const [, subscribers, id] = CLUSTER_PLACE.exec(written ?? '') ?? [];
  return subscribers === undefined ? undefined : { subscribers: Number(subscribers), id: Number(id) };
}

/** IMEIs of several subscribers. */
export const clusterOperations = [
  operation({
    id: 'getClusters',
    method: 'GET',
    path: '/api/v1/clusters',
    tag: 'subscribers',
    summary:
      'IMEIs that several subscribers use, the most used first, each with its genuine one when a proof names it.',
    description: `Each with at most ${EACH} of its claimants; /api/v1/clusters/{imei}/claimants has all.`,
    permission: 'evidence.read',
    showsIdentities: true,
    query: closed({
      after: Type.Optional(form('formPlace', CLUSTER_PLACE.source)),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ clusters: list(closed(ClusterOf)), next: Type.Optional(Text) }),
    run({ sources: { evidence }, query, identities }) {
      const { clusters, next } = evidence.clusters.page(placeOf(query.after), rowsOf(query.limit), EACH);
      return {
        clusters: clusters.map((cluster) => clusterView(cluster, identities)),
        next: next && `${next.subscribers}.${next.id}`,
      };
    },
  }),
  operation({
    id: 'getClaimants',
    method: 'GET',
    path: '/api/v1/clusters/:imei/claimants',
    tag: 'subscribers',
    summary: 'Who uses an IMEI, in pages.',
    description: 'In ascending order of IMSI. `next` is sealed: it tells no digits, and nobody else can make one.',
    permission: 'evidence.read',
    showsIdentities: true,
    params: closed({ imei: GivenImei }),
    query: closed({
      after: Type.Optional({ ...form('formPlace', CURSOR_PATTERN), description: 'The `next` of the page before.' }),
      limit: Type.Optional(Limit),
    }),
    answer: closed({ claimants: list(Claimant), next: Type.Optional(Text) }),
    run({ sources: { evidence, cursors }, params, query, identities }) {
      const imei = parsed(Imei.parse, params.imei, 'imei');
      const rows = rowsOf(query.limit);
      const of = `claimants ${imei.equipment}`;
      const after = query.after === undefined ? '' : cursors.open(of, query.after, 'after');
      const found = evidence.clusters.claimants(imei, after, rows);
      const last = found.length === rows ? found.at(-1) : undefined;
      return {
        claimants: found.map((one) => claimantView(one, identities)),
        next: last && cursors.seal(of, last.imsi),
      };
    },
  }),
] as const;
