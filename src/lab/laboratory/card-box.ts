import { fromHex } from '#base/codec/index.ts';
import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { LAB_NUMBERS, type Loopback } from '#lab/loopback/index.ts';
import type { CardFile } from '#lab/workshop/index.ts';
import type { ProgramAuthor } from '#operator/audit/index.ts';
import { FLEET_POLICY, type LockPolicy, STANDARD_POLICY } from '#operator/subscriber/index.ts';

/** A UICC of the laboratory. */
export interface UiccOfLab {
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
}

/** A storage support of the laboratory, by its identity in hexadecimal. */
export interface SupportOfLab {
  readonly identity: string;
  readonly imei: Imei;
}

/** `person`: any handset that proves its IMEI; `fleet`: this handset only; `none`: a UICC whose lock sleeps. */
export type PolicyName = 'person' | 'fleet' | 'none';

const POLICY: Readonly<Record<PolicyName, LockPolicy>> = {
  person: STANDARD_POLICY,
  fleet: FLEET_POLICY,
  none: { ...STANDARD_POLICY, gate: 'open', proveAtBoot: false },
};
/** Who the log says did it. */
const AUTHOR: ProgramAuthor = 'assay demo';
// Numbers of what people make in the laboratory: a block of its own in the test network 001 01, and TACs that begin with 00.
const OWN_ICCID = '8988211000001';
const OWN_IMSI = '001010001';
const OWN_MSISDN = '9998';
const OWN_TAC = '00102030';
const digits = (number: number, width: number) => String(number).padStart(width, '0');

/** The cards of the laboratory: made in its workshop, each opened once, put into one handset or another. */
export class CardBox {
  readonly #loopback: Pick<Loopback, 'operator' | 'workshop'>;
  readonly #open = new Map<string, CardFile>();

  constructor(loopback: Pick<Loopback, 'operator' | 'workshop'>) {
    this.#loopback = loopback;
  }

  /** Sees to it that a UICC exists: issued and personalised the first time, then the same as before. */
  issue(card: UiccOfLab, policy: PolicyName): void {
    const { operator, workshop } = this.#loopback;
    if (workshop.uiccs().includes(card.iccid.digits)) return;
    const order = { author: AUTHOR, ...card, ...LAB_NUMBERS, policy: POLICY[policy] };
    workshop.personalise(operator.subscribers.personalisation(card.iccid) ?? operator.subscribers.issueCard(order));
  }

  /** Sees to it that a storage support exists. */
  provision({ identity, imei }: SupportOfLab): void {
    const { operator, workshop } = this.#loopback;
    if (workshop.supports().includes(identity)) return;
    const { identifier: caIdentifier, publicPoint } = operator.subscribers.operatorRoot();
    workshop.provision({ imei, identity: fromHex(identity), authorities: [{ caIdentifier, publicPoint }] });
  }

  /** The next UICC and storage support that nobody has. */
  fresh(): { readonly uicc: UiccOfLab; readonly support: SupportOfLab } {
    const made = this.#loopback.workshop.uiccs().filter((iccid) => iccid.startsWith(OWN_ICCID));
    const number = made.length + 1;
    return {
      uicc: {
        iccid: Iccid.issue(OWN_ICCID + digits(number, 5)),
        imsi: Imsi.parse(OWN_IMSI + digits(number, 6)),
        msisdn: Msisdn.parse(OWN_MSISDN + digits(number, 7)),
      },
      support: { identity: `4C4142${digits(number, 10)}`, imei: Imei.parse(OWN_TAC + digits(number, 6)) },
    };
  }

  /** The UICC as a card. */
  uicc({ iccid }: UiccOfLab): CardFile {
    return this.#opened(iccid.digits, () => this.#loopback.workshop.openUicc(iccid));
  }
  /** The storage support as a card. */
  support({ identity }: SupportOfLab): CardFile {
    return this.#opened(identity, () => this.#loopback.workshop.openSupport(identity));
  }

  #opened(name: string, open: () => CardFile): CardFile {
    const file = this.#open.get(name) ?? open();
    this.#open.set(name, file);
    return file;
  }

  /** Closes every card's file. */
  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}
