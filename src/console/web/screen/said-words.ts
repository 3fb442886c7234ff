import { type Said, saidWords, type TextName, t, timeText } from '../text/index.ts';
import { lockWords, orderWords, reasonWords } from './devices/words.ts';
import { isReason } from './lists/reasons.ts';

const STATUSES: Readonly<Record<string, TextName>> = {
  permitted: 'part.permitted',
  tracking: 'part.tracking',
  prohibited: 'part.prohibited',
};

/** Values of sentences that are codes or times, by the names they stand under. */
const VALUES: Readonly<Record<string, (value: string) => string>> = {
  ...{ proofReason: reasonWords, order: orderWords, lock: lockWords, at: timeText },
  listReason: (reason) => (isReason(reason) ? t(`lists.reason-${reason}`) : reason),
  status: (status) => (STATUSES[status] === undefined ? status : t(STATUSES[status])),
};

/** What the operator said about alarms, orders and decisions, in the language in use; `english` as it said it. */
export const operatorWords = (
  group: 'finding' | 'reason' | 'outcome' | 'hopDetail',
  said: Said | readonly Said[] | undefined,
  english: string,
): string =>
  saidWords(group, said, english, (values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const words = VALUES[name];
        return [name, words === undefined || typeof value === 'number' ? value : words(value)];
      }),
    ),
  );
