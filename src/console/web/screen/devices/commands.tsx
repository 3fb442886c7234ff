import { useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import { Button, type ButtonKind } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field } from '../../part/field.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { type TextName, t } from '../../text/index.ts';

/** What a person may order here, and what each does. */
const COMMANDS = ['block', 'unblock', 'stopKeys', 'rePair', 'reportNow'] as const;
type Command = (typeof COMMANDS)[number];
const WHAT: Readonly<Record<Command, TextName>> = {
  block: 'devices.blockWhat',
  unblock: 'devices.unblockWhat',
  stopKeys: 'devices.stopKeysWhat',
  rePair: 'devices.rePairWhat',
  reportNow: 'devices.reportNowWhat',
};
/** Those that take somebody's service away. */
const KIND: Readonly<Record<Command, ButtonKind>> = {
  block: 'danger',
  unblock: 'primary',
  stopKeys: 'danger',
  rePair: 'primary',
  reportNow: 'primary',
};

/** Orders to one UICC: each is confirmed, with a reason. */
export function Commands({ iccid, onGiven }: { readonly iccid: string; onGiven(): void }) {
  const [chosen, setChosen] = useState<Command>();
  if (!may('commands.give')) return <p class="soft">{t('devices.noCommands')}</p>;
  return (
    <section class="commands" aria-label={t('devices.commands')}>
      {COMMANDS.map((command) => (
        <Button key={command} onClick={() => setChosen(command)}>
          {t(`devices.${command}`)}
        </Button>
      ))}
      {chosen && (
        <Asked
          key={chosen}
          {...{ iccid, command: chosen }}
          onDone={() => {
            setChosen(undefined);
            onGiven();
          }}
          onClose={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}

function Asked({
  iccid,
  command,
  onDone,
  onClose,
}: {
  readonly iccid: string;
  readonly command: Command;
  onDone(): void;
  onClose(): void;
}) {
  const [caseReference, setCase] = useState('');
  const order = t(`devices.${command}`);
  return (
    <Confirm
      title={t('devices.confirmCommand', { order, uicc: iccid })}
      action={order}
      kind={KIND[command]}
      act={(reason) =>
        send('POST /api/v1/commands', {
          body: {
            iccid,
            order: command,
            reason,
            ...(caseReference.trim() !== '' && { caseReference: caseReference.trim() }),
          },
        })
      }
      onDone={({ order: number }) => {
        say(t('devices.given', { number: String(number ?? '') }));
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t(WHAT[command])}</p>
      <Field
        label={t('devices.caseReference')}
        at="/caseReference"
        hint={t('devices.caseHint')}
        value={caseReference}
        onInput={setCase}
      />
    </Confirm>
  );
}
