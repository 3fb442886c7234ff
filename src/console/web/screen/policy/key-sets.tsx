import { useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Badge, type Tone } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';

const TONES = { coming: 'watch', held: 'good', replaced: 'plain', unused: 'plain' } as const satisfies Readonly<
  Record<string, Tone>
>;
const AGAIN_MILLISECONDS = 5000;
const ROWS = 100;

/** Keys of remote management that were brought to UICCs, and new ones. */
export function KeySets() {
  const pages = usePages();
  const query = { after: pages.cursor, limit: ROWS };
  const { value, problem, again } = useRead('/api/v1/key-sets', { query }, AGAIN_MILLISECONDS);
  const [isAsking, setAsking] = useState(false);
  const [iccid, setIccid] = useState('');
  return (
    <>
      <p class="soft">{t('policy.keysWords')}</p>
      {may('scripts.send') && (
        <div class="policy-actions">
          <Button kind="primary" onClick={() => setAsking(true)}>
            {t('policy.rotate')}
          </Button>
        </div>
      )}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Sets keySets={value.keySets} />}
      <Pager caption={t('policy.keys')} {...pages.steps(value?.next)} />
      {isAsking && (
        <Confirm
          title={t('policy.rotate')}
          action={t('policy.rotate')}
          act={(reason) => send('POST /api/v1/key-sets', { body: { iccid: iccid.trim(), reason } })}
          onDone={({ generation }) => {
            setAsking(false);
            setIccid('');
            say(t('policy.rotating', { generation: numberText(generation) }), 'good');
            again();
          }}
          onClose={() => setAsking(false)}
        >
          <Field label={t('policy.iccid')} at="/iccid" isCode isRequired value={iccid} onInput={setIccid} />
          <p>{t('policy.rotateWords')}</p>
        </Confirm>
      )}
    </>
  );
}

function Sets({ keySets }: { readonly keySets: AnswerOf<'GET /api/v1/key-sets'>['keySets'] }) {
  return (
    <Table
      caption={t('policy.keys')}
      isCaptionHidden
      rows={keySets}
      keyOf={(set) => `${set.iccid} ${set.generation}`}
      empty={t('policy.noKeys')}
      columns={[
        {
          name: 'iccid',
          heading: t('policy.iccid'),
          isRowHeading: true,
          cell: (set) => <Identity value={set.iccid} href={`/devices?search=${set.iccid}`} />,
        },
        {
          name: 'generation',
          heading: t('policy.generation'),
          isNumber: true,
          cell: ({ generation }) => numberText(generation),
        },
        {
          name: 'state',
          heading: t('policy.state'),
          cell: ({ state }) => <Badge tone={TONES[state]}>{t(`policy.state-${state}`)}</Badge>,
        },
        { name: 'madeAt', heading: t('policy.madeAt'), cell: ({ madeAt }) => <Time at={madeAt} /> },
        { name: 'madeBy', heading: t('policy.by'), cell: ({ madeBy }) => madeBy },
        { name: 'settledAt', heading: t('policy.settledAt'), cell: ({ settledAt }) => <Time at={settledAt} /> },
      ]}
    />
  );
}
