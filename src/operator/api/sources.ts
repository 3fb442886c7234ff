import type { Clock } from '#base/port/index.ts';
import type { Access, People } from '#operator/access/index.ts';
import type { Activity } from '#operator/activity/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import type { Events } from '#operator/event/index.ts';
import type { Evidence } from '#operator/evidence/index.ts';
import type { Exchanges } from '#operator/exchange/index.ts';
import type { Gateway } from '#operator/gateway/index.ts';
import type { Privacy } from '#operator/privacy/index.ts';
import type { NodeStatus, Register } from '#operator/register/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { Cursors } from './cursors.ts';
import type { SiteOptions } from './site.ts';

/** What the API reads from and changes. */
export interface ApiSources {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly access: Access;
  readonly people: People;
  readonly privacy: Privacy;
  readonly audit: Audit;
  readonly subscribers: Subscribers;
  readonly evidence: Evidence;
  readonly activity: Activity;
  readonly events: Events;
  readonly register: Register;
  readonly gateway: Gateway;
  /** What this process took part in, hop by hop; undefined when nothing of it is kept. */
  readonly exchanges: Exchanges | undefined;
  /** Places in lists that go out and come back sealed. */
  readonly cursors: Cursors;
  readonly esme: { readonly isBound: boolean } | undefined;
  /** How people reach it with a browser; default: on this machine, and everybody signs in. */
  readonly site?: SiteOptions;
  /** How the fronts of this process do. */
  nodes(): readonly NodeStatus[];
  /** Hears of errors that no answer explains: faults of this program. */
  onFailure(error: unknown): void;
}
