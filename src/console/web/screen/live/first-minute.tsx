import { useState } from 'preact/hooks';
import { type Problem, read, send } from '../../api/client.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { ProblemNote } from '../../part/states.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import type { Exchange, Handset } from './types.ts';
import { outcomeText, outcomeTone, PARTIES, partyText } from './words.ts';

/** The three handsets of the demonstration that tell the story. */
const STORIES = ['honest', 'forger', 'stolen'] as const;
/** The newcomer's own handset. */
const OWN = 'yours';

/** What a newcomer should see first: three handsets that were played already, and a forgery of one's own. */
export function FirstMinute({
  handsets,
  shown,
  onShow,
  onForged,
}: {
  readonly handsets: readonly Handset[];
  readonly shown: string | undefined;
  onShow(handset: string): void;
  onForged(handset: string, exchange: number, hop: number | undefined): void;
}) {
  return (
    <section class="first-minute" aria-label={t('live.firstMinute')}>
      <p>{t('live.lead')}</p>
      <ul class="stories">
        {STORIES.map((name) => (
          <Story
            key={name}
            name={name}
            handset={handsets.find((one) => one.name === name)}
            isShown={shown === name}
            onShow={onShow}
          />
        ))}
      </ul>
      {may('laboratory.drive') && <Forge handsets={handsets} onForged={onForged} />}
      <details>
        <summary>{t('live.whoIsWho')}</summary>
        <dl class="who">
          {PARTIES.map((party) => (
            <div key={party}>
              <dt>{partyText(party)}</dt>
              <dd>{t(`live.who-${party}`)}</dd>
            </div>
          ))}
        </dl>
        <p>{t('live.steps')}</p>
      </details>
    </section>
  );
}

function Story({
  name,
  handset,
  isShown,
  onShow,
}: {
  readonly name: (typeof STORIES)[number];
  readonly handset: Handset | undefined;
  readonly isShown: boolean;
  onShow(handset: string): void;
}) {
  return (
    <li class="story" aria-current={isShown || undefined}>
      <h2>{t(`live.story-${name}`)}</h2>
      <p>{t(`live.story-${name}-text`)}</p>
      <p class="story-end">
        {handset === undefined ? (
          <Badge icon="claimed">{t('live.notPlayedYet')}</Badge>
        ) : (
          <ServiceBadge handset={handset} />
        )}
        <Button isDisabled={handset === undefined} isPressed={isShown} onClick={() => onShow(name)}>
          {t(`live.show-${name}`)}
        </Button>
      </p>
    </li>
  );
}

const SERVICES = {
  registered: { tone: 'good', icon: 'permitted', words: 'live.inService' },
  emergencyOnly: { tone: 'bad', icon: 'prohibited', words: 'live.blocked' },
  off: { tone: 'plain', icon: 'claimed', words: 'live.service-off' },
} as const;

/** Whether a handset has service, by colour, drawing and word. */
function ServiceBadge({ handset: { service } }: { readonly handset: Handset }) {
  const { tone, icon, words } = SERVICES[service];
  return (
    <Badge tone={tone} icon={icon}>
      {t(words)}
    </Badge>
  );
}

/** Makes a handset, flashes the forging operating system, switches it on, and leads to the octets that it altered. */
function Forge({
  handsets,
  onForged,
}: {
  readonly handsets: readonly Handset[];
  onForged(handset: string, exchange: number, hop: number | undefined): void;
}) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const forge = async () => {
    setBusy(true);
    setProblem(undefined);
    const answer = await forged(handsets.some(({ name }) => name === OWN));
    setBusy(false);
    if (answer.problem !== undefined) setProblem(answer.problem);
    else onForged(OWN, answer.exchange, answer.hop);
  };
  return (
    <div class="forge">
      <Button kind="primary" isBusy={isBusy} onClick={() => void forge()}>
        {t('live.forge')}
      </Button>
      <p class="soft">{t(isBusy ? 'live.forging' : 'live.forgeText')}</p>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

type Forged =
  | { readonly problem: Problem }
  | { readonly problem?: undefined; readonly exchange: Exchange['number']; readonly hop: number | undefined };

async function forged(isMade: boolean): Promise<Forged> {
  const path = { handset: OWN };
  if (!isMade) {
    const made = await send('POST /api/v1/laboratory/handsets', { body: { name: OWN } });
    if (!made.ok) return made;
  }
  const flashed = await send('PUT /api/v1/laboratory/handsets/{handset}/operating-system', {
    path,
    body: { name: 'forges-imei' },
  });
  if (!flashed.ok) return flashed;
  const on = await send('PUT /api/v1/laboratory/handsets/{handset}/power', { path, body: { isOn: true } });
  if (!on.ok) return on;
  const exchange = on.value.exchange?.number ?? 0;
  const found = await read('/api/v1/laboratory/exchanges/{exchange}/hops', {
    path: { exchange },
    query: { limit: 1000 },
  });
  if (!found.ok) return found;
  return { exchange, hop: found.value.hops.find(({ isAltered }) => isAltered)?.number };
}

/** How an exchange ended, as a badge. */
export function OutcomeBadge({ exchange }: { readonly exchange: Exchange }) {
  const tone = outcomeTone(exchange);
  const icon = tone === 'good' ? 'permitted' : tone === 'bad' ? 'prohibited' : 'claimed';
  return (
    <Badge tone={tone} icon={icon}>
      {outcomeText(exchange)}
    </Badge>
  );
}
