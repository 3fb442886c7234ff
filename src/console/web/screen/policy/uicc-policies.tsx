import { useState } from 'preact/hooks';
import { type Answer, type AnswerOf, type Problem, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { type Column, Pager, Table } from '../../part/table.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { reasonWords } from '../devices/words.ts';
import {
  CHOICE_NAMES,
  CHOICES,
  type Change,
  COUNT_NAMES,
  changeOf,
  choiceWord,
  type RuleName,
  valueWord,
  wrongCount,
} from './rules.ts';

type Preview = AnswerOf<'POST /api/v1/policies/preview'>;
type Chosen = Readonly<Partial<Record<RuleName, string>>>;
type Whom = '' | 'free' | 'locked';
interface Previewed {
  readonly change: Change;
  readonly select: Change;
  readonly preview: Preview;
}

/** Rules of the locks: what a change would mean, and the order for it. */
export function UiccPolicies() {
  const [chosen, setChosen] = useState<Chosen>({});
  const [whom, setWhom] = useState<Whom>('');
  const [previewed, setPreviewed] = useState<Previewed>();
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const [isOrdering, setOrdering] = useState(false);
  const wrong = wrongCount(chosen);
  const change = changeOf(chosen);
  const isNothing = Object.keys(change).length === 0;
  const choose = (next: Chosen) => {
    setChosen(next);
    setPreviewed(undefined);
  };
  const preview = async () => {
    setBusy(true);
    const select: Change = whom === '' ? {} : { pairing: whom };
    const answer = await send('POST /api/v1/policies/preview', { body: { select, change } });
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem);
    setPreviewed(answer.ok ? { change, select, preview: answer.value } : undefined);
  };
  return (
    <>
      <p class="soft">{t('policy.uiccsWords')}</p>
      <Form
        className="policy-form"
        problem={problem}
        onSubmit={() => {
          if (!isNothing && wrong === undefined && !isBusy) void preview();
        }}
        actions={
          <div class="policy-actions">
            <Button type="submit" kind="primary" isBusy={isBusy} isDisabled={isNothing || wrong !== undefined}>
              {t('policy.preview')}
            </Button>
          </div>
        }
      >
        <WhomField
          whom={whom}
          onWhom={(value) => {
            setWhom(value);
            setPreviewed(undefined);
          }}
        />
        <RuleFields {...{ chosen, wrong }} onChosen={choose} />
      </Form>
      {previewed && (
        <>
          <PreviewView preview={previewed.preview} />
          {may('policies.change') ? (
            <div class="policy-actions">
              <Button
                kind={previewed.preview.losing > 0 ? 'danger' : 'primary'}
                isDisabled={previewed.preview.changed === 0}
                onClick={() => setOrdering(true)}
              >
                {t('policy.order', { count: previewed.preview.changed })}
              </Button>
            </div>
          ) : (
            <p class="soft">{t('policy.mayNotOrder')}</p>
          )}
        </>
      )}
      {isOrdering && previewed && (
        <OrderDialog
          previewed={previewed}
          onDone={(queued) => {
            setOrdering(false);
            choose({});
            if (queued === 'waiting') say(t('policy.waits'));
            else say(t('policy.ordered', { count: queued }), 'good');
          }}
          onClose={() => setOrdering(false)}
        />
      )}
      <Uiccs />
    </>
  );
}

/** Which UICCs are meant. */
function WhomField({ whom, onWhom }: { readonly whom: Whom; onWhom(whom: Whom): void }) {
  return (
    <Select
      label={t('policy.whom')}
      value={whom}
      options={[
        ['', t('policy.whom-all')],
        ['free', t('policy.whom-free')],
        ['locked', t('policy.whom-locked')],
      ]}
      onChange={onWhom}
    />
  );
}

/** A field for each rule; one that is left says nothing. */
function RuleFields({
  chosen,
  wrong,
  onChosen,
}: {
  readonly chosen: Chosen;
  readonly wrong: RuleName | undefined;
  onChosen(chosen: Chosen): void;
}) {
  const set = (name: RuleName) => (value: string) => onChosen({ ...chosen, [name]: value });
  return (
    <>
      {CHOICE_NAMES.map((name) => (
        <Select
          key={name}
          label={t(`policy.${name}`)}
          value={chosen[name] ?? ''}
          options={[
            ['', t('policy.asIs')],
            ...CHOICES[name].map((value) => [value as string, choiceWord(name, value)] as const),
          ]}
          onChange={set(name)}
        />
      ))}
      {COUNT_NAMES.map((name) => (
        <Field
          key={name}
          label={t(`policy.${name}`)}
          hint={t('policy.countHint')}
          value={chosen[name] ?? ''}
          error={wrong === name ? t('policy.countWrong') : undefined}
          onInput={set(name)}
        />
      ))}
    </>
  );
}

function OrderDialog({
  previewed,
  onDone,
  onClose,
}: {
  readonly previewed: Previewed;
  onDone(queued: Ordered): void;
  onClose(): void;
}) {
  return (
    <Confirm
      title={t('policy.orderTitle')}
      action={t('policy.order', { count: previewed.preview.changed })}
      kind={previewed.preview.losing > 0 ? 'danger' : 'primary'}
      act={(reason) => orderAll(previewed, reason)}
      onDone={onDone}
      onClose={onClose}
    >
      <ul>
        {Object.entries(previewed.change).map(([name, value]) => (
          <li key={name}>
            {t(`policy.${name as RuleName}`)}: <strong>{valueWord(name as RuleName, value ?? '')}</strong>
          </li>
        ))}
      </ul>
      <p>{t('policy.losing', { count: previewed.preview.losing })}</p>
    </Confirm>
  );
}

/** So many orders, or all of them wait for a second person. */
type Ordered = number | 'waiting';

/** Part after part, until the operator says that there is none left. */
async function orderAll({ select, change }: Previewed, reason: string): Promise<Answer<Ordered>> {
  let queued = 0;
  let after: string | undefined;
  do {
    const answer = await send('POST /api/v1/policies/fleet', {
      body: { select, change, reason, ...(after !== undefined && { after }) },
    });
    if (!answer.ok) return answer;
    if ('waiting' in answer.value) return { ok: true, value: 'waiting' };
    queued += answer.value.queued;
    after = answer.value.next;
  } while (after !== undefined);
  return { ok: true, value: queued };
}

function PreviewView({ preview }: { readonly preview: Preview }) {
  const { before, after, handsets } = preview;
  return (
    <>
      <Tiles label={t('policy.previewTitle')}>
        <Tile words={t('policy.selected')} value={preview.selected} />
        <Tile words={t('policy.changed')} value={preview.changed} />
        <Tile words={t('policy.losingTile')} value={preview.losing} tone="bad" />
        <Tile words={t('policy.gainingTile')} value={preview.gaining} tone="good" />
        <Tile words={t('policy.unknownTile')} value={after.unknown} tone="watch" />
      </Tiles>
      <p class="soft">
        {t('policy.servedBeforeAfter', {
          before: before.served + before.grace,
          after: after.served + after.grace,
        })}{' '}
        {t('policy.byLastReport')}
      </p>
      {handsets.length > 0 && (
        <Table
          caption={t('policy.affected')}
          rows={handsets}
          keyOf={({ iccid }) => iccid}
          empty=""
          columns={[
            {
              name: 'iccid',
              heading: t('policy.iccid'),
              isRowHeading: true,
              cell: ({ iccid }) => <Identity value={iccid} href={`/devices?search=${iccid}`} />,
            },
            { name: 'imei', heading: t('policy.imei'), isCode: true, cell: ({ imei }) => imei },
            { name: 'before', heading: t('policy.now'), cell: ({ before: now }) => t(`policy.service-${now}`) },
            { name: 'after', heading: t('policy.afterwards'), cell: ({ after: then }) => t(`policy.service-${then}`) },
            { name: 'reason', heading: t('policy.lastReport'), cell: ({ reason }) => reasonWords(reason) },
          ]}
        />
      )}
    </>
  );
}

const ROWS = 50;
type Uicc = AnswerOf<'GET /api/v1/subscribers'>['subscribers'][number];

/** UICCs with the rules that they said they have. */
function Uiccs() {
  const pages = usePages();
  const { value, problem, again } = useRead('/api/v1/subscribers', { query: { after: pages.cursor, limit: ROWS } });
  const next = value !== undefined && value.subscribers.length === ROWS ? value.next : undefined;
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <Table
          caption={t('policy.uiccTable')}
          rows={value.subscribers}
          keyOf={({ iccid }) => iccid}
          empty={t('policy.noUiccs')}
          columns={[
            {
              name: 'iccid',
              heading: t('policy.iccid'),
              isRowHeading: true,
              cell: ({ iccid }) => <Identity value={iccid} href={`/devices?search=${iccid}`} />,
            },
            ...(['gate', 'terminalCannotProve', 'pairing', 'proveBeforeCall', 'reportEvery'] as const).map(
              (rule): Column<Uicc> => ({
                name: rule,
                heading: t(`policy.${rule}`),
                cell: ({ rules }) => valueWord(rule, rules[rule]),
              }),
            ),
          ]}
        />
      )}
      <Pager caption={t('policy.uiccTable')} {...pages.steps(next)} />
    </>
  );
}
