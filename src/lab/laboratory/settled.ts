import type { ExchangeLog, Hop } from '#protocol/exchange/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { HandsetSeat } from './handset-seat.ts';

/** How long nothing may happen before a conversation is over, in milliseconds; the gateway on loopback looks for orders every 40. */
const QUIET_MILLISECONDS = 160;
/** A conversation that does not end is left to itself: a UICC whose reports are suppressed tries again at each poll. */
const MOST_ROUNDS = 12;
/** Without a network nobody answers the UICC. */
const ROUNDS_WITHOUT_NETWORK = 1;
/** The terminal's poll is no news. */
const POLL = 'STATUS';

const isNews = ({ record }: Hop) => record.name !== POLL;

/** Polls the UICC of a handset until handset, network and operator have nothing more to say to each other. */
export async function settled(seat: HandsetSeat, exchanges: ExchangeLog, scheduler: Scheduler): Promise<void> {
  const pause = () => new Promise<void>((resolve) => scheduler.after(QUIET_MILLISECONDS, resolve));
  const only = { handset: seat.setup.name };
  const rounds = seat.isOn && seat.handset.isAttached ? MOST_ROUNDS : ROUNDS_WITHOUT_NETWORK;
  for (let round = 0; round < rounds; round++) {
    const before = exchanges.newest;
    if (seat.isOn) {
      await seat.handset.settled();
      await seat.handset.poll();
    }
    await pause();
    if (!exchanges.after(before, Number.POSITIVE_INFINITY, only).some(isNews)) return;
  }
}
