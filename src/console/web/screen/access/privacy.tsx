import { useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, type TextName, t } from '../../text/index.ts';
import { Subject } from './subject.tsx';

type Rule = AnswerOf<'GET /api/v1/retention'>['rules'][number];

/** How long what is kept, and what is done with the data of one subject. */
export function Privacy() {
  return (
    <>
      <Retention />
      {may('privacy.export') && <Subject />}
    </>
  );
}

function Retention() {
  const { value, problem, again } = useRead('/api/v1/retention', {});
  const [changing, setChanging] = useState<Rule>();
  if (value === undefined)
    return problem === undefined ? <Loading /> : <ProblemNote problem={problem} onRetry={again} />;
  const { rules, lastRun } = value;
  return (
    <section class="access-block">
      <Table
        caption={t('access.retention')}
        rows={rules}
        keyOf={({ name }) => name}
        empty=""
        columns={[
          {
            name: 'what',
            heading: t('access.what'),
            isRowHeading: true,
            cell: ({ name }) => t(`access.${name.replace('.', '-')}` as TextName),
          },
          { name: 'days', heading: t('access.days'), isNumber: true, cell: ({ days }) => numberText(days) },
          {
            name: 'erased',
            heading: t('access.lastErased'),
            isNumber: true,
            cell: ({ name }) => (lastRun === undefined ? '' : numberText(lastRun.erased[name] ?? 0)),
          },
          {
            name: 'act',
            heading: t('access.act'),
            cell: (rule) =>
              may('settings.change') && <Button onClick={() => setChanging(rule)}>{t('access.changeDays')}</Button>,
          },
        ]}
      />
      <p class="soft">
        {t('access.retentionText')} {lastRun && <LastRun at={lastRun.at} />}
      </p>
      {changing && (
        <ChangeDays
          rule={changing}
          onClose={(isDone) => {
            setChanging(undefined);
            if (isDone) again();
          }}
        />
      )}
    </section>
  );
}

const LastRun = ({ at }: { readonly at: string }) => (
  <>
    {t('access.lastRun')} <Time at={at} />.
  </>
);

function ChangeDays({ rule, onClose }: { readonly rule: Rule; onClose(isDone: boolean): void }) {
  const [days, setDays] = useState(String(rule.days));
  const words = t(`access.${rule.name.replace('.', '-')}` as TextName);
  return (
    <Confirm
      title={t('access.changeDaysTitle', { what: words })}
      action={t('access.save')}
      act={(reason) =>
        send('PUT /api/v1/settings/{name}', { path: { name: rule.name }, body: { value: days, reason } })
      }
      onDone={() => {
        say(t('access.daysChanged'), 'good');
        onClose(true);
      }}
      onClose={() => onClose(false)}
    >
      <p>{t('access.changeDaysText')}</p>
      <Field
        label={t('access.days')}
        at="/value"
        type="number"
        hint={t('access.daysHint', { days: rule.standard })}
        value={days}
        onInput={setDays}
      />
    </Confirm>
  );
}
