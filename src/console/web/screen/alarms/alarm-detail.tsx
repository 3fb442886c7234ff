import { useEffect, useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { authorWords } from '../../part/author-words.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Fact } from '../../part/fact.tsx';
import { Field } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, type TextName, t } from '../../text/index.ts';
import { SeverityBadge } from './inbox.tsx';
import { type Alarm, alarmWords, isOnlyEnglish, kindWords, stateWords } from './words.ts';

const ACTS = ['acknowledge', 'assign', 'close', 'reopen'] as const;
type Act = (typeof ACTS)[number];
const WHAT: Readonly<Record<Act, TextName>> = {
  acknowledge: 'alarms.acknowledgeWhat',
  assign: 'alarms.assignWhat',
  close: 'alarms.closeWhat',
  reopen: 'alarms.reopenWhat',
};

/** What can be done with an alarm in its state. */
const actsOf = ({ state }: Alarm): readonly Act[] =>
  state === 'open'
    ? ['acknowledge', 'assign', 'close']
    : state === 'acknowledged'
      ? ['assign', 'close', 'reopen']
      : ['reopen'];

/** The chosen alarm with all that is known of it, and what can be done. */
export function AlarmDetail({
  id,
  me,
  onChanged,
}: {
  readonly id: number | undefined;
  readonly me: string;
  onChanged(): void;
}) {
  const { value, problem, again } = useRead('/api/v1/alarms/{id}', id === undefined ? undefined : { path: { id } });
  return (
    <section class="panel alarm" aria-label={t('alarms.chosen')}>
      {id === undefined && <p class="soft">{t('alarms.choose')}</p>}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {id !== undefined && value === undefined && problem === undefined && <Loading />}
      {value && (
        <Chosen
          alarm={value.alarm}
          me={me}
          onChanged={() => {
            again();
            onChanged();
          }}
        />
      )}
    </section>
  );
}

function Chosen({ alarm, me, onChanged }: { readonly alarm: Alarm; readonly me: string; onChanged(): void }) {
  const [act, setAct] = useState<Act>();
  return (
    <>
      <h2>{kindWords(alarm.kind)}</h2>
      <p>
        <SeverityBadge severity={alarm.severity} /> {stateWords(alarm.state)}
      </p>
      <p>{alarmWords(alarm)}</p>
      {may('alarms.decide') && (
        <div class="commands">
          {actsOf(alarm).map((one) => (
            <Button key={one} onClick={() => setAct(one)}>
              {t(`alarms.${one}`)}
            </Button>
          ))}
        </div>
      )}
      <AlarmFacts alarm={alarm} />
      {isOnlyEnglish(alarm) && (
        <p class="soft">
          {t('alarms.recorded')} <span lang="en">{alarm.text}</span>
        </p>
      )}
      {act && (
        <Deciding
          key={act}
          {...{ alarm, act, me }}
          onDone={() => {
            setAct(undefined);
            onChanged();
          }}
          onClose={() => setAct(undefined)}
        />
      )}
    </>
  );
}

function AlarmFacts({ alarm }: { readonly alarm: Alarm }) {
  const { imei, imsi, support, firstAt, lastAt, times, assignee, note, changedBy, reopened } = alarm;
  return (
    <dl class="facts">
      {imei && (
        <Fact words={t('alarms.imei')}>
          <Identity value={imei} {...(/^\d+$/.test(imei) && { href: `/devices/${imei}` })} />
        </Fact>
      )}
      {imsi && (
        <Fact words={t('alarms.imsi')}>
          <Identity value={imsi} {...(/^\d+$/.test(imsi) && { href: `/devices?search=${imsi}` })} />
        </Fact>
      )}
      {support && (
        <Fact words={t('devices.support')}>
          <Identity value={support} href={`/devices?search=${support}`} />
        </Fact>
      )}
      <Fact words={t('alarms.first')}>
        <Time at={firstAt} />
      </Fact>
      <Fact words={t('alarms.last')}>
        <Time at={lastAt} />
      </Fact>
      <Fact words={t('alarms.times')}>{numberText(times)}</Fact>
      <Fact words={t('alarms.assignee')}>{assignee ?? <span class="soft">{t('alarms.nobody')}</span>}</Fact>
      {note !== '' && (
        <Fact words={t('alarms.note')}>{t('alarms.noteBy', { note, author: authorWords(changedBy ?? '') })}</Fact>
      )}
      {reopened > 0 && <Fact words={t('alarms.state')}>{t('alarms.reopened', { count: reopened })}</Fact>}
    </dl>
  );
}

/** Does it; `assignee` only matters when somebody is to be assigned. */
function decide(id: number, act: Act, reason: string, assignee: string) {
  const path = { id };
  switch (act) {
    case 'acknowledge':
      return send('POST /api/v1/alarms/{id}/acknowledgement', { path, body: { reason } });
    case 'close':
      return send('POST /api/v1/alarms/{id}/closure', { path, body: { reason } });
    case 'reopen':
      return send('POST /api/v1/alarms/{id}/reopening', { path, body: { reason } });
    case 'assign':
      return send('POST /api/v1/alarms/{id}/assignment', {
        path,
        body: { reason, ...(assignee !== '' && { assignee }) },
      });
  }
}

function Deciding({
  alarm,
  act,
  me,
  onDone,
  onClose,
}: {
  readonly alarm: Alarm;
  readonly act: Act;
  readonly me: string;
  onDone(): void;
  onClose(): void;
}) {
  const [assignee, setAssignee] = useState(me);
  useEffect(() => setAssignee(me), [me]);
  return (
    <Confirm
      title={`${t(`alarms.${act}`)}: ${kindWords(alarm.kind)}`}
      action={t(`alarms.${act}`)}
      act={(reason) => decide(alarm.id, act, reason, assignee.trim())}
      onDone={({ isChanged }) => {
        say(isChanged ? t('alarms.done', { kind: kindWords(alarm.kind) }) : t('alarms.unchanged'));
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t(WHAT[act])}</p>
      {act === 'assign' && (
        <Field label={t('alarms.assignName')} at="/assignee" value={assignee} onInput={setAssignee} />
      )}
    </Confirm>
  );
}
