import { useEffect, useId, useState } from 'preact/hooks';
import { type AnswerOf, type Problem, send } from '../../api/client.ts';
import { authorWords } from '../../part/author-words.ts';
import { Confirm } from '../../part/confirm.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { Time } from '../../part/time.tsx';
import { numberText, t } from '../../text/index.ts';

type Effect = AnswerOf<'POST /api/v1/makers/rollouts/preview'>;
type Rollout = NonNullable<AnswerOf<'GET /api/v1/makers'>['rollout']>;

/** An effect that was asked for. */
interface FoundEffect {
  readonly effect?: Effect;
  readonly problem?: Problem;
}

/** What a roll-out of the makers would do now, or without one of them. */
export function useRolloutEffect(without?: string): FoundEffect {
  const [found, setFound] = useState<FoundEffect>({});
  useEffect(() => {
    let isWanted = true;
    const body = { without: without === undefined ? [] : [without] };
    void send('POST /api/v1/makers/rollouts/preview', { body }).then((answer) => {
      if (isWanted) setFound(answer.ok ? { effect: answer.value } : { problem: answer.problem });
    });
    return () => {
      isWanted = false;
    };
  }, [without]);
  return found;
}

/** The effect in figures, and in words what they mean. */
export function RolloutEffect({ effect, problem }: FoundEffect) {
  if (problem) return <ProblemNote problem={problem} />;
  if (effect === undefined) return <Loading />;
  const { ordered, losing, locked, unknown, fixed, holding, messages } = effect;
  return (
    <>
      <Tiles label={t('policy.previewTitle')}>
        <Tile words={t('policy.orderedTile')} value={ordered} />
        <Tile words={t('policy.losingRootTile')} value={losing} tone="bad" />
        <Tile words={t('policy.lockedRootTile')} value={locked} tone="bad" />
      </Tiles>
      <p>
        {t('policy.rolloutSends', { count: messages })} {holding > 0 && t('policy.rolloutSpares', { count: holding })}
      </p>
      {losing > 0 && <p class="note bad">{t('policy.rolloutLosing')}</p>}
      {unknown > 0 && <p class="note watch">{t('policy.rolloutUnknown', { count: unknown })}</p>}
      {fixed > 0 && <p class="note watch">{t('policy.rolloutFixed', { count: fixed })}</p>}
    </>
  );
}

/** Asks before all UICCs are ordered, with what it does. */
export function RollOut({ onDone, onClose }: { onDone(): void; onClose(): void }) {
  const found = useRolloutEffect();
  return (
    <Confirm
      title={t('policy.rollOutTitle')}
      action={t('policy.rollOut')}
      kind={(found.effect?.losing ?? 0) > 0 ? 'danger' : 'primary'}
      act={(reason) => send('POST /api/v1/makers/rollouts', { body: { reason } })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{t('policy.rollOutWords')}</p>
      <RolloutEffect {...found} />
    </Confirm>
  );
}

/** How far the newest roll-out is. */
export function RolloutProgress({ rollout }: { readonly rollout: Rollout }) {
  const { uiccs, holding, underWay, fixed, state, author, reason, at, makers } = rollout;
  const id = useId();
  return (
    <section>
      <h2>{t('policy.rollout')}</h2>
      <p>
        {t('policy.rolloutBy', { author: authorWords(author), reason })} <Time at={at} />
      </p>
      <p>
        {t('policy.rolloutMakers')} <code>{makers.map(({ identifier }) => identifier).join(', ')}</code>
      </p>
      <label for={id}>{t('policy.rolloutHolding', { holding: numberText(holding), uiccs: numberText(uiccs) })}</label>
      <progress id={id} value={uiccs === 0 ? 1 : holding / uiccs} max={1} />
      <p class="soft">
        {t(state === 'ordering' ? 'policy.rolloutOrdering' : 'policy.rolloutOrdered', { count: underWay })}{' '}
        {fixed > 0 && t('policy.rolloutFixed', { count: fixed })}
      </p>
    </section>
  );
}
