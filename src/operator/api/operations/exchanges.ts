import type { Exchange } from '#protocol/exchange/index.ts';
import { callerMay } from '../caller.ts';
import type { EventStreams } from '../event-stream.ts';
import { type ExchangePlace, exchangeOperationsOf } from '../exchange-operations.ts';
import type { Call, Operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { DOOR } from '../refusals.ts';
import { IccidText } from '../schema.ts';
import type { ApiSources } from '../sources.ts';

/** The same person who looks at the same exchange again for the same reason is recorded again after so long. */
const RECORDED_MILLISECONDS = 3_600_000;
const MOST_RECORDED = 1000;

/** Who looked at the octets of whose exchange, and why: once for an exchange, not for every hop that is stepped through. */
class OctetReads {
  readonly #recorded = new Map<string, number>();

  note({ sources: { audit, clock }, author, identities: { reason } }: Call, { number, handset }: Exchange): void {
    const key = JSON.stringify([author, number, reason]);
    const before = this.#recorded.get(key);
    if (before !== undefined && clock.now() - before < RECORDED_MILLISECONDS) return;
    if (this.#recorded.size >= MOST_RECORDED) this.#recorded.clear();
    this.#recorded.set(key, clock.now());
    const detail = { what: 'octets of an exchange', exchange: number, reason: reason ?? null };
    audit.append({ kind: 'read', author, subject: handset, detail });
  }
}

const seesOctets = ({ identities, caller }: Call): boolean => identities.areWhole && callerMay(caller, 'imeis.whole');

const ABOUT =
  'In memory only: the newest hops of this process, a day old at most; an erasure takes them away. Octets have IMEI, IMSI and MSISDN in them: they are given with `identities=whole`, and that is recorded. Packets of the IMEI lock are opened by the operator’s keys; no key is shown.';

function place(): ExchangePlace {
  const reads = new OctetReads();
  return {
    ...{ tag: 'exchanges', permission: 'exchanges.read', path: '/api/v1', name: '' },
    ...{ handset: IccidText, about: ABOUT, isPersonal: true },
    log({ exchanges }: ApiSources) {
      exchanges?.sweep();
      return exchanges;
    },
    shown(call, hop) {
      const { exchanges } = call.sources;
      const opened = exchanges?.openedOf(hop) ?? { plainOf: () => undefined, mark: 0, macsOver: () => [] };
      const reasons = exchanges?.reasonsOf(hop) ?? [];
      return { opened, reasons, identities: call.identities, isWithheld: !seesOctets(call) };
    },
    given(call, exchange) {
      if (!seesOctets(call))
        throw new ProblemError('not-permitted', { ...DOOR.say('octetsNeedWhole'), at: 'identities' });
      reads.note(call, exchange);
    },
  };
}

/** What this process of the operator took part in. */
export const exchangeOperations = (streams: EventStreams): readonly Operation[] =>
  exchangeOperationsOf(place(), streams);
