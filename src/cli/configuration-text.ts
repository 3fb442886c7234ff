import type { Configuration } from './configuration.ts';

/** A scalar as YAML reads it back: JSON is YAML. Plain where nobody could take it for another thing. */
const scalar = (value: string | number | boolean): string =>
  typeof value === 'string' &&
  /^(?:[a-zA-Z/.][\w/.+-]*|\d+\.\d+\.\d+\.\d+)$/.test(value) &&
  !/^(?:true|false|null|yes|no|on|off|~|\.\w*)$/i.test(value)
    ? value
    : JSON.stringify(value);

/** A member of a section: its name, what it is when it is not said, and its value. */
type Member = readonly [
  name: string,
  example: string | number | boolean,
  said: string | number | boolean | undefined,
  words: string,
];

/** Members as lines; those that are not said stand as comments, with an example. */
const memberLines = (indent: string, members: readonly Member[]): readonly string[] =>
  members.map(([name, example, said, words]) => {
    const line = said === undefined ? `# ${name}: ${scalar(example)}` : `${name}: ${scalar(said)}`;
    return `${indent}${line.padEnd(40)} # ${words}`;
  });

/** A section, as a comment when there is nothing in it; `example` are lines that stand in the comment only. */
function section(
  head: string,
  words: readonly string[],
  members: readonly Member[],
  more: readonly string[] = [],
  example: readonly string[] = [],
): readonly string[] {
  const isSaid = members.some(([, , said]) => said !== undefined) || more.length > 0;
  const lines = [`${head}:`, ...memberLines('  ', members), ...more, ...(isSaid ? [] : example)];
  return [
    '',
    ...words.map((line) => `# ${line}`),
    ...(isSaid ? lines : lines.map((line) => `# ${line.replace(/^( *)# /, '$1')}`)),
  ];
}

const HEADING = [
  'Configuration of an Assay operator, and of register nodes over the same data.',
  '  assay operator check-config --config FILE    says whether it is right, and what counts',
  '  assay operator serve --config FILE           runs by it; assay register serve --config FILE: one node',
  'Options of the command line and variables of the environment (ASSAY_HTTP_PORT for --http-port) come before what stands here.',
  'Secrets never stand here, only the names of files that hold one each. A name without / at its beginning is looked for among the',
  'credentials that systemd gives (LoadCredential), then beside this file.',
].map((line) => `# ${line}`);

function frontLines({ fronts = {} }: Configuration): readonly string[] {
  const { n5gEir, s13, gsup, tls } = fronts;
  const part = (name: string, isSaid: boolean, members: readonly Member[], more: readonly string[] = []) => {
    const lines = [`  ${name}:`, ...memberLines('    ', members), ...more];
    return isSaid ? lines : lines.map((line) => `  # ${line.slice(2).replace(/^( *)# /, '$1')}`);
  };
  const peers = (s13?.peers ?? []).map(
    ({ identity, addresses = [] }) =>
      `      - { identity: ${scalar(identity)}, addresses: [${addresses.map(scalar).join(', ')}] }`,
  );
  const example = '      - { identity: mme.example, addresses: [192.0.2.7] }';
  return [
    ...part('n5gEir', n5gEir !== undefined, [['port', 7777, n5gEir?.port, '5G: N5g-eir over HTTP/2']]),
    ...part(
      's13',
      s13 !== undefined,
      [
        ['port', 3868, s13?.port, '4G: S13 over Diameter'],
        ['originHost', 'eir.example', s13?.originHost, 'our DiameterIdentity'],
        ['realm', 'example', s13?.realm, 'our Diameter realm'],
      ],
      [
        '    peers:                               # who may connect, and from where',
        ...(peers.length > 0 ? peers : [example]),
      ],
    ),
    ...part('gsup', gsup !== undefined, [
      ['port', 4222, gsup?.port, '2G and 3G (Osmocom)'],
      ['hlr', '127.0.0.2:4222', gsup?.hlr, 'the HLR behind it'],
    ]),
    ...part('tls', tls !== undefined, [
      ['key', '/etc/assay/fronts.key', tls?.key, 'N5g-eir and S13 then speak TLS only'],
      ['certificate', '/etc/assay/fronts.pem', tls?.certificate, 'in PEM'],
      ['clientCa', '/etc/assay/core.pem', tls?.clientCa, 'who signs the certificates that clients must show'],
    ]),
  ];
}

function openIdLines({ openId }: Configuration): readonly string[] {
  const roles = Object.entries(openId?.roles ?? {});
  const lines = roles.map(([value, role]) => `    ${JSON.stringify(value)}: ${role}`);
  const example = ['    "fraud-team": analyst'];
  const head = '  roles:                                   # which role a value of the role claim means';
  return section(
    'openId',
    [
      'Sign-on with an OpenID provider, beside passwords. It leads back to https://assay.example.org/api/v1/open-id/callback',
      '(publicUrl); tell it so.',
    ],
    [
      ['issuer', 'https://id.example.org', openId?.issuer, ''],
      ['clientId', 'assay', openId?.clientId, 'what the provider calls this operator'],
      ['clientSecretFile', 'openid-secret', openId?.clientSecretFile, 'holds the secret that the provider gave it'],
      ['roleClaim', 'roles', openId?.roleClaim, 'claim that says what somebody may do'],
      ['nameClaim', 'preferred_username', openId?.nameClaim, 'claim that names a person'],
      ['label', 'Example', openId?.label, 'what the button says; the host of the issuer when not said'],
    ],
    openId === undefined ? [] : [lines.length === 0 ? '  roles: {}' : head, ...lines],
    openId === undefined ? [head, ...example] : [],
  );
}

const peopleAndMessages = (configuration: Configuration): readonly string[] => [
  ...httpLines(configuration),
  ...openIdLines(configuration),
  ...smscLines(configuration),
];

const httpLines = ({ http }: Configuration): readonly string[] =>
  section(
    'http',
    ['Console and HTTP API. People elsewhere reach them by https only: through a reverse proxy, or by tls here.'],
    [
      ['host', '127.0.0.1', http?.host, 'address it listens on'],
      ['port', 8080, http?.port, ''],
      ['publicUrl', 'https://assay.example.org', http?.publicUrl, 'by which browsers reach it from elsewhere'],
    ],
    http?.tls
      ? [
          '  tls:',
          ...memberLines('    ', [
            ['key', '', http.tls.key, 'in PEM'],
            ['certificate', '', http.tls.certificate, 'in PEM'],
          ]),
        ]
      : [],
  );

const smscLines = ({ smsc }: Configuration): readonly string[] =>
  section(
    'smsc',
    [
      'The SMSC that carries reports and orders. Without it, an SMSC and two small networks run here, for a laboratory.',
    ],
    [
      ['host', '192.0.2.5', smsc?.host, ''],
      ['port', 2775, smsc?.port, 'SMPP'],
      ['systemId', 'assay', smsc?.systemId, 'as whom to bind, as transceiver'],
      ['passwordFile', 'smsc-password', smsc?.passwordFile, 'holds the password'],
    ],
  );

/** A configuration as a commented YAML file. What it does not say stands in it as a comment, with an example. */
export function configurationText(configuration: Configuration): string {
  const { data, database, cardKeys, startMode, laboratory, fronts, status, liveHops } = configuration;
  const hasFronts = fronts?.n5gEir !== undefined || fronts?.s13 !== undefined || fronts?.gsup !== undefined;
  const frontMembers: readonly Member[] = [
    ['host', '192.0.2.1', fronts?.host, 'address the fronts listen on; 127.0.0.1 when not said'],
    ['node', 'node', fronts?.node, 'name of this node; its snapshot is kept under it'],
    ['threads', 1, fronts?.threads, 'threads that answer'],
  ];
  const frontHead = ['fronts:', ...memberLines('  ', frontMembers), ...frontLines(configuration)];
  const lines = [
    ...HEADING,
    '',
    '# Where the operator keeps its data. The master key in it opens every secret: keep a copy elsewhere.',
    ...memberLines('', [['data', '/var/lib/assay', data, 'made with mode 0700 when it is missing']]),
    ...memberLines('', [
      ['cardKeys', '/etc/assay/card-keys', cardKeys, 'what seals card images, elsewhere than there'],
    ]),
    ...section(
      'database',
      ['PostgreSQL instead of SQLite in the data directory: needed for more than one machine.'],
      [['urlFile', 'database-url', database?.urlFile, 'holds postgres://user:password@host:5432/database']],
    ),
    '',
    '# How a register acts that is new: track lets everybody in and shows what enforce would do. Later: assay operator mode.',
    ...memberLines('', [['startMode', 'track', startMode, 'enforce, track or off']]),
    ...peopleAndMessages(configuration),
    '',
    '# Messages with UICCs that the live exchange of the console keeps in memory, a day at most: personal data. 0 keeps none.',
    ...memberLines('', [['liveHops', 20_000, liveHops, 'some 300 octets each']]),
    ...section(
      'laboratory',
      ['Ports of that laboratory; not used with an SMSC.'],
      [
        ['smppPort', 2775, laboratory?.smppPort, 'its SMSC'],
        ['airPort', 4700, laboratory?.airPort, 'its home network'],
        ['abroadPort', 4701, laboratory?.abroadPort, 'its network abroad'],
      ],
    ),
    '',
    '# What core networks ask.',
    ...(hasFronts ? frontHead : frontHead.map((line) => `# ${line.replace(/^( *)# /, '$1')}`)),
    '',
    "# Where 'register serve' tells how it does, for monitoring: [host:]port.",
    ...memberLines('', [['status', '9100', status, '/healthz, /readyz, /metrics']]),
  ];
  return `${lines.map((line) => line.replace(/ +#? *$/, '')).join('\n')}\n`;
}
