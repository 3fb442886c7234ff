import type { BindCommand, BindRequest, Message, MessageCommand, Pdu, PduOf } from './pdu.ts';

/** Times of a session in milliseconds (SMPP 3.4 7.2); Infinity switches one off. */
export interface SessionTimes {
  /** From the connection to the bind request: for the SMSC. */
  readonly sessionInitMs: number;
  /** From a request to its response. */
  readonly responseMs: number;
  /** From the last PDU heard to an enquire_link. */
  readonly enquireLinkMs: number;
  /** From the last message to an unbind. */
  readonly inactivityMs: number;
  /** How long a message may wait for a session, for room in the window, or for the end of throttling. */
  readonly patienceMs: number;
}

/** What one session is and how much it may hold. */
export interface SessionSettings extends SessionTimes {
  readonly role: 'ESME' | 'SMSC';
  /** ESME: how it binds. SMSC: its own system_id for the bind response is in `body`. */
  readonly bind: { readonly command: BindCommand; readonly body: BindRequest };
  /** Most message requests sent and not yet answered. */
  readonly window: number;
  /** Most messages that wait to be sent. */
  readonly mostWaiting: number;
  /** Most messages received and not yet answered; more are refused as "try again". */
  readonly mostUnanswered: number;
}

/** Times and limits that suit a link to a real SMSC. */
export const SESSION_DEFAULTS = {
  sessionInitMs: 10_000,
  responseMs: 10_000,
  enquireLinkMs: 30_000,
  inactivityMs: Number.POSITIVE_INFINITY,
  patienceMs: 60_000,
  window: 10,
  mostWaiting: 1000,
  mostUnanswered: 100,
} as const;

/** What became of a message. `unanswered` may have arrived: send the same octets again, the receiver's counter tells. */
export type SubmitResult =
  | { readonly outcome: 'accepted'; readonly messageId: string }
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unanswered'; readonly because: 'no response in time' | 'connection lost' }
  | {
      readonly outcome: 'not sent';
      readonly because: 'session closed' | 'too many wait' | 'waited too long' | 'bound for the other direction';
    };

/** A message on its way out. */
export interface Outgoing {
  readonly id: number;
  readonly command: MessageCommand;
  readonly message: Message;
  readonly tries: number;
  readonly patientUntil: number;
}
/** A request whose response is awaited. */
export type Outstanding =
  | { readonly command: BindCommand | 'unbind' | 'enquire_link'; readonly answerBy: number }
  | { readonly command: MessageCommand; readonly answerBy: number; readonly outgoing: Outgoing };

/** A session as it stands between two events. */
export interface SessionState {
  readonly phase: 'disconnected' | 'connected' | 'bound' | 'unbinding' | 'disconnecting' | 'closed';
  /** Counts connections, so that a late answer cannot slip into the next one. */
  readonly connection: number;
  /** Connections tried since the last bind that worked. */
  readonly attempts: number;
  /** How the session is bound; undefined while it is not. */
  readonly mode: BindCommand | undefined;
  /** SMSC: a bind request is being judged. */
  readonly isJudging: boolean;
  /** It was asked to close: it takes nothing new. */
  readonly isClosing: boolean;
  /** The last sequence_number used. */
  readonly sequence: number;
  readonly outstanding: ReadonlyMap<number, Outstanding>;
  readonly waiting: readonly Outgoing[];
  /** Messages taken and not yet answered. */
  readonly unanswered: number;
  /** When a PDU was last heard and a message last carried, in milliseconds of the Clock, as all times here. */
  readonly heardAt: number;
  readonly usedAt: number;
  /** When `connected` or `disconnecting` must be over. */
  readonly phaseEndsBy: number;
  readonly pauseMs: number;
  readonly pausedUntil: number;
}

/** What happens to a session. */
export type SessionEvent =
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'received'; readonly pdu: Pdu }
  | { readonly type: 'unreadable'; readonly isRequest: boolean; readonly sequence: number; readonly status: number }
  /** A command_length beyond the limit: nothing after it can be read. */
  | { readonly type: 'overlong' }
  | { readonly type: 'submit'; readonly id: number; readonly command: MessageCommand; readonly message: Message }
  /** The SMSC's judgement on a bind request. */
  | {
      readonly type: 'judged';
      readonly request: PduOf<BindCommand>;
      readonly connection: number;
      readonly status: number;
    }
  /** The answer to a message that was given to `take`. */
  | { readonly type: 'answer'; readonly taken: Taken; readonly status: number; readonly messageId: string }
  | { readonly type: 'tick' }
  | { readonly type: 'close' };

/** Where a received message came in: its answer goes there or nowhere. */
export interface Taken {
  readonly connection: number;
  readonly sequence: number;
  readonly command: MessageCommand;
}

/** What is to be done. */
export type SessionAction =
  /** ESME: connect, after the pause that belongs to this number of failed attempts. */
  | { readonly type: 'connect'; readonly attempt: number }
  /** Forced: what could not be written until now is given up. */
  | { readonly type: 'disconnect'; readonly isForced: boolean }
  | { readonly type: 'send'; readonly pdu: Pdu }
  | { readonly type: 'judge'; readonly request: PduOf<BindCommand>; readonly connection: number }
  | { readonly type: 'bound'; readonly mode: BindCommand }
  | { readonly type: 'bind refused'; readonly status: number }
  | { readonly type: 'unbound' }
  | { readonly type: 'take'; readonly taken: Taken; readonly message: Message }
  | { readonly type: 'result'; readonly id: number; readonly result: SubmitResult }
  | { readonly type: 'closed' };

/** A session before its first connection. */
export const FIRST_STATE: SessionState = {
  phase: 'disconnected',
  connection: 0,
  attempts: 0,
  mode: undefined,
  isJudging: false,
  isClosing: false,
  sequence: 0,
  outstanding: new Map(),
  waiting: [],
  unanswered: 0,
  heardAt: 0,
  usedAt: 0,
  phaseEndsBy: 0,
  pauseMs: 0,
  pausedUntil: 0,
};
