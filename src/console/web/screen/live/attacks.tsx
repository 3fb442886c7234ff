import { useEffect, useState } from 'preact/hooks';
import { type Answer, type OperationName, type Problem, read, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Button } from '../../part/button.tsx';
import { Field, Select } from '../../part/field.tsx';
import { ProblemNote } from '../../part/states.tsx';
import { t } from '../../text/index.ts';
import type { Exchange, Handset } from './types.ts';
import { osText } from './words.ts';

const FRAUDS = [
  'honest',
  'forges-imei',
  'lies-to-network',
  'skips-proof',
  'reorders-apdus',
  'suppresses-report',
  'suppresses-answer',
  'relays-elsewhere',
] as const satisfies readonly Handset['os'][];
/** Where the power goes unless another number is chosen: in the middle of the first meeting. */
const USUAL_CUT = '20';

type Done = (made: { readonly exchange?: Exchange | undefined } | undefined) => void;

interface Acting {
  readonly busy: string | undefined;
  readonly problem: Problem | undefined;
  /** Does one thing; what it answers goes to `onDone`. */
  run(name: string, act: () => Promise<Answer<unknown>>): void;
}

function useActing(onDone: Done): Acting {
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  return {
    busy,
    problem,
    run(name, act) {
      setBusy(name);
      setProblem(undefined);
      void act().then((answer) => {
        setBusy(undefined);
        if (answer.ok) onDone(answer.value as Parameters<Done>[0]);
        else setProblem(answer.problem);
      });
    },
  };
}

/** Everything that can be done with a handset: what it does, and what there should be to see. */
export function Attacks({
  handset,
  handsets,
  onDone,
  onGone,
}: {
  readonly handset: Handset;
  readonly handsets: readonly Handset[];
  readonly onDone: Done;
  /** The handsets are others now. */
  onGone(): void;
}) {
  const acting = useActing(onDone);
  const given = { acting, handset, handsets, path: { handset: handset.name } };
  return (
    <section class="attacks" aria-label={t('live.attacks', { handset: handset.name })}>
      {acting.problem && <ProblemNote problem={acting.problem} />}
      <Use {...given} />
      <Software {...given} />
      <Theft {...given} />
      <Cards {...given} />
      <Messages {...given} />
      <Laboratory acting={acting} onGone={onGone} />
    </section>
  );
}

interface Given {
  readonly acting: Acting;
  readonly handset: Handset;
  readonly handsets: readonly Handset[];
  readonly path: { readonly handset: string };
}

/** One act: its button, what it does, and what to look for. */
function Act({
  name,
  words,
  acting,
  isDanger = false,
  onClick,
  children,
}: {
  readonly name: OperationName | string;
  readonly words: { readonly title: string; readonly does?: string; readonly expect?: string };
  readonly acting: Acting;
  readonly isDanger?: boolean;
  onClick(): void;
  readonly children?: preact.ComponentChildren;
}) {
  return (
    <div class="act">
      {children}
      <Button
        kind={isDanger ? 'danger' : 'plain'}
        isBusy={acting.busy === name}
        isDisabled={acting.busy !== undefined && acting.busy !== name}
        onClick={onClick}
      >
        {words.title}
      </Button>
      {words.does && <p>{words.does}</p>}
      {words.expect && <p class="soft">{words.expect}</p>}
    </div>
  );
}

function Use({ acting, handset, path }: Given) {
  const call = (number: string) => () =>
    send('POST /api/v1/laboratory/handsets/{handset}/calls', { path, body: { number } });
  const power = (isOn: boolean) => () =>
    send('PUT /api/v1/laboratory/handsets/{handset}/power', { path, body: { isOn } });
  return (
    <fieldset>
      <legend>{t('live.use')}</legend>
      <div class="buttons">
        <Act
          name="on"
          acting={acting}
          words={{ title: t('live.powerOn') }}
          onClick={() => acting.run('on', power(true))}
        />
        {handset.isOn && (
          <>
            <Act
              name="call"
              acting={acting}
              words={{ title: t('live.placeCall') }}
              onClick={() => acting.run('call', call('0301234567'))}
            />
            <Act
              name="help"
              acting={acting}
              words={{ title: t('live.emergencyCall') }}
              onClick={() => acting.run('help', call('112'))}
            />
            <Act
              name="off"
              acting={acting}
              words={{ title: t('live.powerOff') }}
              onClick={() => acting.run('off', power(false))}
            />
          </>
        )}
      </div>
      <Cut acting={acting} path={path} />
    </fieldset>
  );
}

function Cut({ acting, path }: Pick<Given, 'acting' | 'path'>) {
  const [after, setAfter] = useState(USUAL_CUT);
  const isNumber = /^\d{1,3}$/.test(after);
  return (
    <Act
      name="cut"
      acting={acting}
      isDanger
      words={{ title: t('live.cutPower'), does: t('live.cutPowerDoes'), expect: t('live.cutPowerExpect') }}
      onClick={() =>
        isNumber &&
        acting.run('cut', () =>
          send('PUT /api/v1/laboratory/handsets/{handset}/power', {
            path,
            body: { isOn: true, cutAfter: Number(after) },
          }),
        )
      }
    >
      <Field
        label={t('live.cutAfter')}
        type="number"
        value={after}
        onInput={setAfter}
        error={isNumber ? undefined : t('live.cutAfterWrong')}
      />
    </Act>
  );
}

function Software({ acting, handset, path }: Given) {
  const [os, setOs] = useState<Handset['os']>('forges-imei');
  const flash = async () => {
    const flashed = await send('PUT /api/v1/laboratory/handsets/{handset}/operating-system', {
      path,
      body: { name: os },
    });
    if (!flashed.ok) return flashed;
    return send('PUT /api/v1/laboratory/handsets/{handset}/power', { path, body: { isOn: true } });
  };
  return (
    <fieldset>
      <legend>{t('live.software', { os: osText(handset.os) })}</legend>
      <Act
        name="flash"
        acting={acting}
        words={{ title: t('live.flash'), does: t(`live.os-${os}-does`), expect: t(`live.os-${os}-expect`) }}
        onClick={() => acting.run('flash', flash)}
      >
        <Select<Handset['os']>
          label={t('live.os')}
          value={os}
          options={FRAUDS.map((one) => [one, osText(one)])}
          onChange={setOs}
        />
      </Act>
    </fieldset>
  );
}

function Theft({ acting, handset, path }: Given) {
  return (
    <fieldset>
      <legend>{t('live.theft')}</legend>
      {handset.isListed ? (
        <Act
          name="found"
          acting={acting}
          words={{ title: t('live.reportFound'), does: t('live.reportFoundDoes'), expect: t('live.reportFoundExpect') }}
          onClick={() =>
            acting.run('found', () => send('POST /api/v1/laboratory/handsets/{handset}/recoveries', { path, body: {} }))
          }
        />
      ) : (
        <Act
          name="stolen"
          acting={acting}
          isDanger
          words={{
            title: t('live.reportStolen'),
            does: t('live.reportStolenDoes'),
            expect: t('live.reportStolenExpect'),
          }}
          onClick={() =>
            acting.run('stolen', () =>
              send('POST /api/v1/laboratory/handsets/{handset}/theft-reports', { path, body: {} }),
            )
          }
        />
      )}
    </fieldset>
  );
}

function Cards({ acting, handset, handsets, path }: Given) {
  const others = handsets.filter(({ name }) => name !== handset.name);
  const [chosen, setChosen] = useState('');
  const other = others.some(({ name }) => name === chosen) ? chosen : (others[0]?.name ?? '');
  const swap = (what: 'uicc' | 'support') => () =>
    send('POST /api/v1/laboratory/handsets/{handset}/swaps', { path, body: { with: other, what } });
  if (other === '') return null;
  return (
    <fieldset>
      <legend>{t('live.cards')}</legend>
      <Select
        label={t('live.swapWith')}
        value={other}
        options={others.map(({ name }) => [name, name])}
        onChange={setChosen}
      />
      <Act
        name="uicc"
        acting={acting}
        words={{ title: t('live.swapUicc'), does: t('live.swapUiccDoes'), expect: t('live.swapUiccExpect') }}
        onClick={() => acting.run('uicc', swap('uicc'))}
      />
      <Act
        name="support"
        acting={acting}
        words={{ title: t('live.swapSupport'), does: t('live.swapSupportDoes'), expect: t('live.swapSupportExpect') }}
        onClick={() => acting.run('support', swap('support'))}
      />
    </fieldset>
  );
}

function Messages({ acting, handset, path }: Given) {
  const { value, again } = useRead('/api/v1/laboratory', {});
  useEffect(again, [acting.busy, handset]);
  const armed = value?.drops.filter((drop) => drop.handset === handset.name) ?? [];
  const drop = (direction: 'toOperator' | 'toHandset') => () =>
    send('PUT /api/v1/laboratory/drops', { body: { handset: path.handset, direction, count: 1 } });
  const repeat = async (): Promise<Answer<unknown>> => {
    const found = await read('/api/v1/laboratory/short-messages', { query: { handset: handset.name, limit: 1 } });
    if (!found.ok) return found;
    const message = found.value.messages[0]?.number ?? 0;
    return send('POST /api/v1/laboratory/short-messages/{message}/replays', { path: { message }, body: {} });
  };
  return (
    <fieldset>
      <legend>{t('live.messages')}</legend>
      {armed.map(({ direction, left }) => (
        <p key={direction} class="note watch" role="status">
          {t(`live.armed-${direction}`, { count: left })}
        </p>
      ))}
      <Act
        name="dropReport"
        acting={acting}
        words={{ title: t('live.dropReport'), does: t('live.dropReportDoes'), expect: t('live.dropReportExpect') }}
        onClick={() => acting.run('dropReport', drop('toOperator'))}
      />
      <Act
        name="dropAnswer"
        acting={acting}
        words={{ title: t('live.dropAnswer'), does: t('live.dropAnswerDoes'), expect: t('live.dropAnswerExpect') }}
        onClick={() => acting.run('dropAnswer', drop('toHandset'))}
      />
      <Act
        name="repeat"
        acting={acting}
        words={{ title: t('live.repeat'), does: t('live.repeatDoes'), expect: t('live.repeatExpect') }}
        onClick={() => acting.run('repeat', repeat)}
      />
    </fieldset>
  );
}

function Laboratory({ acting, onGone }: { readonly acting: Acting; onGone(): void }) {
  const [name, setName] = useState('');
  const isName = /^[A-Za-z0-9][A-Za-z0-9 .-]{0,23}$/.test(name);
  return (
    <fieldset>
      <legend>{t('live.laboratory')}</legend>
      <Act
        name="make"
        acting={acting}
        words={{ title: t('live.make') }}
        onClick={() =>
          isName &&
          acting.run('make', async () => {
            const made = await send('POST /api/v1/laboratory/handsets', { body: { name } });
            if (made.ok) setName('');
            return made;
          })
        }
      >
        <Field
          label={t('live.makeName')}
          value={name}
          onInput={setName}
          error={name === '' || isName ? undefined : t('live.makeNameWrong')}
        />
      </Act>
      <Act
        name="reset"
        acting={acting}
        words={{ title: t('live.reset'), does: t('live.resetDoes') }}
        onClick={() =>
          acting.run('reset', async () => {
            const answer = await send('POST /api/v1/laboratory/resets', { body: {} });
            if (answer.ok) onGone();
            return answer;
          })
        }
      />
    </fieldset>
  );
}
