import { useEffect, useState } from 'preact/hooks';
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
import { useImportRuns } from './import-runs.ts';
import { STATUS_OF, sourceWords } from './reasons.ts';
import { UnderWay } from './under-way.tsx';

type Imported = AnswerOf<'GET /api/v1/imports'>['imports'][number];

const AGAIN_MILLISECONDS = 5000;

const NUMBERS = [
  ['added', 'addedCount'],
  ['removed', 'removedCount'],
  ['updated', 'updatedCount'],
  ['bad', 'badCount'],
] as const;
/** How many entries, and lines, of each kind. */
const numberColumns = () =>
  NUMBERS.map(([name, heading]) => ({
    name,
    heading: t(`lists.${heading}`),
    isNumber: true,
    cell: (one: Imported) => numberText(one[name]),
  }));

/** Files that were imported, and how one is taken back. */
export function Imports() {
  const { value, problem, again } = useRead('/api/v1/imports', { query: { limit: 200 } }, AGAIN_MILLISECONDS);
  const [undoing, setUndoing] = useState<Imported>();
  const runs = useImportRuns();
  const running = runs.filter(({ state }) => state === 'running').length;
  // One that ends is in the table now, or not any more.
  useEffect(again, [running]);
  return (
    <>
      <UnderWay runs={runs} />
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
            ...numberColumns(),
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
