import type { Iccid } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { orderCommand } from '#operator/policy/index.ts';
import type { LockPolicy, Subscribers } from '#operator/subscriber/index.ts';
import { changedPolicy, type LockRules, policyAsChange } from '#protocol/imei-lock/index.ts';
import type { Outbox } from './outbox.ts';

/** New rules for the lock of a UICC in the field. */
export interface PolicyRequest {
  readonly iccid: Iccid;
  /** The rules that change; the others stay as the UICC has them. */
  readonly change: Partial<LockRules>;
  readonly author: string;
  readonly reason: string;
  readonly caseReference?: string;
  /** Only say what would be sent. */
  readonly dryRun?: boolean;
}

/** Why no policy is sent. */
export type PolicyRefusal = 'noAuthorOrReason' | 'unknownUicc' | 'nothingChanges' | 'noSuchCount';

/** What became of the request. `order` is undefined for a dry run. */
export type PolicyResult =
  | {
      readonly kind: 'queued';
      readonly order: number | undefined;
      readonly before: LockPolicy;
      readonly after: LockPolicy;
    }
  | { readonly kind: 'refused'; readonly why: PolicyRefusal };

/** The highest values of the rules that count (docs/protocol.md, tags 81 to 89). */
export const MOST_OF_RULE = {
  graceAuthentications: 0xffff,
  proveEvery: 0xffff,
  reportEvery: 0xffff,
  unansweredLimit: 0xff,
  brokenProtectionLimit: 0xff,
} as const;

/** The refusals in words, each with what to do. */
export const POLICY_REFUSALS: Readonly<Record<PolicyRefusal, string>> = {
  noAuthorOrReason: 'expected an author and a reason for the policy',
  unknownUicc: 'ICCID: expected a UICC that was issued; issue it first',
  nothingChanges: 'expected a rule that changes: the UICC said it has these already',
  noSuchCount: 'expected whole numbers up to 65535 of authentications, and up to 255 of reports and proofs',
};

const isCount = (value: number | undefined, most: number): boolean =>
  value === undefined || (Number.isInteger(value) && value >= 0 && value <= most);

function refusalOf({ author, reason, change }: PolicyRequest): PolicyRefusal | undefined {
  if (author.trim() === '' || reason.trim() === '') return 'noAuthorOrReason';
  for (const [rule, most] of Object.entries(MOST_OF_RULE))
    if (!isCount(change[rule as keyof typeof MOST_OF_RULE], most)) return 'noSuchCount';
  return undefined;
}

/** Queues an order that carries new rules, or says why not. What the UICC acknowledges is what its policy is from then on. */
export function queuePolicy(
  request: PolicyRequest,
  tools: { subscribers: Subscribers; outbox: Outbox; clock: Clock },
): PolicyResult {
  const { subscribers, outbox, clock } = tools;
  const { iccid, author, reason, caseReference = '', dryRun = false } = request;
  const why = refusalOf(request);
  if (why !== undefined) return { kind: 'refused', why };
  const before = subscribers.byIccid(iccid)?.policy;
  if (before === undefined) return { kind: 'refused', why: 'unknownUicc' };
  const policy = policyAsChange(request.change);
  const after = changedPolicy(before, policy);
  // One that is on its way may have changed it meanwhile: then it is sent, whatever the card said last.
  if (JSON.stringify(after) === JSON.stringify(before) && !outbox.hasOpen(iccid.digits, 'setPolicy'))
    return { kind: 'refused', why: 'nothingChanges' };
  if (dryRun) return { kind: 'queued', order: undefined, before, after };
  const answer = orderCommand('setPolicy', { at: clock.now(), text: '', policy });
  const order = outbox.queue({ iccid: iccid.digits, answer, author, reason, reasonCode: 'commanded', caseReference });
  return { kind: 'queued', order, before, after };
}
