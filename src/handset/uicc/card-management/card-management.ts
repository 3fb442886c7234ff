import { sameOctets } from '#base/codec/index.ts';
import type { AesProvider } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import type { Applet, CardMemory } from '#handset/card/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import { ISSUER_DOMAIN_ALIAS } from '#protocol/card-management/index.ts';
import type { OtaKeys, SecurityLevel } from '#protocol/ota/index.ts';
import type { SecurityLevel as SessionLevel } from '#protocol/secure-channel/index.ts';
import { CardLifeCycle } from './card-life-cycle.ts';
import { manageContent } from './content-management.ts';
import { DataObjects } from './data-objects.ts';
import type { ManagedCard } from './managed-card.ts';
import { MANAGEMENT_KEY, type ManagementProfile, managementProfile, type RemoteFileApplication } from './memory.ts';
import { type Domain, ISSUER, Registry } from './registry.ts';
import { RemoteApplications } from './remote-applications.ts';
import { remoteFileCommands } from './remote-file-commands.ts';
import { freshConversation } from './requester.ts';
import { executeScript, type ServeRemote } from './script-execution.ts';
import { type DomainParts, SecurityDomain } from './security-domain.ts';

/** What card management is made of. */
export interface CardManagementParts {
  readonly memory: CardMemory;
  readonly aes: AesProvider;
  readonly random: Random;
  /** Four octets that tell this card from others. */
  readonly serial: () => Uint8Array;
  /** True when records may grow by so many octets and all that is vital still fits. */
  readonly leaves: (growth: number) => boolean;
  /** Serves toolkit commands while a security domain is selected. */
  readonly toolkit: (command: CommandApdu, channel: number) => Uint8Array;
  /**
   * File commands for a script, on a selection of its own, with what the profile grants. Undefined when the card has no such
   * application.
   */
  readonly files: (target: RemoteFileApplication) => ServeRemote | undefined;
}

const NONE: readonly Applet[] = [];
/** AIDs of security domains begin otherwise: a SELECT of USIM or ISIM, at every power-on, does not wake card management. */
const RID_3GPP = Uint8Array.of(0xa0, 0x00, 0x00, 0x00, 0x87);
function isOf3gpp(aid: Uint8Array): boolean {
  for (let i = 0; i < RID_3GPP.length; i++) if (aid[i] !== RID_3GPP[i]) return false;
  return true;
}
/** Levels of a session, from the least. */
const LEVELS: readonly SessionLevel[] = [0x01, 0x03, 0x11, 0x13, 0x33];
/** Most octets of one answer to a script. */
const SCRIPT_ROOM = 512;

/** What is made when card management is first asked for something: most power-ons never do. */
interface Awake {
  readonly card: ManagedCard;
  readonly profile: ManagementProfile;
  readonly remote: RemoteApplications;
  readonly domains: Map<number, SecurityDomain>;
  readonly alias: SecurityDomain | undefined;
  readonly parts: DomainParts;
}

/** Card management of one UICC: security domains on its channels, and remote management. A card personalised without it has none. */
export class CardManagement {
  readonly #parts: CardManagementParts;
  readonly #lifeCycle: CardLifeCycle;
  #awake: Awake | undefined;

  constructor(parts: CardManagementParts) {
    this.#parts = parts;
    this.#lifeCycle = new CardLifeCycle(parts.memory);
  }

  /** True when the card is locked or ended as a whole: no AUTHENTICATE (GPC 2.3.1 5.1.1.4). Emergency calls need none. */
  get isCardLocked(): boolean {
    return this.#lifeCycle.isLocked;
  }

  /** True when the card is ended: nothing is answered any more (GPC 2.3.1 5.1.1.5). */
  get isTerminated(): boolean {
    return this.#lifeCycle.isTerminated;
  }

  /** Power-on: no session, no conversation. */
  reset(): void {
    for (const domain of this.#awake?.domains.values() ?? []) domain.reset();
    this.#awake?.alias?.reset();
  }

  // ---- on the card's channels ----

  /** Security domains that may answer to an AID. */
  installed(asked: Uint8Array): readonly Applet[] {
    if (isOf3gpp(asked)) return NONE;
    const awake = this.#wake();
    if (awake === undefined) return NONE;
    const domains = awake.card.registry.domains().map((domain) => applet(awake, domain));
    return awake.alias === undefined ? domains : [...domains, awake.alias];
  }

  /** Who answers SELECT without an AID; undefined leaves it to the file system. */
  issuer(): Applet | undefined {
    const awake = this.#wake();
    if (awake?.profile.emptySelect !== 'issuerDomain') return undefined;
    const issuer = awake.card.registry.at(ISSUER);
    return issuer && applet(awake, issuer);
  }

  // ---- remote management: TS 102 226 ----

  /** Keys for a packet of this key set and TAR. */
  keys(keySet: number, tar: Uint8Array): OtaKeys | undefined {
    return this.#wake()?.remote.keys(keySet, tar);
  }

  /** The least protection of a packet for this TAR; undefined when it is nobody's. */
  minimumLevel(tar: Uint8Array): SecurityLevel | undefined {
    return this.#wake()?.remote.minimumLevel(tar);
  }

  /** The last counter of a key set, whose owner the TAR names. */
  lastCounter(keySet: number, tar: Uint8Array): number {
    return this.#wake()?.remote.ownerOf(tar)?.keys.lastCounter(keySet) ?? 0;
  }

  /** Keeps it; safe when it returns. */
  storeCounter(keySet: number, counter: number, tar: Uint8Array): void {
    this.#wake()?.remote.ownerOf(tar)?.keys.storeCounter(keySet, counter);
  }

  /** Executes the script of a packet that was accepted; the data of its proof of receipt. */
  execute(keySet: number, tar: Uint8Array, script: Uint8Array): Uint8Array {
    const serve = this.#servant(keySet, tar);
    return executeScript(script, serve ?? (() => responseApdu(SW.conditionsOfUseNotSatisfied)));
  }

  #servant(keySet: number, tar: Uint8Array): ServeRemote | undefined {
    const awake = this.#wake();
    const target = awake?.remote.find(tar);
    if (awake === undefined || target === undefined) return undefined;
    if (target.kind === 'files') {
      const files = this.#parts.files(target.files);
      return files && remoteFileCommands(files, target.files.personality);
    }
    const requester = {
      domain: target.domain.number,
      dek: awake.remote.keys(keySet, tar)?.dek,
      room: SCRIPT_ROOM,
      conversation: freshConversation(),
    };
    return (command) => {
      const { statusWord, data } = manageContent(command, awake.card, requester);
      return responseApdu(statusWord, data);
    };
  }

  #wake(): Awake | undefined {
    const { memory, aes, random, leaves, serial, toolkit } = this.#parts;
    if (this.#awake !== undefined) return this.#awake;
    const stored = memory.get(MANAGEMENT_KEY.profile);
    if (stored === undefined) return undefined;
    const profile = managementProfile.decode(stored);
    const registry = new Registry(memory, aes);
    const domains = new Map<number, SecurityDomain>();
    const data = new DataObjects(memory, registry, serial(), leaves);
    const isSelected = (number: number) =>
      domains.get(number)?.isSelected === true || (number === ISSUER && this.#awake?.alias?.isSelected === true);
    const card: ManagedCard = { memory, aes, lifeCycle: this.#lifeCycle, registry, data, leaves, isSelected };
    const parts: DomainParts = { card, random, toolkit, levels: levelsFrom(profile.minimumSession) };
    const issuer = registry.at(ISSUER);
    const alias = issuer && new SecurityDomain(parts, issuer, ISSUER_DOMAIN_ALIAS);
    const remote = new RemoteApplications(card, profile, (target) => this.#parts.files(target) !== undefined);
    this.#awake = { card, profile, remote, domains, alias, parts };
    return this.#awake;
  }
}

/** Levels that protect at least what the least one does. */
const levelsFrom = (least: number) => LEVELS.filter((level) => (level & least) === least);

/** The application of a domain: kept as long as its name is the same, for a number may be given away again. */
function applet({ domains, parts }: Awake, domain: Domain): SecurityDomain {
  const known = domains.get(domain.number);
  if (known !== undefined && sameOctets(known.aid, domain.aid)) return known;
  const made = new SecurityDomain(parts, domain);
  domains.set(domain.number, made);
  return made;
}
