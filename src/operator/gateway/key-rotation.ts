import type { Iccid } from '#base/identity/index.ts';
import type { Database } from '#operator/database/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { type Outbox, ROTATION_ORDER } from './outbox.ts';

/** New packet keys for a UICC: who wants it, and why. */
export interface RotationRequest {
  readonly iccid: Iccid;
  readonly author: string;
  readonly reason: string;
  readonly caseReference?: string;
}

/** Why no new keys are sent. */
export type RotationRefusal = 'noAuthorOrReason' | 'unknownUicc' | 'noRemoteManagement' | 'rotationOpen';

/** What became of the request; `generation` counts the key sets of this UICC, 0 came with it. */
export type RotationResult =
  | { readonly kind: 'queued'; readonly order: number; readonly generation: number }
  | { readonly kind: 'refused'; readonly why: RotationRefusal };

/** The refusals in words, each with what to do. */
export const ROTATION_REFUSALS: Readonly<Record<RotationRefusal, string>> = {
  noAuthorOrReason: 'expected an author and a reason',
  unknownUicc: 'ICCID: expected a UICC that was issued; issue it first',
  noRemoteManagement: 'this UICC was issued without remote management: it has no such keys',
  rotationOpen: 'new keys are on their way to this UICC: wait for that order to end',
};

/**
 * Draws new packet keys, keeps them wrapped and queues the script that brings them, all in one transaction. Until a proof of receipt says which
 * set the UICC holds, both are kept and tried in turns. Keys of an attempt that ended in silence are sent again, never others: a UICC may hold them.
 */
export function queueRotation(
  request: RotationRequest,
  tools: { database: Database; subscribers: Subscribers; outbox: Outbox },
): RotationResult {
  const { database, subscribers, outbox } = tools;
  const { iccid, author, reason, caseReference = '' } = request;
  const refused = (why: RotationRefusal): RotationResult => ({ kind: 'refused', why });
  if (author.trim() === '' || reason.trim() === '') return refused('noAuthorOrReason');
  const subscriber = subscribers.byIccid(iccid);
  if (subscriber === undefined) return refused('unknownUicc');
  if (!subscriber.isManaged) return refused('noRemoteManagement');
  return database.transaction(() => {
    if (outbox.hasOpen(iccid.digits, ROTATION_ORDER)) return refused('rotationOpen');
    const generation = subscribers.packetKeys.begin(iccid, author);
    const order = outbox.queueRotation({ iccid: iccid.digits, generation, author, reason, caseReference });
    return { kind: 'queued', order, generation };
  });
}
