import type { AnswerOf } from '../../api/client.ts';
import { LevelBadge, type Tone } from '../../part/badge.tsx';
import { Icon, type IconName } from '../../part/icon.tsx';
import { Identity } from '../../part/identity.tsx';
import { type Column, Table } from '../../part/table.tsx';
import { Age } from '../../part/time.tsx';
import { type TextName, t } from '../../text/index.ts';
import { screenAt } from '../all-screens.ts';

/** One power-on, as the operator tells it. */
type PowerOn = AnswerOf<'GET /api/v1/overview'>['powerOns'][number];
type Step = PowerOn['steps'][number];
type PowerOnAnswer = NonNullable<PowerOn['answer']>;

const STEP_LOOKS: Readonly<Record<Step['state'], readonly [tone: Tone, icon: IconName, words: TextName]>> = {
  done: ['good', 'permitted', 'overview.stepDone'],
  failed: ['bad', 'refuted', 'overview.stepFailed'],
  waits: ['watch', 'waits', 'overview.stepWaits'],
  unknown: ['plain', 'claimed', 'overview.stepUnknown'],
};

const MEANINGS: Readonly<Record<number, TextName>> = {
  101: 'overview.step101',
  102: 'overview.step102',
  103: 'overview.step103',
  104: 'overview.step104',
};

/** The four steps of the patent's figure 2, each by drawing, number, colour, and in words for those who hear it. */
function Steps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol class="steps">
      {steps.map(({ step, state }) => {
        const [tone, icon, words] = STEP_LOOKS[state];
        const meaning = MEANINGS[step];
        return (
          <li key={step} class={tone} title={meaning && `${step}: ${t(meaning)}`}>
            <Icon name={icon} />
            <span aria-hidden="true">{step}</span>
            <span class="unseen">{t(words, { step: String(step) })}</span>
          </li>
        );
      })}
    </ol>
  );
}

const ORDERS: Readonly<Record<string, readonly [words: TextName, tone: Tone]>> = {
  permit: ['overview.orderPermit', 'good'],
  unblock: ['overview.orderUnblock', 'good'],
  track: ['overview.orderTrack', 'watch'],
  block: ['overview.orderBlock', 'bad'],
  stopKeys: ['overview.orderStopKeys', 'bad'],
  reportNow: ['overview.orderReportNow', 'plain'],
  rePair: ['overview.orderRePair', 'plain'],
};

const STATES: Readonly<Record<PowerOnAnswer['state'], TextName>> = {
  queued: 'overview.stateQueued',
  built: 'overview.stateBuilt',
  sent: 'overview.stateSent',
  acknowledged: 'overview.stateAcknowledged',
  failed: 'overview.stateFailed',
  superseded: 'overview.stateSuperseded',
};

const ORDER_ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'permitted',
  watch: 'tracking',
  bad: 'prohibited',
  plain: 'policy',
};

function Answer({ answer }: { readonly answer: PowerOnAnswer | undefined }) {
  if (answer === undefined) return null;
  const [words, tone] = ORDERS[answer.order] ?? ['overview.orderOther', 'plain'];
  return (
    <>
      <span class={`badge ${tone}`}>
        <Icon name={ORDER_ICONS[tone]} />
        {t(words, { order: answer.order })}
      </span>{' '}
      <span class="soft">{t(STATES[answer.state])}</span>
    </>
  );
}

const columns = (): readonly Column<PowerOn>[] => [
  { name: 'when', heading: t('overview.when'), cell: ({ at }) => <Age at={at} /> },
  {
    name: 'imei',
    heading: t('overview.imei'),
    isRowHeading: true,
    cell: ({ imei, iccid }) =>
      imei === undefined ? (
        <span class="soft">{t('overview.noImei')}</span>
      ) : (
        // By the card: the IMEI may be masked here.
        <Identity value={imei} {...(screenAt('/devices') && { href: `/devices?search=${iccid}` })} />
      ),
  },
  { name: 'steps', heading: t('overview.steps'), cell: ({ steps }) => <Steps steps={steps} /> },
  { name: 'evidence', heading: t('overview.evidence'), cell: ({ level }) => <LevelBadge level={level} /> },
  { name: 'answer', heading: t('overview.answer'), cell: ({ answer }) => <Answer answer={answer} /> },
  { name: 'imsi', heading: t('overview.imsi'), cell: ({ imsi }) => <Identity value={imsi} /> },
];

/** The newest power-ons, the newest first, as they come. */
export function PowerOns({ powerOns }: { readonly powerOns: readonly PowerOn[] }) {
  return (
    <Table
      caption={t('overview.powerOns')}
      columns={columns()}
      rows={powerOns}
      keyOf={({ report }) => report}
      empty={t('overview.noPowerOns')}
    />
  );
}
