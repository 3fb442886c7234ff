import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AnswerOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { authorWords } from '../../part/author-words.ts';
import { LevelBadge } from '../../part/badge.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { alarmWords, kindWords } from '../alarms/words.ts';
import { factName, factValue, saysSomething } from '../fact-words.ts';
import { operatorWords } from '../said-words.ts';
import { type DeviceAnswer, logWords, orderWords, reasonWords, resultWords } from './words.ts';

type Happened = AnswerOf<'GET /api/v1/devices/{id}/timeline'>['happened'][number];

const ROWS = 25;

/** What happened to a device, page by page; read again whenever the device was. */
export function Timeline({ id, device }: { readonly id: string; readonly device: DeviceAnswer }) {
  const pages = usePages();
  const { value, problem, again } = useRead('/api/v1/devices/{id}/timeline', {
    path: { id },
    query: { after: pages.cursor, limit: ROWS },
  });
  useEffect(() => again(), [device]);
  if (problem !== undefined) return <ProblemNote problem={problem} onRetry={again} />;
  if (value === undefined) return <Loading />;
  return (
    <div class="timeline">
      <Table<readonly [number, Happened]>
        caption={t('devices.timeline')}
        rows={value.happened.map((one, at) => [at, one] as const)}
        keyOf={([at, { at: time, source }]) => `${time} ${source} ${at}`}
        empty={t('devices.noTimeline')}
        columns={[
          { name: 'when', heading: t('devices.when'), isRowHeading: true, cell: ([, { at }]) => <Time at={at} /> },
          { name: 'what', heading: t('devices.happened'), cell: ([, one]) => <What one={one} /> },
        ]}
      />
      <Pager caption={t('devices.timeline')} {...pages.steps(value.next)} />
    </div>
  );
}

function What({ one }: { readonly one: Happened }): ComponentChildren {
  switch (one.source) {
    case 'reports': {
      const { counter, result, reason, level } = one.report;
      const words = t('devices.didReport', { counter: String(counter), result: resultWords(result) });
      return (
        <>
          {words}
          {reason !== 'none' && `, ${reasonWords(reason)}`} <LevelBadge level={level} />
        </>
      );
    }
    case 'orders': {
      const { id, order, state, reason, reasonSaid, author } = one.order;
      return (
        <>
          {t('devices.didOrder', { number: String(id), order: orderWords(order), state: stateWords(state) })}{' '}
          <span class="soft">
            {t('devices.fact', {
              name: t('devices.by', { author: authorWords(author) }),
              value: operatorWords('reason', reasonSaid, reason),
            })}
          </span>
        </>
      );
    }
    case 'changes':
      if (one.change.kind === 'duplicateImei') return t('devices.didDuplicate', { imei: one.change.imei });
      return t(one.change.by === 'proof' ? 'devices.didProve' : 'devices.didChange', {
        ...{ from: one.change.from, to: one.change.to },
      });
    case 'findings':
      return (
        <>
          <a href={`/alarms?alarm=${one.finding.id}`}>{kindWords(one.finding.kind)}</a>{' '}
          <span class="soft">{alarmWords(one.finding)}</span>
        </>
      );
    case 'log':
      return <Logged entry={one.entry} />;
  }
}

const STATES = {
  queued: 'devices.stepQueued',
  built: 'devices.stepQueued',
  sent: 'devices.stepSent',
  delivered: 'devices.stepDelivered',
  acknowledged: 'devices.stepAcknowledged',
  superseded: 'devices.stepSuperseded',
} as const;
const isState = (state: string): state is keyof typeof STATES => Object.hasOwn(STATES, state);
const stateWords = (state: string): string =>
  isState(state) ? t(STATES[state]) : state === 'failed' ? t('devices.stepFailed', { outcome: '' }) : state;

type Entry = Extract<Happened, { source: 'log' }>['entry'];

/** An entry of the log: its kind in words, and what it says. */
function Logged({ entry: { kind, author, detail = {}, said: sentences } }: { readonly entry: Entry }) {
  const { number, event, imsi, ...more } = detail;
  if (kind === 'order' && typeof event === 'string')
    return t('devices.didEvent', { number: String(number), event: stateWords(event) });
  const { status, ...facts } = more;
  const isCheck = kind === 'check' && typeof status === 'string';
  const said = Object.entries(isCheck ? facts : more).flatMap(([name, value]) =>
    saysSomething(name, value)
      ? [t('devices.fact', { name: factName(name), value: factValue(name, value, { said: sentences }) })]
      : [],
  );
  return (
    <>
      {isCheck ? t('devices.didCheck', { status: factValue('status', status) }) : logWords(kind)}{' '}
      {!isCheck && <span class="soft">{t('devices.by', { author: authorWords(author) })} </span>}
      <span class="soft">{said.join(', ')}</span>
    </>
  );
}
