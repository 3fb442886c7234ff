import { useState } from 'preact/hooks';
import { type AnswerOf, type Problem, send } from '../../api/client.ts';
import { Button } from '../../part/button.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { t } from '../../text/index.ts';

type Replayed = AnswerOf<'POST /api/v1/laboratory/replays'>;

const SCENARIOS = ['honest', 'forged', 'stolen', 'lying'] as const satisfies readonly Replayed['scenario'][];

/** A scenario played again from a seed: the same seed gives the same octets. */
export function Replay({ onReplayed }: { onReplayed(exchange: number): void }) {
  const [scenario, setScenario] = useState<Replayed['scenario']>('honest');
  const [seed, setSeed] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [result, setResult] = useState<Replayed>();
  const play = async () => {
    setBusy(true);
    const answer = await send('POST /api/v1/laboratory/replays', {
      body: { scenario, ...(seed !== '' && { seed }) },
    });
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem);
    if (!answer.ok) return;
    setResult(answer.value);
    setSeed(answer.value.seed);
    onReplayed(answer.value.exchange.number);
  };
  return (
    <Form
      className="replay"
      label={t('live.replay')}
      problem={problem}
      onSubmit={() => void play()}
      actions={
        <div aria-live="polite">
          {result && (
            <p class={result.isSame ? 'note good' : 'note bad'}>
              {t(result.isSame ? 'live.replaySame' : 'live.replayDifferent', { count: result.hops })}{' '}
              <span class="code digest">{result.digest}</span>
            </p>
          )}
        </div>
      }
    >
      <p>{t('live.replayText')}</p>
      <div class="replay-fields">
        <Select<Replayed['scenario']>
          label={t('live.scenario')}
          value={scenario}
          options={SCENARIOS.map((one) => [one, t(`live.scenario-${one}`)])}
          onChange={setScenario}
        />
        <Field label={t('live.seed')} at="/seed" hint={t('live.seedHint')} value={seed} onInput={setSeed} isCode />
        <Button type="submit" isBusy={isBusy}>
          {t('live.replayNow')}
        </Button>
      </div>
    </Form>
  );
}
