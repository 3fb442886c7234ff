/**
 * Where a feature stands in TERMINAL PROFILE: octet (from 1) and bit (from 1, the least significant), TS 102 223 5.2,
 * TS 31.111 5.2.
 */
export const TERMINAL_FEATURE = {
  profileDownload: [1, 1],
  smsPpDownload: [1, 2],
  cellBroadcastDownload: [1, 3],
  menuSelection: [1, 4],
  smsPpDataDownload: [1, 5],
  timerExpiration: [1, 6],
  callControl: [1, 8],
  moShortMessageControl: [2, 4],
  displayText: [3, 1],
  moreTime: [3, 4],
  playTone: [3, 5],
  pollInterval: [3, 6],
  pollingOff: [3, 7],
  refresh: [3, 8],
  sendShortMessage: [4, 2],
  sendUssd: [4, 4],
  setUpCall: [4, 5],
  provideLocalInformation: [4, 7],
  networkMeasurement: [4, 8],
  setUpEventList: [5, 1],
  locationStatusEvent: [5, 5],
  cardReaderStatusEvent: [5, 8],
  dataAvailableEvent: [6, 3],
  channelStatusEvent: [6, 4],
  accessTechnologyChangeEvent: [6, 5],
  powerOnCard: [7, 1],
  powerOffCard: [7, 2],
  performCardApdu: [7, 3],
  readerStatus: [7, 4],
  readerIdentifier: [7, 5],
  timerStartStop: [8, 1],
  timerValue: [8, 2],
  dateTime: [8, 3],
  runAtCommand: [8, 6],
  language: [9, 4],
  timingAdvance: [9, 5],
  accessTechnology: [9, 8],
  openChannel: [12, 1],
  closeChannel: [12, 2],
  receiveData: [12, 3],
  sendData: [12, 4],
  channelStatus: [12, 5],
  tcpClient: [17, 1],
  udpClient: [17, 2],
  /** PROVIDE LOCAL INFORMATION (IMEISV). */
  imeiSv: [18, 7],
} as const satisfies Readonly<Record<string, readonly [octet: number, bit: number]>>;

/** A feature that a terminal may announce. */
export type TerminalFeature = keyof typeof TERMINAL_FEATURE;

const SHORTEST_PROFILE = 18;

/** The data of TERMINAL PROFILE that announces exactly these features; 18 octets. */
export function terminalProfile(features: Iterable<TerminalFeature>): Uint8Array {
  const profile = new Uint8Array(SHORTEST_PROFILE);
  for (const feature of features) {
    const [octet, bit] = TERMINAL_FEATURE[feature];
    profile[octet - 1] = (profile[octet - 1] as number) | (1 << (bit - 1));
  }
  return profile;
}

/** Whether a terminal announced a feature. Octets that it did not send announce nothing (TS 102 223 5.2). */
export function supports(profile: Uint8Array, feature: TerminalFeature): boolean {
  const [octet, bit] = TERMINAL_FEATURE[feature];
  return (((profile[octet - 1] ?? 0) >> (bit - 1)) & 1) === 1;
}

/** All features of the table that a terminal announced, in the order of the table. */
export function terminalFeatures(profile: Uint8Array): readonly TerminalFeature[] {
  // Object.keys of a constant table gives exactly its names.
  return (Object.keys(TERMINAL_FEATURE) as TerminalFeature[]).filter((feature) => supports(profile, feature));
}
