import { sameOctets } from '#base/codec/index.ts';
import { CARD_LIFE_CYCLE, REMOTE_MANAGEMENT_TAR } from '#protocol/card-management/index.ts';
import type { OtaKeys, SecurityLevel } from '#protocol/ota/index.ts';
import type { ManagedCard } from './managed-card.ts';
import type { ManagementProfile, RemoteFileApplication } from './memory.ts';
import { mayHold } from './put-key-command.ts';
import { type Domain, ISSUER, isLocked } from './registry.ts';

/** What a TAR leads to on a card. */
export type RemoteTarget =
  | { readonly kind: 'domain'; readonly domain: Domain }
  | { readonly kind: 'files'; readonly files: RemoteFileApplication };

const TAR_AT = 12;
const TAR_END = 15;
const LEVEL = { level16: 0x16, level1E: 0x1e } as const;

/** The TAR that stands in an AID: octets 13 to 15 (TS 101 220 annex D, 6); undefined for a shorter one. */
const tarOf = (aid: Uint8Array): Uint8Array | undefined =>
  aid.length < TAR_END ? undefined : aid.subarray(TAR_AT, TAR_END);

/** The remote management applications of a card: which TAR is whose, how it must be protected, under which keys (TS 102 226 4). */
export class RemoteApplications {
  readonly #card: ManagedCard;
  readonly #profile: ManagementProfile;
  readonly #hasFiles: (files: RemoteFileApplication) => boolean;

  /** `hasFiles`: whether the card has the application whose files a TAR reaches. */
  constructor(card: ManagedCard, profile: ManagementProfile, hasFiles: (files: RemoteFileApplication) => boolean) {
    this.#card = card;
    this.#profile = profile;
    this.#hasFiles = hasFiles;
  }

  /** What a TAR leads to; undefined when it is nobody's, or locked. */
  find(tar: Uint8Array): RemoteTarget | undefined {
    const { lifeCycle, registry } = this.#card;
    const { state } = lifeCycle;
    if (state === CARD_LIFE_CYCLE.terminated) return undefined;
    const issuer = registry.at(ISSUER);
    if (sameOctets(tar, REMOTE_MANAGEMENT_TAR.applications)) return issuer && { kind: 'domain', domain: issuer };
    if (state === CARD_LIFE_CYCLE.locked) return undefined;
    const files = this.#profile.remoteFiles.find((candidate) => sameOctets(candidate.tar, tar));
    if (files !== undefined) return this.#hasFiles(files) ? { kind: 'files', files } : undefined;
    const domain = registry.domains().find(({ number, aid }) => number !== ISSUER && isTar(aid, tar));
    return domain === undefined || isLocked(domain) ? undefined : { kind: 'domain', domain };
  }

  /** The domain whose keys protect packets for a TAR: a security domain's own, for all others the issuer's. */
  ownerOf(tar: Uint8Array): Domain | undefined {
    const target = this.find(tar);
    return target?.kind === 'domain' ? target.domain : this.#card.registry.at(ISSUER);
  }

  /** Keys of a key set for a TAR, with the one that enciphers keys. */
  keys(keySet: number, tar: Uint8Array): (OtaKeys & { readonly dek: OtaKeys['cipher'] }) | undefined {
    const owner = this.ownerOf(tar);
    return owner !== undefined && mayHold(keySet) ? owner.keys.forPackets(keySet) : undefined;
  }

  /** The least level of protection for a TAR. */
  minimumLevel(tar: Uint8Array): SecurityLevel | undefined {
    const target = this.find(tar);
    if (target === undefined) return undefined;
    return LEVEL[target.kind === 'files' ? target.files.minimumLevel : this.#profile.minimumLevel];
  }
}

function isTar(aid: Uint8Array, tar: Uint8Array): boolean {
  const own = tarOf(aid);
  return own !== undefined && sameOctets(own, tar);
}
