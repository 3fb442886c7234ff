import { useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { authorWords } from '../../part/author-words.ts';
import { StatusBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import { Hit } from './effect.tsx';
import { STATUS_OF, sourceWords } from './reasons.ts';

type Imported = AnswerOf<'GET /api/v1/imports'>['imports'][number];

const AGAIN_MILLISECONDS = 5000;

/** Files that were imported, and how one is taken back. */
export function Imports() {
  const { value, problem, again } = useRead('/api/v1/imports', { query: { limit: 200 } }, AGAIN_MILLISECONDS);
  const [undoing, setUndoing] = useState<Imported>();
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <Table
          caption={t('lists.imports')}
          isCaptionHidden
          rows={value.imports}
          keyOf={({ batch }) => batch}
          empty={t('lists.noImports')}
          columns={[
            {
              name: 'batch',
              heading: t('lists.batch'),
              isRowHeading: true,
              cell: ({ batch, list }) => <a href={`/lists/entries?list=${list}&batch=${batch}`}>{numberText(batch)}</a>,
            },
            { name: 'at', heading: t('part.time'), cell: ({ at }) => <Time at={at} /> },
            { name: 'name', heading: t('lists.file'), cell: ({ name }) => name },
            { name: 'list', heading: t('lists.list'), cell: ({ list }) => <StatusBadge status={STATUS_OF[list]} /> },
            { name: 'source', heading: t('lists.source'), cell: ({ source }) => sourceWords(source) },
            { name: 'author', heading: t('lists.author'), cell: ({ author }) => authorWords(author) },
            { name: 'state', heading: t('lists.state'), cell: ({ state }) => t(`lists.state-${state}`) },
            { name: 'added', heading: t('lists.addedCount'), isNumber: true, cell: ({ added }) => numberText(added) },
            {
              name: 'removed',
              heading: t('lists.removedCount'),
              isNumber: true,
              cell: ({ removed }) => numberText(removed),
            },
            {
              name: 'updated',
              heading: t('lists.updatedCount'),
              isNumber: true,
              cell: ({ updated }) => numberText(updated),
            },
            { name: 'bad', heading: t('lists.badCount'), isNumber: true, cell: ({ bad }) => numberText(bad) },
            {
              name: 'undo',
              heading: t('lists.actions'),
              cell: (one) =>
                one.state === 'done' &&
                may('imports.undo') && (
                  <Button kind="quiet" onClick={() => setUndoing(one)}>
                    {t('lists.undo')}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {undoing && (
        <Undo
          batch={undoing.batch}
          onDone={(text) => {
            setUndoing(undefined);
            say(text, 'good');
            again();
          }}
          onClose={() => setUndoing(undefined)}
        />
      )}
    </>
  );
}

type Undone = AnswerOf<'GET /api/v1/imports/{batch}/undo'>['effect'];
const counts = ({ leaving, returning, restored }: Undone) => ({ leaving, returning, restored });

/** Shows what taking an import back would do, and does it. */
export function Undo({
  batch,
  onDone,
  onClose,
}: {
  readonly batch: number;
  onDone(text: string): void;
  onClose(): void;
}) {
  const { value, problem } = useRead('/api/v1/imports/{batch}/undo', { path: { batch } });
  const effect = value?.effect;
  return (
    <Confirm
      title={t('lists.undoOf', { batch: numberText(batch) })}
      action={t('lists.undo')}
      kind="danger"
      act={(reason) => send('POST /api/v1/imports/{batch}/undo', { path: { batch }, body: { reason } })}
      onDone={(answer) => onDone('waiting' in answer ? t('lists.waits') : t('lists.undone', { count: answer.changed }))}
      onClose={onClose}
    >
      {problem && <ProblemNote problem={problem} />}
      {effect === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <p>{t('lists.undoEffect', { ...counts(effect) })}</p>
          <Hit count={effect.subscribersHit} handsets={effect.hitHandsets} />
        </>
      )}
    </Confirm>
  );
}
