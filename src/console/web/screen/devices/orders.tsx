import { authorWords } from '../../part/author-words.ts';
import { Icon } from '../../part/icon.tsx';
import { Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { numberText, t, timeText } from '../../text/index.ts';
import { operatorWords } from '../said-words.ts';
import { type OrderAnswer, orderWords } from './words.ts';

/** Orders of one UICC with the true state of each. */
export function Orders({
  orders,
  lockState,
}: {
  readonly orders: readonly OrderAnswer[];
  /** What the lock of the UICC is known to be. */
  readonly lockState: string | undefined;
}) {
  const isUnheard = orders.some(({ state, deliveredAt }) => state === 'sent' && deliveredAt === undefined);
  return (
    <>
      {isUnheard && BLOCKED.includes(lockState ?? '') && <p class="note">{t('devices.blockedHears')}</p>}
      <Table<OrderAnswer>
        caption={t('devices.orders')}
        rows={orders.slice(0, MOST)}
        keyOf={({ id }) => id}
        empty={t('devices.noOrders')}
        columns={[
          {
            name: 'order',
            heading: t('devices.order'),
            isRowHeading: true,
            cell: ({ id, order }) => `${numberText(id)} ${orderWords(order)}`,
          },
          { name: 'delivery', heading: t('devices.delivery'), cell: (order) => <Delivery order={order} /> },
          { name: 'author', heading: t('devices.author'), cell: ({ author }) => authorWords(author) },
          {
            name: 'reason',
            heading: t('devices.reason'),
            cell: ({ reason, reasonSaid, caseReference }) =>
              `${operatorWords('reason', reasonSaid, reason)} ${caseReference}`.trim(),
          },
        ]}
      />
    </>
  );
}
const MOST = 6;
/** States of the lock in which no network is answered any more. */
const BLOCKED: readonly string[] = ['blockedLocally', 'blockedByOperator', 'keysStopped'];

interface Step {
  readonly words: string;
  readonly isDone: boolean;
  readonly at?: string | undefined;
}

function stepsOf({ state, at, sentAt, deliveredAt, doneAt }: OrderAnswer): readonly Step[] {
  const isAcknowledged = state === 'acknowledged';
  // Receipts overtake each other: a later step says that the earlier ones were taken.
  const isDelivered = deliveredAt !== undefined || isAcknowledged;
  return [
    { words: t('devices.stepQueued'), isDone: true, at },
    { words: t('devices.stepSent'), isDone: sentAt !== undefined || isDelivered, at: sentAt },
    { words: t('devices.stepDelivered'), isDone: isDelivered, at: deliveredAt },
    { words: t('devices.stepAcknowledged'), isDone: isAcknowledged, at: isAcknowledged ? doneAt : undefined },
  ];
}

/** How far an order is: every step that was made, with its time; or how it ended. */
export function Delivery({ order }: { readonly order: OrderAnswer }) {
  const { state, attempts } = order;
  const outcome = operatorWords('outcome', order.outcomeSaid, order.outcome);
  const isOver = state === 'failed' || state === 'superseded';
  const steps = stepsOf(order).filter(({ isDone }) => isDone || !isOver);
  return (
    <ol class="delivery">
      {steps.map(({ words, isDone, at }) => (
        <li key={words} class={isDone ? 'good' : 'soft'}>
          <Icon name={isDone ? 'permitted' : 'waits'} />
          {isDone ? words : t('devices.stepWaits', { step: words })} {at && <Time at={at} />}
        </li>
      ))}
      {order.heldUntil !== undefined && (
        <li class="soft">{t('devices.heldUntil', { at: timeText(order.heldUntil) })}</li>
      )}
      {state === 'sent' && outcome !== '' && <li class="watch">{outcome}</li>}
      {state === 'failed' && (
        <li class="bad">
          <Icon name="refuted" />
          {t('devices.stepFailed', { outcome })}
        </li>
      )}
      {state === 'superseded' && <li class="soft">{t('devices.stepSuperseded')}</li>}
      {attempts > 1 && <li class="soft">{t('devices.attempts', { count: attempts })}</li>}
    </ol>
  );
}
