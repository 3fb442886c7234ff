import { Imei, type Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type Database, settings } from '#operator/database/index.ts';
import type { Evidence, Standing } from '#operator/evidence/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { isBogus } from './bogus.ts';
import {
  concluded,
  type Decision,
  type EquipmentStatus,
  REGISTER_MODES,
  type Reason,
  type RegisterMode,
  reasonFor,
} from './decision.ts';
import {
  type ImportedFile,
  type ImportOptions,
  type ImportResult,
  importedFiles,
  importList,
  undoImport,
} from './list-import.ts';
import { type Lists, openLists } from './lists.ts';

/** What the network asks. */
export interface CheckQuestion {
  /** 14 digits, 15, or the 16 of an IMEISV; an Imei when it is parsed already. */
  readonly imei: Imei | string;
  readonly imsi?: Imsi;
  /** Milliseconds since 1970; default now. */
  readonly at?: number;
}

/** The equipment register (7). */
export interface Register {
  readonly lists: Lists;
  /** The answer to the network. Records the claim. Throws IdentityError for what is no IMEI. */
  check(question: CheckQuestion): Decision;
  /** The same answer without recording anything: for people. */
  explain(question: CheckQuestion): Decision;
  mode(): RegisterMode;
  /** Every UICC's last order is thought over in the new mode: what it blocked is lifted when it no longer enforces. */
  setMode(mode: RegisterMode, author: string, reason: string): void;
  /** What handsets get that only claim an IMEI which another one proves; default tracking. */
  setCloneStatus(status: 'tracking' | 'prohibited', author: string, reason: string): void;
  /** How long a claim against an older proof is tolerated until the UICC reports, in milliseconds; default ten minutes. */
  setProofGrace(milliseconds: number, author: string, reason: string): void;
  importList(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: ImportOptions): Promise<ImportResult>;
  /** The newest imported files, at most `most` (1000). */
  imports(most: number): readonly ImportedFile[];
  undoImport(what: { readonly batch: number; readonly author: string; readonly reason: string }): number;
}

/** Time for a SIM that moved to report from its new handset. */
const DEFAULT_PROOF_GRACE_MILLISECONDS = 10 * 60_000;
const MOST_IMPORTS = 1000;
/** Pairs whose last status is remembered, so that only a new one is logged. */
const MOST_LOGGED = 100_000;

/** The register over these lists and this evidence. */
export function openRegister(options: {
  database: Database;
  audit: Audit;
  clock: Clock;
  evidence: Evidence;
  subscribers: Subscribers;
}): Register {
  const { database, audit, clock, evidence, subscribers } = options;
  const lists = openLists(options);
  const kept = settings(database);
  const everyProof = database.command(
    'INSERT OR IGNORE INTO reconsideration (imei) SELECT proved_imei FROM uicc_state WHERE proved_imei IS NOT NULL',
  );
  const logged = new Map<string, EquipmentStatus>();

  const mode = (): RegisterMode => REGISTER_MODES.find((name) => name === kept.get('mode')) ?? 'enforce';
  const set = (name: string, value: string, author: string, reason: string) =>
    database.transaction(() => {
      kept.set(name, value);
      audit.append({ kind: 'setting', author, subject: name, detail: { value, reason } });
    });
  const proofGrace = () => Number(kept.get('proofGrace') ?? DEFAULT_PROOF_GRACE_MILLISECONDS);
  const cloneStatus = () => (kept.get('cloneStatus') === 'prohibited' ? 'prohibited' : 'tracking');

  const explain: Register['explain'] = (question) => {
    const imei = typeof question.imei === 'string' ? Imei.parse(question.imei) : question.imei;
    const { imsi, at = clock.now() } = question;
    const standing = imsi && evidence.standing(imsi);
    const observed = imsi && evidence.observation(imei, imsi);
    const provesIt = standing !== undefined && provesNow(standing) && standing.provedImei?.equals(imei) === true;
    const about = { imei, imsi, provedImei: standing?.provedImei };
    if (mode() === 'off') {
      const reasons: [Reason] = [reasonFor('registerOff', 'permitted')];
      return { ...about, equipmentStatus: 'permitted', reasons, evidence: observed?.level ?? 'claimed' };
    }
    const others = evidence.provers(imei).filter((prover) => prover.imsi !== imsi?.digits);
    const contested = standing && contest(standing, imei, observed, at);
    const reasons = [
      ...listReasons(imei, at, provesIt),
      ...(contested ?? []),
      ...(isBogus(imei) ? [reasonFor('bogusImei', 'tracking')] : []),
      ...(provesIt ? [reasonFor('proved', 'permitted')] : []),
      ...cloneReasons(others, provesIt, contested !== undefined),
    ];
    const [first = reasonFor('notListed', 'permitted'), ...rest] = reasons;
    const isRefuted =
      first !== undefined && reasons.some(({ code }) => code === 'lyingHandset' || code === 'refutedProof');
    const level = isRefuted
      ? 'refuted'
      : provesIt
        ? (standing.provedLevel ?? 'attested')
        : (observed?.level ?? 'claimed');
    return { ...about, ...concluded([first, ...rest], mode()), evidence: level };
  };

  const listReasons = (imei: Imei, at: number, provesIt: boolean): Reason[] =>
    lists.about(imei, at).map((entry) => {
      const words = [entry.reason, entry.note].filter((word) => word !== '' && word !== 'other').join(': ');
      const more = words === '' ? '' : `(${words})`;
      if (entry.list === 'white') return reasonFor('whiteList', 'permitted', more, entry.caseReference);
      if (entry.reason === 'duplicate' && provesIt) return reasonFor('spared', 'permitted', more, entry.caseReference);
      return entry.list === 'black'
        ? reasonFor('blackList', 'prohibited', more, entry.caseReference)
        : reasonFor('greyList', 'tracking', more, entry.caseReference);
    });

  /** Claimed against proved: undefined when they agree or nothing was proved. */
  const contest = (
    standing: Standing,
    imei: Imei,
    observed: { readonly level: string; readonly contestedAt: number | undefined } | undefined,
    at: number,
  ): Reason[] | undefined => {
    if (standing.result === 'refuted' && standing.standingOrder !== 'unblock')
      return [reasonFor('refutedProof', 'prohibited', `(${standing.reason})`)];
    if (!provesNow(standing) || standing.provedImei === undefined || standing.provedImei.equals(imei)) return undefined;
    const proved = `(proved: ${standing.provedImei})`;
    if (observed?.level === 'refuted') return [reasonFor('lyingHandset', 'prohibited', proved)];
    if (subscribers.byIccid(standing.iccid)?.policy.pairing === 'locked')
      return [reasonFor('pairingLocked', 'prohibited', proved)];
    const since = observed?.contestedAt ?? at;
    return at - since < proofGrace()
      ? [reasonFor('proofExpected', 'tracking', proved)]
      : [reasonFor('proofMissing', 'prohibited', proved)];
  };

  const cloneReasons = (others: readonly Standing[], provesIt: boolean, isContested: boolean): Reason[] => {
    if (provesIt || others.length === 0) return [];
    // A SIM that just moved into this handset is about to prove it.
    return [reasonFor('clone', isContested ? 'tracking' : cloneStatus())];
  };

  const check: Register['check'] = (question) => {
    const decision = explain(question);
    const { imei, imsi } = decision;
    if (imsi !== undefined) {
      const codes = decision.reasons.map(({ code }) => code);
      const isContested =
        codes.includes('proofExpected') || codes.includes('proofMissing') || codes.includes('pairingLocked');
      evidence.recordClaim(imei, imsi, question.at ?? clock.now(), isContested);
    }
    log(decision);
    return decision;
  };

  /** Only what is new and not permitted: a network asks for each attach. */
  const log = ({ imei, imsi, equipmentStatus, reasons, evidence: level }: Decision) => {
    const pair = `${imei.equipment} ${imsi?.digits}`;
    const last = logged.get(pair) ?? 'permitted';
    if (last === equipmentStatus) return;
    if (logged.size >= MOST_LOGGED) logged.clear();
    logged.set(pair, equipmentStatus);
    audit.append({
      kind: 'check',
      author: 'network',
      subject: imei.equipment,
      detail: {
        imsi: imsi?.digits ?? null,
        status: equipmentStatus,
        evidence: level,
        reasons: reasons.map(({ text }) => text),
      },
    });
  };

  return {
    lists,
    check,
    explain,
    mode,
    setMode: (value, author, reason) =>
      database.transaction(() => {
        set('mode', value, author, reason);
        everyProof.run();
      }),
    setCloneStatus: (value, author, reason) => set('cloneStatus', value, author, reason),
    setProofGrace(milliseconds, author, reason) {
      if (!Number.isSafeInteger(milliseconds) || milliseconds < 0)
        throw new RangeError(`proof grace: expected whole milliseconds from 0 on, got ${milliseconds}`);
      set('proofGrace', String(milliseconds), author, reason);
    },
    importList: (chunks, importOptions) => importList(database, { audit, clock }, chunks, importOptions),
    imports: (most) => importedFiles(database, Math.min(most, MOST_IMPORTS)),
    undoImport: (what) => undoImport(database, audit, what),
  };
}

/** True when the last report proved an IMEI: after one that proved nothing, an older proof holds no claim to be a lie. */
function provesNow({ result }: Standing): boolean {
  return result === 'proved' || result === 'provedOther';
}
