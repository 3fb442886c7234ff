import { Badge } from '../../part/badge.tsx';
import { Fact } from '../../part/fact.tsx';
import { Identity } from '../../part/identity.tsx';
import { Time } from '../../part/time.tsx';
import { t } from '../../text/index.ts';
import { isSame, newestClaim, type Use } from './newest-claim.ts';
import type { DeviceAnswer } from './words.ts';

/** The IMEI that the UICC got proved beside the one that the network was told: the one thing no other register sees. */
export function ClaimAndProof({ device: { uicc, uses } }: { readonly device: DeviceAnswer }) {
  if (uicc === undefined) return null;
  const { provedImei } = uicc.standing ?? {};
  const claim = newestClaim(uses);
  return (
    <dl class="facts">
      <Fact words={t('devices.claimProved')}>
        {provedImei === undefined ? (
          <span class="soft">{t('devices.claimNothingProved')}</span>
        ) : (
          <Identity value={provedImei} />
        )}
      </Fact>
      <Fact words={t('devices.claimTold')}>
        {claim === undefined ? (
          <span class="soft">{t('devices.claimNothingTold')}</span>
        ) : (
          <Claim {...{ claim, provedImei }} />
        )}
      </Fact>
    </dl>
  );
}

function Claim({ claim, provedImei }: { readonly claim: Use; readonly provedImei: string | undefined }) {
  return (
    <>
      <Identity value={claim.imei} /> {provedImei !== undefined && <Judgement isSame={isSame(claim, provedImei)} />}
      {claim.claimedAt !== undefined && (
        <div class="soft">
          <Time at={claim.claimedAt} />
        </div>
      )}
    </>
  );
}

function Judgement({ isSame: same }: { readonly isSame: boolean }) {
  return (
    <Badge tone={same ? 'good' : 'bad'} icon={same ? 'permitted' : 'prohibited'}>
      {t(same ? 'devices.claimSame' : 'devices.claimAnother')}
    </Badge>
  );
}
