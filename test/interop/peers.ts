/** A program of other hands that our protocols are run against. One row of docs/interoperability.md; a test keeps both the same. */
export interface Peer {
  readonly program: string;
  /** Debian 12's package, and as much of its version as Debian keeps; CI fails when it runs another. */
  readonly package: string;
  readonly version: string;
  readonly exercised: string;
  readonly showed: string;
  /** The tests that run it, and a word by which each of them names it. */
  readonly tests: readonly string[];
  readonly word: string;
}

/** Every peer, by what it speaks. */
export const PEERS: readonly Peer[] = [
  {
    program: 'pcscd',
    package: 'pcscd',
    version: '1.9.9',
    exercised:
      'UICC and storage support in two slots of one reader; pcscd and our process killed and started again; a card taken out and put back; our handset as a client',
    showed: 'both cards at once, T=0 and T=1; every removal seen; what a card wrote is there after kill -9',
    tests: ['test/interop/pcsc.test.ts', 'test/interop/pcsc-handset.test.ts'],
    word: 'pcscd',
  },
  {
    program: 'vpcd',
    package: 'vsmartcard-vpcd',
    version: '3.3',
    exercised: 'dialled by the card; GET ATR as presence, power, reset, commands',
    showed:
      'writes the length of a message apart: 48 ms a command from a card that answers plainly, 0.2 ms from ours in T=0',
    tests: ['test/interop/pcsc.test.ts'],
    word: 'vpcd',
  },
  {
    program: 'opensc-tool, pkcs15-tool',
    package: 'opensc',
    version: '0.23.0',
    exercised: 'list, ATR, commands to both cards; PKCS#15 on a card that has none',
    showed: '61XX is followed; a UICC is said to be no PKCS#15 card, and works on',
    tests: ['test/interop/pcsc.test.ts'],
    word: 'opensc-tool',
  },
  {
    program: 'pcsc_scan, scriptor',
    package: 'pcsc-tools',
    version: '1.6.2',
    exercised: 'both cards scanned; SELECT, GET RESPONSE with a wrong Le, reset',
    showed: '61XX and 6CXX as sent',
    tests: ['test/interop/pcsc.test.ts'],
    word: 'scriptor',
  },
  {
    program: 'pyscard',
    package: 'python3-pyscard',
    version: '2.0.5',
    exercised:
      'files, PINs wrong, right and blocked, AUTHENTICATE (TS 35.208 set 1), extended lengths, two cards interleaved, exclusive use, a client killed in the middle',
    showed: 'the published RES, CK and IK; locks of a killed client are given back',
    tests: ['test/interop/pcsc.test.ts'],
    word: 'pyscard',
  },
  {
    program: 'socat',
    package: 'socat',
    version: '1.7.4',
    exercised: 'a pseudo terminal as the serial line of a modem, whose AT commands lead to our UICC',
    showed: 'raw lines without any package; a line that ends is said',
    tests: ['test/connector/modem.test.ts'],
    word: 'socat',
  },
  {
    program: 'tshark',
    package: 'tshark',
    version: '4.0',
    exercised: 'captures of GSMTAP (files and live), SMPP, S13, GSUP, N5g-eir, NRF, HTTP API, TLS with keys',
    showed:
      'every packet by name, none malformed; its GSMTAP shows no header of SIM traffic, so our cards differ by address',
    tests: [
      'test/interop/gsmtap-tshark.test.ts',
      'test/interop/tshark-smpp.test.ts',
      'test/interop/tshark-s13.test.ts',
      'test/interop/tshark-gsup.test.ts',
      'test/interop/tshark-n5g-eir.test.ts',
      'test/interop/tshark-nrf.test.ts',
      'test/interop/tshark-api.test.ts',
      'test/interop/tshark-tls.test.ts',
    ],
    word: 'Wireshark',
  },
  {
    program: 'nghttp, h2load',
    package: 'nghttp2-client',
    version: '1.52.0',
    exercised:
      'N5g-eir over HTTP/2, in clear and over TLS: frame by frame, padding, CONTINUATION, trailers, small windows, 5,000 questions at once',
    showed: 'every question answered, with windows and tables of any size',
    tests: ['test/interop/n5g-eir.test.ts', 'test/interop/http2.test.ts'],
    word: 'nghttp2',
  },
  {
    program: 'curl',
    package: 'curl',
    version: '7.88',
    exercised: 'GET, HEAD and POST in clear and over TLS',
    showed: 'one answer for each connection where it cannot send a second request; HTTP/1.1 gets nothing',
    tests: ['test/interop/n5g-eir.test.ts', 'test/interop/http2.test.ts'],
    word: 'curl',
  },
  {
    program: 'erlang diameter',
    package: 'erlang-diameter',
    version: '1:25.2',
    exercised: 'S13 as an MME: connection, ME-Identity-Check, disconnection, a stranger',
    showed: 'decodes every answer strictly by its dictionary; a stranger is told 3010',
    tests: ['test/interop/s13-erlang.test.ts'],
    word: 'erlang-diameter',
  },
  {
    program: 'freeDiameterd',
    package: 'freediameterd',
    version: '1.2.1',
    exercised: 'S13 through a relay, in clear and over TLS',
    showed: 'an MME behind a relay gets the same answers as one beside the register',
    tests: ['test/interop/s13-freediameter.test.ts'],
    word: 'freeDiameter',
  },
  {
    program: 'libosmo-gsup-client',
    package: 'libosmo-gsup-client-dev',
    version: '1.5.0',
    exercised: 'Check-IMEI as osmo-msc asks it, location update beside it',
    showed: 'answers decoded by the library; everything else passes unchanged',
    tests: ['test/interop/gsup.test.ts'],
    word: 'libosmo-gsup-client',
  },
  {
    program: 'osmo-hlr',
    package: 'osmo-hlr',
    version: '1.5.0',
    exercised: 'behind our GSUP front: killed and started again, store-imei',
    showed: 'links come back; the IMEI is stored where that is asked',
    tests: ['test/interop/gsup.test.ts'],
    word: 'osmo-hlr',
  },
  {
    program: 'PostgreSQL',
    package: 'postgresql',
    version: '15',
    exercised: "the operator's database instead of SQLite; several register nodes over one",
    showed: 'the same tests pass on both',
    tests: ['src/operator/database/postgres.test.ts', 'test/register/nodes-postgres.test.ts'],
    word: 'postgres',
  },
  {
    program: 'openssl',
    package: 'openssl',
    version: '3.0',
    exercised: "certificates for freeDiameter's relay and for TLS",
    showed: 'handshakes succeed with its certificates',
    tests: ['test/interop/s13-freediameter.test.ts'],
    word: 'openssl',
  },
];

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The table of docs/interoperability.md. */
export function peerTable(peers: readonly Peer[]): string {
  const rows = peers.map(({ program, package: name, version, exercised, showed, tests }) =>
    row([
      program,
      `${name} ${version}`,
      exercised,
      showed,
      tests.map((path) => `[${nameOf(path)}](../${path})`).join(', '),
    ]),
  );
  return [
    row(['program', 'Debian 12', 'what is exercised', 'what it showed', 'test']),
    row(['---', '---', '---', '---', '---']),
    ...rows,
  ].join('\n');
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace('.test.ts', '');
