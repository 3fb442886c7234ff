import {
  DISPOSITION,
  PCSC_RESULT,
  type PcscCard,
  PcscError,
  type PcscProtocol,
  type PcscService,
  type PcscUse,
  protocolBits,
  protocolOf,
  shareMode,
} from './pcsc.ts';
import { LONGEST_PCSC_APDU, type PcscReader } from './pcscd-message.ts';

type Package = typeof import('smartcard');
type PackageCard = import('smartcard').Card;
type PackageContext = InstanceType<Package['Context']>;

/** The package tells errors in words alone. */
const CODES: ReadonlyMap<string, number> = new Map([
  ['Invalid handle', PCSC_RESULT.invalidHandle],
  ['Card is not connected', PCSC_RESULT.unpoweredCard],
  ['Unknown reader', PCSC_RESULT.unknownReader],
  ['Operation timed out', PCSC_RESULT.timeout],
  ['Sharing violation', PCSC_RESULT.sharingViolation],
  ['No smart card present', PCSC_RESULT.noSmartCard],
  ['Protocol mismatch', PCSC_RESULT.protocolMismatch],
  ['Transaction failed', PCSC_RESULT.notTransacted],
  ['Reader unavailable', PCSC_RESULT.readerUnavailable],
  ['PC/SC service not running', PCSC_RESULT.noService],
  ['PC/SC service stopped', PCSC_RESULT.serviceStopped],
  ['No readers available', PCSC_RESULT.noReadersAvailable],
  ['Card is unresponsive', PCSC_RESULT.unresponsiveCard],
  ['Card is unpowered', PCSC_RESULT.unpoweredCard],
  ['Card was reset', PCSC_RESULT.resetCard],
  ['Card was removed', PCSC_RESULT.removedCard],
]);
const UNKNOWN = 0x80100001;

/** Runs what the package does; its errors as PcscError. */
async function told<T>(doing: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = CODES.get(message);
    if (code !== undefined) throw new PcscError(code, doing);
    throw new PcscError(UNKNOWN, doing === '' ? message : `${doing}: ${message}`);
  }
}

class SmartcardCard implements PcscCard {
  readonly #card: PackageCard;
  readonly #use: PcscUse;

  constructor(card: PackageCard, use: PcscUse) {
    this.#card = card;
    this.#use = use;
  }

  get protocol(): PcscProtocol {
    return protocolOf(this.#card.protocol);
  }

  atr(): Promise<Uint8Array> {
    return told('status', () => Uint8Array.from(this.#card.getStatus().atr));
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const sent = Buffer.from(command);
    return told('', async () => Uint8Array.from(await this.#card.transmit(sent, { maxRecvLength: LONGEST_PCSC_APDU })));
  }

  async reset(): Promise<void> {
    const [share, protocols] = [shareMode(this.#use), protocolBits(this.#use)];
    await told('reset', () => this.#card.reconnect(share, protocols, DISPOSITION.unpower));
  }

  disconnect(): Promise<void> {
    return told('disconnect', () => this.#card.disconnect(DISPOSITION.reset));
  }
}

/** The PC/SC service of this machine through the package `smartcard`. Rejects with PcscError when there is no service. */
export async function smartcardService({ Context }: Package): Promise<PcscService> {
  const context: PackageContext = await told('PC/SC', () => new Context());
  const packageReaders = async () => {
    try {
      return await told('readers', () => context.listReaders());
    } catch (error) {
      if (error instanceof PcscError && error.code === PCSC_RESULT.noReadersAvailable) return [];
      throw error;
    }
  };
  return {
    async readers() {
      return (await packageReaders()).map(({ name, atr }): PcscReader => {
        const octets = Uint8Array.from(atr ?? []);
        return { name, hasCard: octets.length > 0, atr: octets };
      });
    },
    async connect(name, use) {
      const reader = (await packageReaders()).find((one) => one.name === name);
      if (reader === undefined) throw new PcscError(PCSC_RESULT.unknownReader, name);
      const card = await told(name, () => reader.connect(shareMode(use), protocolBits(use)));
      return new SmartcardCard(card, use);
    },
    close: () => told('PC/SC', () => context.close()),
  };
}
