import { useCallback } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import type { Happening } from '../../api/stream.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { LevelBadge, StatusBadge } from '../../part/badge.tsx';
import { Fact } from '../../part/fact.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Tabs } from '../../part/tabs.tsx';
import { Time } from '../../part/time.tsx';
import { useWholeIdentities, WholeIdentitiesSwitch } from '../../part/whole-identities.tsx';
import { may } from '../../session.ts';
import { t, timeText } from '../../text/index.ts';
import { operatorWords } from '../said-words.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { ClaimAndProof } from './claim-and-proof.tsx';
import { Commands } from './commands.tsx';
import { modelText, VerdictBadge } from './device-list.tsx';
import { AlarmsOf, Claimants, Entries, Pairings, Uses } from './device-views.tsx';
import { Orders } from './orders.tsx';
import { Timeline } from './timeline.tsx';
import { type DeviceAnswer, lockWords, orderWords, reasonWords } from './words.ts';

const VIEWS = ['timeline', 'uses', 'pairings', 'lists', 'alarms', 'claimants'] as const;
type View = (typeof VIEWS)[number];

const isAbout = ({ data }: Happening, subjects: ReadonlySet<string>): boolean =>
  typeof data === 'object' && data !== null && 'subject' in data && subjects.has(String(data.subject));

/** What the log calls this device: its ICCID, and its IMEI without the check digit. */
const subjectsOf = (id: string, device: DeviceAnswer | undefined): ReadonlySet<string> =>
  new Set([id, id.slice(0, 14), device?.uicc?.iccid ?? '', device?.equipment?.imei.slice(0, 14) ?? ''].filter(Boolean));

/** One UICC and its handset, or one IMEI: what is proved and why, what was ordered and how far that is, what happened. */
export function Device({ id }: { readonly id: string }) {
  const whole = useWholeIdentities();
  const { value, problem, again } = useRead('/api/v1/devices/{id}', { path: { id }, query: whole.query });
  useHappenings(
    useCallback(
      (found) => {
        const subjects = subjectsOf(id, value);
        if (found.some((one) => isAbout(one, subjects))) again();
      },
      [again, id, value],
    ),
  );
  return (
    <>
      <nav aria-label={t('devices.back')}>
        <a href="/devices">{t('devices.back')}</a>
      </nav>
      <ScreenHeading title={t('devices.one', { id })}>
        <WholeIdentitiesSwitch {...whole.switch} />
      </ScreenHeading>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Found {...{ id, device: value, again }} />}
    </>
  );
}

function Found({ id, device, again }: { readonly id: string; readonly device: DeviceAnswer; again(): void }) {
  return (
    <>
      <div class="device-summary">
        <Evidence device={device} />
        <Facts device={device} />
      </div>
      {device.uicc === undefined ? (
        <p class="note">{t('devices.unknownUicc')}</p>
      ) : (
        <>
          {may('exchanges.read') && (
            <p>
              <a href={`/live/${device.uicc.iccid}`}>{t('devices.itsExchanges')}</a>
            </p>
          )}
          <Commands iccid={device.uicc.iccid} onGiven={again} />
          <Orders orders={device.orders} lockState={device.uicc.standing?.lockState} />
        </>
      )}
      <Views {...{ id, device }} />
    </>
  );
}

/** The argument for the level, in a sentence. */
function argumentOf({ uicc, equipment, provedAt, provedLevel }: DeviceAnswer): string {
  const standing = uicc?.standing;
  if (standing === undefined) return t(uicc === undefined ? 'devices.argumentNever' : 'devices.argumentUnreported');
  const reason = reasonWords(standing.reason);
  const values = { support: standing.support ?? '', at: provedAt === undefined ? '' : timeText(provedAt) };
  if (standing.result === 'refuted') return t('devices.argumentRefuted', { reason });
  if (equipment?.evidence === 'refuted') return t('devices.argumentContested');
  if (standing.result === 'notProven') return t('devices.argumentClaimed', { reason });
  switch (provedLevel) {
    case 'attested':
      return t('devices.argumentAttested', values);
    case 'attested-static':
      return t('devices.argumentAttestedStatic', values);
    case 'signed':
      return t('devices.argumentSigned');
    default:
      return t('devices.argumentNever');
  }
}

function Evidence({ device }: { readonly device: DeviceAnswer }) {
  const { equipment, uicc } = device;
  return (
    <section class="panel" aria-label={t('devices.evidence')}>
      <h2>{t('devices.evidence')}</h2>
      <p>
        <LevelBadge level={uicc?.standing?.level ?? equipment?.evidence} />
      </p>
      <p>{argumentOf(device)}</p>
      <ClaimAndProof device={device} />
      {equipment && (
        <>
          <p>
            <span class="soft">{t('devices.registerSays', { imei: equipment.imei })}</span>{' '}
            <StatusBadge status={equipment.equipmentStatus} />
          </p>
          <ol class="reasons" aria-label={t('devices.reasonsOf')}>
            {equipment.reasons.map(({ code, text, said, overruledBy, caseReference }) => (
              <li key={`${code} ${text}`} class={overruledBy === undefined ? undefined : 'soft'}>
                {operatorWords('reason', said, text)}
                {caseReference && <span class="code"> {caseReference}</span>}
                {overruledBy !== undefined && <em> {t('devices.overruled')}</em>}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Facts({ device }: { readonly device: DeviceAnswer }) {
  const { equipment, uicc, verdict } = device;
  const standing = uicc?.standing;
  return (
    <dl class="panel facts">
      <Fact words={t('devices.imei')}>{equipment && <Identity value={equipment.imei} />}</Fact>
      <Fact words={t('devices.model')}>
        {modelText(equipment?.model) ?? <span class="soft">{t('devices.noModel')}</span>}
      </Fact>
      {uicc && (
        <>
          <Fact words={t('devices.iccid')}>
            <Identity value={uicc.iccid} />
          </Fact>
          <Fact words={t('devices.imsi')}>
            <Identity value={uicc.imsi} />
          </Fact>
          <Fact words={t('devices.msisdn')}>
            <Identity value={uicc.msisdn} />
          </Fact>
          <Fact words={t('devices.pairing')}>
            {t(uicc.pairing === 'free' ? 'devices.pairingFree' : 'devices.pairingLocked')}
          </Fact>
        </>
      )}
      {standing && (
        <>
          <Fact words={t('devices.support')}>
            <Identity value={standing.support} />
          </Fact>
          <Fact words={t('devices.lock')}>{lockWords(standing.lockState)}</Fact>
          <Fact words={t('devices.lastReport')}>
            <Time at={standing.lastReportAt} />
          </Fact>
          <Fact words={t('devices.standing')}>
            {standing.standingOrder === undefined ? (
              <VerdictBadge verdict="none" />
            ) : (
              <>
                {orderWords(standing.standingOrder)}: <VerdictBadge verdict={verdict} />
              </>
            )}
          </Fact>
        </>
      )}
    </dl>
  );
}

function Views({ id, device }: { readonly id: string; readonly device: DeviceAnswer }) {
  const { query, setQuery } = useAddress();
  const view: View = VIEWS.find((one) => one === query['view']) ?? 'timeline';
  const words: Readonly<Record<View, string>> = {
    timeline: t('devices.viewTimeline'),
    uses: t('devices.viewUses'),
    pairings: t('devices.viewPairings'),
    lists: t('devices.viewLists'),
    alarms: t('devices.viewAlarms'),
    claimants: t('devices.viewClaimants'),
  };
  return (
    <section>
      <Tabs
        label={t('devices.views')}
        tabs={VIEWS.map((one) => [one, words[one]] as const)}
        open={view}
        onOpen={(one) => setQuery({ view: one === 'timeline' ? undefined : one, after: undefined }, 'replace')}
      >
        {view === 'timeline' && <Timeline id={id} device={device} />}
        {view === 'uses' && <Uses device={device} />}
        {view === 'pairings' && <Pairings device={device} />}
        {view === 'lists' && <Entries device={device} />}
        {view === 'alarms' && <AlarmsOf device={device} />}
        {view === 'claimants' && <Claimants device={device} />}
      </Tabs>
    </section>
  );
}
