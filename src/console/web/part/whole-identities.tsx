import { useState } from 'preact/hooks';
import { may } from '../session.ts';
import { t } from '../text/index.ts';
import { Button } from './button.tsx';
import { Confirm } from './confirm.tsx';

/** What a query says when whole identities are wanted. */
export interface WholeIdentities {
  readonly identities?: 'whole';
  readonly identitiesReason?: string;
}

/** Identities as they are shown here: masked until somebody asks for whole ones and says why. Give `query` to the reads of the screen. */
export function useWholeIdentities(): {
  readonly query: WholeIdentities;
  readonly switch: { readonly reason: string | undefined; setReason(reason: string | undefined): void };
} {
  const [reason, setReason] = useState<string>();
  const query: WholeIdentities = reason === undefined ? {} : { identities: 'whole', identitiesReason: reason };
  return { query, switch: { reason, setReason } };
}

/** The button that asks for whole identities, for those who may; and the one that masks them again. */
export function WholeIdentitiesSwitch({
  reason,
  setReason,
}: {
  readonly reason: string | undefined;
  setReason(reason: string | undefined): void;
}) {
  const [isAsking, setAsking] = useState(false);
  if (!may('identities.whole')) return null;
  if (reason !== undefined)
    return (
      <Button icon="lock" onClick={() => setReason(undefined)}>
        {t('devices.showMasked')}
      </Button>
    );
  return (
    <>
      <Button icon="search" onClick={() => setAsking(true)}>
        {t('devices.showWhole')}
      </Button>
      {isAsking && (
        <Confirm
          title={t('devices.showWhole')}
          action={t('devices.showWhole')}
          act={async (given) => ({ ok: true, value: given })}
          onDone={(given) => {
            setAsking(false);
            setReason(given);
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('devices.showWholeWhy')}</p>
        </Confirm>
      )}
    </>
  );
}
