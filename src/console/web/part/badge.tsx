import type { ComponentChildren } from 'preact';
import { type TextName, t } from '../text/index.ts';
import { Icon, type IconName } from './icon.tsx';

/** What a colour means here, and nothing else has colour. */
export type Tone = 'good' | 'watch' | 'bad' | 'plain';

/** A word with its drawing and its colour: none of the three carries the meaning alone (WCAG 1.4.1). */
export function Badge({
  tone = 'plain',
  icon,
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** What the register says about a handset (TS 29.511). */
export type EquipmentStatus = 'permitted' | 'tracking' | 'prohibited';
const STATUSES: Readonly<Record<EquipmentStatus, Tone>> = { permitted: 'good', tracking: 'watch', prohibited: 'bad' };

/** Permitted, Tracking or Prohibited. */
export function StatusBadge({ status }: { readonly status: EquipmentStatus }) {
  return (
    <Badge tone={STATUSES[status]} icon={status}>
      {t(`part.${status}`)}
    </Badge>
  );
}

/** How an IMEI is known, strongest first. */
export type EvidenceLevel = 'attested' | 'attested-static' | 'signed' | 'claimed' | 'refuted';

interface LevelLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: TextName;
  readonly why: TextName;
}

const LEVELS: Readonly<Record<EvidenceLevel, LevelLook>> = {
  attested: { tone: 'good', icon: 'permitted', word: 'part.attested', why: 'part.attestedWhy' },
  'attested-static': { tone: 'good', icon: 'lock', word: 'part.attestedStatic', why: 'part.attestedStaticWhy' },
  signed: { tone: 'watch', icon: 'signed', word: 'part.signed', why: 'part.signedWhy' },
  claimed: { tone: 'watch', icon: 'claimed', word: 'part.claimed', why: 'part.claimedWhy' },
  refuted: { tone: 'bad', icon: 'refuted', word: 'part.refuted', why: 'part.refutedWhy' },
};

/** The level of evidence. What it means is its tooltip; where it matters, say it in text too (`levelWhy`). */
export function LevelBadge({ level }: { readonly level: EvidenceLevel | undefined }) {
  if (level === undefined) return <Badge icon="claimed">{t('part.unknownLevel')}</Badge>;
  const { tone, icon, word, why } = LEVELS[level];
  return (
    <Badge tone={tone} icon={icon} title={t(why)}>
      {t(word)}
    </Badge>
  );
}

/** One sentence on what a level of evidence means. */
export const levelWhy = (level: EvidenceLevel): string => t(LEVELS[level].why);
