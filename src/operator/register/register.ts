import { IDENTITY_REFUSALS, IdentityError, type Imei, type Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Activity } from '#operator/activity/index.ts';
import type { Audit, ProgramAuthor } from '#operator/audit/index.ts';
import { type ChangeFeed, changeFeed, type Database } from '#operator/database/index.ts';
import type { Evidence, Position, Standing } from '#operator/evidence/index.ts';
import type { ErasureOrder } from '#operator/privacy/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { type AccessChanges, type Approvals, openApprovals } from './approval.ts';
import { isBogus } from './bogus.ts';
import {
  type Decision,
  type DecisionFacts,
  decide,
  type EquipmentStatus,
  type EvidenceFacts,
  REASON_SENTENCES,
  type ReasonDetail,
  type RegisterMode,
} from './decision.ts';
import { EntryCensus } from './entry-census.ts';
import { equipmentNumber } from './equipment-number.ts';
import type { Front } from './front.ts';
import { type ImsiDefault, type ImsiDefaults, openImsiDefaults } from './imsi-defaults.ts';
import { type ListGeneration, openListGeneration } from './list-generation/index.ts';
import {
  beginUndo,
  type ImportedFile,
  type ImportKeeper,
  type ImportOptions,
  type ImportResult,
  type ImportRuns,
  importedFiles,
  importList,
  openImportKeeper,
  openImportRuns,
  proposeUndo,
  settleAbandoned,
  type UndoEffect,
  type UndoProposal,
  undoEffect,
  undoImport,
} from './list-import/index.ts';
import { type ListPositions, openListPositions } from './list-positions.ts';
import { type Lists, openLists } from './lists.ts';
import { openPairRules, type PairRules } from './pair-rules.ts';
import { type ImeiRange, openRanges, type Ranges, tacOfRange } from './ranges.ts';
import {
  type KeptSettings,
  type RegisterSettings,
  registerSettings,
  type SettingName,
  statusOfUnknown,
} from './register-settings.ts';
import { previewSetting, type SettingPreview } from './setting-preview.ts';
import { openTacTable, type TacTable } from './tac-table.ts';

/** What the network asks. */
export interface CheckQuestion {
  /** 14 digits, 15, the 16 of an IMEISV, 11 to 13 that lost leading zeros; an Imei when it is parsed already. */
  readonly imei: Imei | string;
  readonly imsi?: Imsi;
  /** Milliseconds since 1970; default now. */
  readonly at?: number;
  /** The interface that asks; default the API. */
  readonly front?: Front;
  /** Where the subscriber is, when somebody knows: one IMEI in two places at once is found by it. */
  readonly position?: Position;
}

/** The equipment register (7). */
export interface Register {
  readonly lists: Lists;
  /** Which row of a list something stands in. */
  readonly positions: ListPositions;
  readonly ranges: Ranges;
  readonly pairRules: PairRules;
  readonly settings: KeptSettings;
  readonly tacs: TacTable;
  readonly imsiDefaults: ImsiDefaults;
  /** The lists as other registers are given them, in numbered runs. */
  readonly generation: ListGeneration;
  /** Changes of the lists that two persons make; what is above changes at once whatever the setting says. */
  readonly approvals: Approvals;
  /** Changes an entry or rule, or lets it wait for a second person: what people and their programs call. Throws RangeError. */
  readonly propose: Approvals['propose'];
  /** What changed, in order: every node's memory follows it. */
  readonly feed: ChangeFeed;
  /** The answer to the network. Records the claim. Throws IdentityError for what is no IMEI. */
  check(question: CheckQuestion): Decision;
  /** Records that the network saw this pair and was answered so, when nothing is known of it: a claim that nobody contests. */
  sighted(imei: Imei, imsi: Imsi, at: number, equipmentStatus: EquipmentStatus): void;
  /** The same answer without recording anything: for people. `under`: other settings than those that stand. */
  explain(question: CheckQuestion, under?: RegisterSettings): Decision;
  /** What another value of a setting would mean for the handsets in use. Throws RangeError for a value it cannot have. */
  previewSetting(name: SettingName, value: string): Promise<SettingPreview>;
  mode(): RegisterMode;
  /** Every UICC's last order is thought over in the new mode: what it blocked is lifted when it no longer enforces. */
  setMode(mode: RegisterMode, author: string, reason: string): void;
  /** What handsets get that only claim an IMEI which another one proves; default tracking. */
  setCloneStatus(status: 'tracking' | 'prohibited', author: string, reason: string): void;
  /** How long a claim against an older proof is tolerated until the UICC reports, in milliseconds; default ten minutes. */
  setProofGrace(milliseconds: number, author: string, reason: string): void;
  /** Any setting by name. Throws RangeError for a value it cannot have. */
  set(name: SettingName, value: string, author: string, reason: string): void;
  /** Where the setting `approval` asks for a second person, nothing is written: the outcome is `waiting`. */
  importList(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: ImportOptions): Promise<ImportResult>;
  /** The newest imported files, at most `most` (1000). */
  imports(most: number): readonly ImportedFile[];
  /** Who looks after imports of all processes, on this scheduler; it is to be started. */
  importKeeper(scheduler: Scheduler): ImportKeeper;
  /** Files under way, in whatever process. */
  readonly importRuns: ImportRuns;
  /** One imported file by its number. */
  import(batch: number): ImportedFile | undefined;
  /** Takes an import back at once, whatever the setting says; gives how many entries changed. Rejects with RangeError. */
  undoImport(what: { readonly batch: number; readonly author: string; readonly reason: string }): Promise<number>;
  /** Takes an import back, or lets that wait for a second person. Rejects with RangeError for one that does not stand. */
  proposeUndo(batch: number, author: string, reason: string): Promise<UndoProposal>;
  /** What taking it back would do. Rejects with RangeError for one that does not stand. */
  undoEffect(batch: number): Promise<UndoEffect>;
  /** Does what imports and undoings of any process left to do; whether they count is settled without it. */
  settleImports(): Promise<void>;
}

const MOST_IMPORTS = 1000;
/** Pairs whose last status is remembered, so that only a new one is logged. */
const MOST_LOGGED = 100_000;

/** What a register stands on. */
interface RegisterRooms {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly evidence: Evidence;
  readonly subscribers: Subscribers;
  readonly activity: Pick<Activity, 'add'>;
  /** Begins the erasure of a subject's data that two people agreed to. */
  erase(order: ErasureOrder): void;
  /** Changes users and tokens, alone or when two people agreed. */
  readonly people: AccessChanges;
}

/** The register over these lists and this evidence. */
export function openRegister(options: RegisterRooms): Register {
  const { database, audit, clock, evidence, subscribers, activity } = options;
  const feed = changeFeed(database, clock);
  const parts = { database, audit, clock, feed };
  const census = new EntryCensus(parts);
  const lists = openLists({ ...parts, census });
  const positions = openListPositions({ feed, census, search: lists.search });
  const ranges = openRanges(parts);
  const pairRules = openPairRules(parts);
  const settings = registerSettings(parts);
  const tacs = openTacTable(parts);
  const imsiDefaults = openImsiDefaults(parts);
  const entries = { ...parts, ranges, pairRules };
  const everyProof = database.command(
    `INSERT INTO reconsideration (imei) SELECT DISTINCT proved_imei FROM uicc_state WHERE proved_imei IS NOT NULL
     ON CONFLICT (imei) DO NOTHING`,
  );
  const generation = openListGeneration({ ...parts, lists, pairRules, subscribers });
  const importRuns = openImportRuns(entries);
  const logged = new Map<string, EquipmentStatus>();

  const explain: Register['explain'] = (question, under = settings.read()) => {
    const { imei, normalised, lostZeros } = numberOf(question.imei);
    const { imsi, at = clock.now(), front = 'api' } = question;
    const { mode, cloneStatus, unknown } = under;
    const standing = imsi && evidence.standing(imsi);
    const byPrefix = imsi && imsiDefaults.about(imsi);
    const facts: DecisionFacts = {
      mode,
      entries: lists.about(imei, at),
      ranges: ranges.about(imei, at).map((entry) => ({
        ...entry,
        width: entry.last.number - entry.first.number,
        details: [rangeDetail(entry)],
      })),
      ...pairRules.about(imei, imsi, at),
      evidence: evidenceFacts(imei, imsi, standing, at, under),
      cloneStatus,
      suspicion:
        lostZeros || isBogus(imei.number) ? 'bogusImei' : tacs.isUnallocated(imei.tac) ? 'unallocatedTac' : undefined,
      unknownStatus: statusOfUnknown(byPrefix?.answer ?? unknown[front]),
      imsiDefault: byPrefix && [prefixDetail(byPrefix)],
    };
    const evidenceLevel = levelOf(imei, imsi, standing, facts);
    return { imei, imsi, normalised, provedImei: standing?.provedImei, ...decide(facts), evidence: evidenceLevel };
  };

  const evidenceFacts = (
    imei: Imei,
    imsi: Imsi | undefined,
    standing: Standing | undefined,
    at: number,
    under: RegisterSettings,
  ): EvidenceFacts => {
    const contest = standing && contestOf(standing, imei, imsi as Imsi, at, under);
    return {
      provesIt: standing !== undefined && provesNow(standing) && standing.provedImei?.equals(imei) === true,
      contest: contest?.code,
      contestDetails: contest === undefined ? [] : [contest.detail],
      provedByOthers: evidence.provers(imei).some((prover) => prover.imsi !== imsi?.digits),
    };
  };

  /** Claimed against proved: undefined when they agree or nothing was proved. */
  const contestOf = (
    standing: Standing,
    imei: Imei,
    imsi: Imsi,
    at: number,
    { proofGrace }: RegisterSettings,
  ): { readonly code: NonNullable<EvidenceFacts['contest']>; readonly detail: ReasonDetail } | undefined => {
    if (standing.result === 'refuted' && standing.standingOrder !== 'unblock')
      return { code: 'refutedProof', detail: say('byProof', { proofReason: standing.reason }) };
    if (!provesNow(standing) || standing.provedImei === undefined || standing.provedImei.equals(imei)) return undefined;
    const detail = say('provedImei', { imei: String(standing.provedImei) });
    const observed = evidence.observation(imei, imsi);
    if (observed?.level === 'refuted') return { code: 'lyingHandset', detail };
    if (subscribers.byIccid(standing.iccid)?.policy.pairing === 'locked') return { code: 'pairingLocked', detail };
    const since = observed?.contestedAt ?? at;
    return { code: at - since < proofGrace ? 'proofExpected' : 'proofMissing', detail };
  };

  const levelOf = (imei: Imei, imsi: Imsi | undefined, standing: Standing | undefined, facts: DecisionFacts) => {
    const { contest, provesIt } = facts.evidence;
    if (facts.mode !== 'off' && (contest === 'lyingHandset' || contest === 'refutedProof')) return 'refuted';
    if (facts.mode !== 'off' && provesIt) return standing?.provedLevel ?? 'attested';
    return (imsi && evidence.observation(imei, imsi)?.level) ?? 'claimed';
  };

  const check: Register['check'] = (question) => {
    const decision = explain(question);
    const { imei, imsi } = decision;
    // A front of its own counts what it answers, also what never comes here.
    if ((question.front ?? 'api') === 'api') activity.add(`answer.${decision.equipmentStatus}`);
    if (imsi !== undefined) {
      const isContested = decision.reasons.some(({ code }) => CONTESTED.has(code));
      evidence.recordClaim(imei, imsi, question.at ?? clock.now(), isContested, {
        level: decision.evidence,
        equipmentStatus: decision.equipmentStatus,
        ...(question.position && { position: question.position }),
      });
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
      author: 'network' satisfies ProgramAuthor,
      subject: imei.equipment,
      detail: {
        imsi: imsi?.digits ?? null,
        status: equipmentStatus,
        evidence: level,
        reasons: reasons.map(({ text }) => text),
      },
      said: { reasons: reasons.flatMap(({ said }) => said) },
    });
  };

  const set: KeptSettings['set'] = (name, value, author, reason, approved) =>
    database.transaction(() => {
      settings.set(name, value, author, reason, approved);
      if (name === 'mode') everyProof.run();
    });
  const others = {
    undo: (what: Parameters<typeof beginUndo>[1]) => beginUndo(entries, what),
    ...{ set, people: options.people, withdrawMaker: subscribers.distrustMaker },
    erase: (order: ErasureOrder) => options.erase(order),
  };
  const approvals = openApprovals({ ...entries, settings, lists, imsiDefaults, others });

  return {
    ...{ lists, positions, ranges, pairRules, settings, tacs, imsiDefaults, generation },
    ...{ approvals, importRuns, feed, check, explain, set },
    propose: approvals.propose,
    previewSetting: (name, value) => previewSetting({ database, clock, settings, explain }, name, value),
    sighted: (imei, imsi, at, equipmentStatus) =>
      evidence.recordClaim(imei, imsi, at, false, { level: 'claimed', equipmentStatus }),
    mode: () => settings.read().mode,
    setMode: (value, author, reason) => set('mode', value, author, reason),
    setCloneStatus: (value, author, reason) => set('cloneStatus', value, author, reason),
    setProofGrace: (milliseconds, author, reason) => set('proofGrace', String(milliseconds), author, reason),
    ...importsOf({ ...entries, approvals }, importRuns),
  };
}

/** Files in and out of the lists. */
function importsOf(
  ports: Parameters<typeof importList>[0] & Parameters<typeof proposeUndo>[0],
  importRuns: ImportRuns,
) {
  return {
    importList: (chunks, options) => importList(ports, chunks, options),
    imports: (most) => importedFiles(ports, Math.min(most, MOST_IMPORTS)),
    import: (batch) => importedFiles(ports, 1, batch + 1).find((file) => file.batch === batch),
    undoImport: (what) => undoImport(ports, what),
    undoEffect: (batch) => undoEffect(ports, batch),
    proposeUndo: (batch, author, reason) => proposeUndo(ports, { batch, author, reason }),
    settleImports: () => settleAbandoned(ports, { mayLive: true }),
    importKeeper: (scheduler) => openImportKeeper(ports, importRuns, scheduler),
  } satisfies Partial<Register>;
}

const { say } = REASON_SENTENCES;

function rangeDetail(range: ImeiRange): ReasonDetail {
  const tac = tacOfRange(range);
  if (tac !== undefined) return say('ofTac', { tac: tac.digits });
  return say('ofRange', { first: range.first.equipment, last: range.last.equipment });
}

const prefixDetail = ({ prefix, answer: status, note }: ImsiDefault): ReasonDetail =>
  note === '' ? say('byPrefix', { prefix, status }) : say('byPrefixNote', { prefix, status, note });

/** Reasons that say: the UICC of this subscriber has proved another IMEI. */
const CONTESTED: ReadonlySet<string> = new Set(['proofExpected', 'proofMissing', 'pairingLocked']);

function numberOf(imei: Imei | string): {
  readonly imei: Imei;
  readonly normalised: readonly string[];
  readonly lostZeros: boolean;
} {
  if (typeof imei !== 'string') return { imei, normalised: [], lostZeros: false };
  const found = equipmentNumber(imei);
  if (found === undefined)
    throw new IdentityError('IMEI', IDENTITY_REFUSALS.say('lostTooManyDigits', { came: imei.slice(0, 40) }));
  return found;
}

/** True when the last report proved an IMEI: after one that proved nothing, an older proof holds no claim to be a lie. */
function provesNow({ result }: Standing): boolean {
  return result === 'proved' || result === 'provedOther';
}
