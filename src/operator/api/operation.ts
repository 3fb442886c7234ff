import type { IncomingMessage, ServerResponse } from 'node:http';
import Type, { type Static, type TObject, type TSchema } from 'typebox';
import type { Permission, Visitor } from '#operator/access/index.ts';
import type { Caller } from './caller.ts';
import type { Identities } from './identities.ts';
import { IDENTITIES_QUERY } from './identities-asked.ts';
import type { ApiLimits } from './limits.ts';
import type { ProblemCode } from './problem.ts';
import type { SiteCookie } from './site.ts';
import type { ApiSources } from './sources.ts';

/** Parts of the document, in the order they are shown. */
export const TAGS = {
  equipment: 'What the register says about an IMEI, and why.',
  lists: 'Entries of the lists, one by one and by file.',
  approvals: 'Changes that wait for a second person (setting `approval`).',
  subscribers: 'UICCs, what they proved, and who uses which IMEI.',
  devices: 'Handsets and the UICCs in them: one box that finds them, and all that is known of one.',
  alarms: 'Findings as an inbox: what contradicts itself, or is silent.',
  commands: 'Orders to UICCs.',
  exchanges: 'What this process of the operator and UICCs said to each other, hop by hop: the newest, in memory.',
  events: 'The audit log: what happened, in order, and as it happens.',
  equipmentEvents: 'Changed IMEIs and duplicates: in pages, as they happen, and told to webhooks.',
  settings: 'How the register acts.',
  privacy: 'Personal data: how long they are kept, giving them out, erasing them.',
  session: 'Who you are here: signing in, signing out, your own password and sessions.',
  access: 'Users, tokens and roles.',
  operation: 'Health, metrics, this document.',
  laboratory: 'What a laboratory can be made to do: only where one runs, and only from the machine itself.',
} as const;
/** A part of the document. */
export type Tag = keyof typeof TAGS;

/** A JSON value of a schema's type, where an optional member may also be there as undefined: JSON leaves it out. */
export type Loose<T> = T extends readonly (infer U)[]
  ? readonly Loose<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Partial<Pick<T, K>> extends Pick<T, K> ? Loose<T[K]> | undefined : Loose<T[K]> }
    : T;

/** One request, checked: its values are of the operation's schemas, and its caller may do this. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly sources: ApiSources;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
  /** The name that signs changes. */
  readonly author: string;
  readonly identities: Identities;
  readonly request: IncomingMessage;
  readonly limits: ApiLimits;
  /** Takes one of the few places for uploads; give it back with what is returned. Throws ProblemError when all are taken. */
  takeUpload(): () => void;
  /** Takes one of the few places for files that are given out; the same otherwise. */
  takeDownload(): () => void;
  /** Takes `cost` more requests from the caller's bucket. Throws ProblemError when there are not so many. */
  spend(cost: number): void;
  /** Answers with the `refusal` status of the operation. */
  refuse(): void;
  /** From where the request comes. */
  readonly visitor: Visitor;
  /** Sets a cookie of the site, or takes it away. */
  setCookie(name: SiteCookie, value: string | undefined): void;
  /** Sends the browser on, of an operation whose status is 303. */
  redirect(location: string): void;
  /** Answers with 202: it was taken, and waits. One of `others` says what is then answered. */
  accept(): void;
  /** Answers by hand from here on, with these headers; the answer of `run` is then not sent. */
  takeOver(headers: Readonly<Record<string, string>>): ServerResponse;
}

/** What an operation answers with. */
export type MediaType =
  | 'application/json'
  | 'application/x-pcapng'
  | 'text/csv'
  | 'text/event-stream'
  | 'text/html'
  | 'text/plain';

/** Another way in which an operation answers, and when. */
export interface OtherAnswer {
  readonly status: 200 | 202;
  readonly description: string;
  readonly answer: TSchema;
  readonly mediaType?: MediaType;
}

/** Something the API can do: the single source of its route, its checks and its place in the document. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Parameters stand as `:name`. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** `anyone`: no token, whatever the address. */
  readonly permission: Permission | 'anyone';
  /** For anyone; but whoever has a token or a living session is known by it. */
  readonly knowsCaller?: boolean;
  /** For whoever has signed in; a token has no session. */
  readonly needsSession?: boolean;
  /** It shows IMSIs, MSISDNs or IMEIs of somebody: the query may ask for them masked or whole. */
  readonly showsIdentities?: boolean;
  /** Answered also while the database is away: a caller that was let in not long ago is let in then. */
  readonly needsNoDatabase?: boolean;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Octets of the body at most. */
  readonly bodyLimit?: number;
  /** The body is no JSON: `run` reads it from the request itself as it comes. */
  readonly streamed?: { readonly types: readonly string[]; readonly description: string };
  readonly status?: 200 | 201 | 303;
  readonly answer: TSchema;
  readonly mediaType?: MediaType;
  readonly others?: readonly OtherAnswer[];
  /** The same answer with another status, when it says no. */
  readonly refusal?: { readonly status: number; readonly description: string };
  /** What can go wrong here beside what can go wrong anywhere. */
  readonly problems?: readonly ProblemCode[];
  /** Codes of refusals that only this operation knows, of a room that the operator does not know. */
  readonly refusals?: readonly string[];
  run(call: Call): unknown;
}

/** What `run` may give: what any of its answers says. */
type Answered<A extends TSchema, O extends readonly OtherAnswer[]> =
  | Loose<Static<A>>
  | Loose<Static<O[number]['answer']>>;

type StaticOr<S, Else> = S extends TSchema ? Static<S> : Else;

/** Declares an operation; `run` is given, and must give, what its schemas say. */
export function operation<
  A extends TSchema,
  O extends readonly OtherAnswer[] = readonly [],
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(
  given: Omit<Operation, 'params' | 'query' | 'body' | 'answer' | 'others' | 'run'> & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly answer: A;
    readonly others?: O;
    run(
      call: Call<StaticOr<P, undefined>, StaticOr<Q, undefined>, StaticOr<B, undefined>>,
    ): Answered<A, O> | Promise<Answered<A, O>>;
  },
): Operation {
  // The door (door.ts) checks the values by the same schemas before it calls `run`.
  return given as Operation;
}

/** The whole query of an operation, with what each has that shows identities. */
export function queryOf({ query, showsIdentities }: Operation): TObject | undefined {
  if (showsIdentities !== true) return query;
  return Type.Object({ ...query?.properties, ...IDENTITIES_QUERY }, { additionalProperties: false });
}
