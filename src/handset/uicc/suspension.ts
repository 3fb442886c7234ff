import { type Infer, lengthPrefixed, listOf, octets, rest, struct, u8, u16 } from '#base/codec/index.ts';
import { equalOctets } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { CardFiles, DirectoryNode, FileNode, Selection } from './file-system/index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import type { Pins } from './pin.ts';

/** P1 of SUSPEND UICC (TS 102 221 11.1.22). */
const OPERATION = { suspend: 0x00, resume: 0x01 } as const;
const TOKEN = 8;
/** A duration is a unit and a number: seconds, minutes, hours, days, ten days (TS 102 221 11.1.22.2). */
const UNIT_SECONDS = [1, 60, 3600, 86_400, 864_000] as const;
const DURATIONS = 4;

/** What a suspended UICC keeps over the time without power: everything that a terminal would have to do again. */
const suspended = struct({
  token: octets(TOKEN),
  /** Places in the memory of the PINs that were verified. */
  verified: lengthPrefixed(u8, listOf(u16, 64)),
  profile: lengthPrefixed(u8, rest(0, 255)),
  /** The application, then identifiers from there, or from the MF, down to what is selected. */
  aid: lengthPrefixed(u8, rest(0, 16)),
  path: lengthPrefixed(u8, listOf(u16, 16)),
});
/** What a suspended UICC keeps. */
export type Suspended = Infer<typeof suspended>;

const sw = (statusWord: number) => responseApdu(statusWord);

/** What suspension works on. */
export interface SuspensionParts {
  readonly files: CardFiles;
  readonly pins: Pins;
  readonly random: Random;
  /** The TERMINAL PROFILE of this power-on; undefined before it. */
  profile(): Uint8Array | undefined;
  /** The terminal has its profile again without sending it. */
  resumed(profile: Uint8Array): void;
}

/** Suspension of one UICC: it may be without power for a while, and goes on where it was (TS 102 221 11.1.22). */
export class Suspension {
  readonly #parts: SuspensionParts;

  constructor(parts: SuspensionParts) {
    this.#parts = parts;
  }

  /** What was kept is void. */
  forget(): void {
    this.#parts.files.commit([[MEMORY_KEY.suspension, undefined]]);
  }

  /** SUSPEND UICC; only the first command after a reset may resume, and what it does not resume is void. */
  process({ p1, p2, data }: CommandApdu, selection: Selection, isFirst: boolean): Uint8Array {
    const stored = this.#parts.files.stored(MEMORY_KEY.suspension);
    const kept = isFirst && stored !== undefined ? suspended.decode(stored) : undefined;
    if (stored !== undefined) this.forget();
    if (p2 !== 0 || (p1 !== OPERATION.suspend && p1 !== OPERATION.resume)) return sw(SW.wrongParameters);
    if (data.length !== (p1 === OPERATION.suspend ? DURATIONS : TOKEN)) return sw(SW.wrongLength);
    return p1 === OPERATION.suspend ? this.#suspend(data, selection) : this.#resume(data, selection, kept);
  }

  /** The longest time the terminal asks for, and a token without which nobody goes on. */
  #suspend(durations: Uint8Array, selection: Selection): Uint8Array {
    const [least, most] = [secondsOf(durations, 0), secondsOf(durations, 2)];
    if (least === undefined || most === undefined) return sw(SW.wrongData);
    if (least > most) return sw(SW.securityContextNotSupported);
    const { files, pins, random, profile } = this.#parts;
    const token = random.octets(TOKEN);
    const { aid, path } = placeOf(selection);
    const kept = suspended.encode({
      token,
      verified: pins.verified(),
      profile: profile() ?? new Uint8Array(0),
      aid,
      path,
    });
    if (!files.commit([[MEMORY_KEY.suspension, kept]])) return sw(SW.notEnoughMemory);
    const response = new Uint8Array(2 + TOKEN);
    response.set(durations.subarray(2));
    response.set(token, 2);
    return responseApdu(SW.ok, response);
  }

  /** One try: a wrong token leaves a card that was just powered on. */
  #resume(token: Uint8Array, selection: Selection, kept: Suspended | undefined): Uint8Array {
    if (kept === undefined) return sw(SW.conditionsOfUseNotSatisfied);
    const { files, pins } = this.#parts;
    if (!equalOctets(token, kept.token)) return sw(SW.wrongData);
    pins.restore(kept.verified);
    selectAgain(files, selection, kept);
    if (kept.profile.length > 0) this.#parts.resumed(kept.profile);
    return sw(SW.ok);
  }
}

function secondsOf(octets: Uint8Array, at: number): number | undefined {
  const unit = UNIT_SECONDS[octets[at] as number];
  return unit === undefined ? undefined : unit * (octets[at + 1] as number);
}

const identifierOf = (node: FileNode | DirectoryNode) =>
  node.kind === 'file' ? node.file.identifier : node.identifier;

function placeOf({ directory, file, application }: Selection): Pick<Suspended, 'aid' | 'path'> {
  const path: number[] = [];
  let top: FileNode | DirectoryNode = file ?? directory;
  while (!(top.kind === 'directory' && (top.parent === undefined || top.aid !== undefined))) {
    path.unshift(identifierOf(top));
    top = top.kind === 'file' ? top.directory : (top.parent as DirectoryNode);
  }
  return { aid: top === application ? (application.aid ?? new Uint8Array(0)) : new Uint8Array(0), path };
}

/** Selects what was selected, as far as it is still there. */
function selectAgain({ structure }: CardFiles, selection: Selection, { aid, path }: Suspended): void {
  const application = structure.applications().find((one) => aid.length > 0 && one.aid?.toString() === aid.toString());
  let node: FileNode | DirectoryNode = application ?? structure.image.master;
  selection.select(node);
  for (const identifier of path) {
    const child: FileNode | DirectoryNode | undefined =
      node.kind === 'directory' ? structure.child(node, identifier) : undefined;
    if (child === undefined) return;
    selection.select(child);
    node = child;
  }
}
