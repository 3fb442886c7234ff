import type { Random } from '#base/port/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import type { Envelope, TerminalFeature, TerminalResponse } from '#protocol/usat/index.ts';
import type { VitalRecord } from './reserve.ts';
import type { ProactiveRequest } from './toolkit/index.ts';

/**
 * What became of a report that was given to the terminal (TS 102 223 8.12): sent; not now, so that another may go later; or refused, so that it is of no
 * use to give it to this terminal again.
 */
export type ReportEnd = 'sent' | 'notNow' | 'refused';

/** What the toolkit of the UICC offers to an application on it: the terminal's ear, memory, files, chance. */
export interface ToolkitPort {
  /**
   * Queues a proactive command; the terminal learns of it by 91XX at the next chance. `answered` gets its TERMINAL RESPONSE, or
   * undefined when the session was lost (reset, a response that cannot be read). At most 16 wait; more is refused with false.
   */
  issue(command: ProactiveRequest, answered: (response: TerminalResponse | undefined) => void): boolean;
  /** True from TERMINAL PROFILE on; false before it, and while a reset ends what was issued. */
  isInSession(): boolean;
  /** True when the TERMINAL PROFILE of this power-on announced the feature (TS 102 223 5.2). False before TERMINAL PROFILE. */
  supports(feature: TerminalFeature): boolean;
  /** Sends data as a TS 102 225 command packet in SMS-SUBMIT under the report key set; `ended` hears what became of it. */
  report(data: Uint8Array, ended: (end: ReportEnd) => void): boolean;
  /**
   * Replaces the content of a transparent EF of the USIM, or appends a record to a cyclic one, or sets record `record` of a linear one.
   * False, and nothing written, when the card has no room for it.
   */
  writeFile(identifier: number, content: Uint8Array, record?: number): boolean;
  /** The card's journalled memory; keys 0x4000 to 0x4FFF belong to the application. */
  readonly memory: CardMemory;
  readonly random: Random;
}

/** What an application on the UICC hears. Every call returns before the command that caused it is answered. */
export interface ToolkitApplication {
  /** Toolkit application reference of TS 101 220, 3 octets. */
  readonly tar: Uint8Array;
  /** Its records that must fit into the card's memory whatever a handset fills files with, and the most octets of each. */
  readonly vitalRecords: readonly VitalRecord[];
  /** After reset, before any command. */
  poweredOn(): void;
  /** TERMINAL PROFILE arrived: proactive commands may be issued from now on. */
  profileDownloaded(): void;
  /** ENVELOPE (CALL CONTROL) for a call that is no emergency call: may it go on? `dialled` is the address as dialled (TON/NPI, BCD). */
  callControl(dialled: Uint8Array): 'allowed' | 'notAllowed';
  /** AUTHENTICATE was asked: a status word refuses it, undefined lets it go on. */
  authenticateRequested(): number | undefined;
  /** AUTHENTICATE succeeded. */
  authenticated(): void;
  /** A secured packet for this TAR passed its checks at security level 16 or better: its response data for the proof of receipt. */
  secured(data: Uint8Array): Uint8Array;
  /** What else the terminal says in ENVELOPE: a choice in a menu, a timer, an event. Absent: it asked for none. */
  readonly told?: (envelope: Envelope) => void;
  /** STATUS polled: the terminal is alive and has time. */
  statusPolled(): void;
}
