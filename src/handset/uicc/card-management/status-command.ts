import { CodecError, concat, sameOctets } from '#base/codec/index.ts';
import { type Answer, answerWith, refuse } from '#handset/card/index.ts';
import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import {
  APPLICATION_STATE,
  type RegistryLine,
  SECURITY_DOMAIN_MODULE,
  SECURITY_DOMAIN_PACKAGE,
  type StatusSearch,
  statusLine,
  statusSearch,
} from '#protocol/card-management/index.ts';
import { IMEI_LOCK_AID } from '#protocol/imei-lock/index.ts';
import type { ManagedCard } from './managed-card.ts';
import { type Domain, ISSUER } from './registry.ts';
import type { Requester } from './requester.ts';

/** P1 of GET STATUS (GPC 2.3.1 table 11-30). */
const SUBSET = { issuer: 0x80, applications: 0x40, loadFiles: 0x20, loadFilesAndModules: 0x10 } as const;
/** P2: next occurrences (b1), tagged form (b2). */
const NEXT = 0x01;
const TAGGED = 0x02;
const MORE_DATA = 0x6310;
const NO_PRIVILEGES = new Uint8Array(3);
const LOADED = 0x01;

/** The IMEI lock in the registry: an application of the issuer's that no card management command can change. */
export const lockLine = (issuer: Uint8Array): RegistryLine => ({
  aid: IMEI_LOCK_AID,
  lifeCycle: APPLICATION_STATE.selectable,
  privileges: NO_PRIVILEGES,
  domain: issuer,
});

function domainLine({ lifeCycle, registry }: ManagedCard, domain: Domain): RegistryLine {
  const { aid, privileges, number, parent } = domain;
  if (number === ISSUER) return { aid, lifeCycle: lifeCycle.state, privileges };
  const above = registry.at(parent)?.aid;
  return {
    aid,
    lifeCycle: domain.lifeCycle,
    privileges,
    loadFile: SECURITY_DOMAIN_PACKAGE,
    ...(above && { domain: above }),
  };
}

function packageLine(issuer: Uint8Array, withModules: boolean): RegistryLine {
  const line = { aid: SECURITY_DOMAIN_PACKAGE, lifeCycle: LOADED, domain: issuer };
  return withModules ? { ...line, modules: [SECURITY_DOMAIN_MODULE] } : line;
}

/** What a domain sees of the registry: the issuer everything, another itself and what belongs to it. */
function linesFor(card: ManagedCard, p1: number, requester: number): readonly RegistryLine[] | undefined {
  const { registry } = card;
  const issuer = registry.at(ISSUER);
  if (issuer === undefined) return undefined;
  const isIssuer = requester === ISSUER;
  switch (p1) {
    case SUBSET.issuer:
      return isIssuer ? [domainLine(card, issuer)] : [];
    case SUBSET.applications: {
      const visible = registry
        .domains()
        .filter(
          ({ number, parent }) => number !== ISSUER && (isIssuer || number === requester || parent === requester),
        );
      const lines = visible.map((domain) => domainLine(card, domain));
      return isIssuer ? [lockLine(issuer.aid), ...lines] : lines;
    }
    case SUBSET.loadFiles:
    case SUBSET.loadFilesAndModules:
      return isIssuer ? [packageLine(issuer.aid, p1 === SUBSET.loadFilesAndModules)] : [];
    default:
      return undefined;
  }
}

function searchIn(data: Uint8Array): StatusSearch | undefined {
  try {
    return statusSearch.decode(data);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** GET STATUS (GPC 2.3.1 11.4): as many whole lines as fit, 6310 when there are more, which P2 b1 asks for. */
export function getStatus({ p1, p2, data }: CommandApdu, card: ManagedCard, requester: Requester): Answer {
  const { conversation, room } = requester;
  const left = conversation.rest;
  conversation.rest = undefined;
  if ((p2 & ~(NEXT | TAGGED)) !== 0) return refuse(SW.wrongParameters);
  if ((p2 & NEXT) !== 0)
    return left?.p1 === p1 ? asManyAsFit(left.lines, p1, requester) : refuse(SW.conditionsOfUseNotSatisfied);
  const search = searchIn(data);
  if (search === undefined) return refuse(SW.wrongData);
  const lines = linesFor(card, p1, requester.domain);
  if (lines === undefined) return refuse(SW.wrongParameters);
  const { aid, tags } = search;
  const found = lines.filter((line) => sameOctets(line.aid.subarray(0, aid.length), aid));
  if (found.length === 0) return refuse(SW.referencedDataNotFound);
  const form = (p2 & TAGGED) === 0 ? 'bare' : 'tagged';
  const written = found.map((line) => statusLine(line, form, tags));
  return (written[0]?.length ?? 0) > room ? refuse(SW.wrongLength) : asManyAsFit(written, p1, requester);
}

function asManyAsFit(lines: readonly Uint8Array[], p1: number, { conversation, room }: Requester): Answer {
  let count = 0;
  for (let octets = 0; count < lines.length; count++) {
    octets += lines[count]?.length ?? 0;
    if (octets > room) break;
  }
  const data = concat(...lines.slice(0, count));
  if (count === lines.length) return answerWith(data);
  conversation.rest = { p1, lines: lines.slice(count) };
  return { statusWord: MORE_DATA, data };
}
