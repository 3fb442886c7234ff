/** What each exit status of a command says. */
export const EXIT_STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'done, or the answer is yes'],
  ['1', 'the answer is no: prohibited, blocked, not verified, not confirmed'],
  ['2', 'wrong usage or input'],
  ['3', 'this machine: busy port, no permission, full disk, newer data'],
  ['4', 'a peer cannot be reached'],
  ['70', 'a fault of Assay (--log-level traffic shows where)'],
  ['130', 'interrupted before the end'],
];

/** Environment variables that commands read. */
export const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['ASSAY_DATA', 'data directory, as --data'],
  ['ASSAY_DATABASE_URL', 'postgres://user:password@host:port/database instead of SQLite in the data directory'],
  ['ASSAY_OPENID_ISSUER', 'OpenID provider through which people sign in to operator serve'],
  ['ASSAY_OPENID_CLIENT_ID', 'what the provider calls this operator'],
  ['ASSAY_OPENID_CLIENT_SECRET_FILE', 'file with the secret that the provider gave it'],
  [
    'ASSAY_OPENID_ROLES',
    'which role a value of the role claim means: fraud-team=analyst,leads=approver, or a JSON object',
  ],
  ['ASSAY_OPENID_ROLE_CLAIM', 'claim that says what somebody may do; default roles'],
  ['ASSAY_OPENID_NAME_CLAIM', 'claim that names a person; default preferred_username'],
  ['ASSAY_OPENID_LABEL', "what the button says; default the provider's host"],
  ['ASSAY_CARD_KEYS', 'directory of what seals the card images, instead of card-keys in the data directory'],
  ['ASSAY_PUBLIC_URL', 'https://name of the reverse proxy through which people reach the pages of operator serve'],
  ['ASSAY_CONFIG', 'configuration file, as --config; of every command: where its data are'],
  ['ASSAY_SMSC_PASSWORD', 'password of the SMSC of operator serve --smsc'],
  ['ASSAY_WEBHOOK_SECRET', 'secret of the webhook that webhook add makes, instead of a new one'],
  ['NO_COLOR', 'no colours, also on a terminal'],
  ['FORCE_COLOR', 'colours also where standard output is no terminal; 0: none'],
];

/** Files of a data directory. */
export const FILES: readonly (readonly [path: string, meaning: string])[] = [
  ['operator/operator.sqlite', 'lists, evidence, subscribers, outbox, audit log; not with PostgreSQL'],
  ['operator/master.key', 'opens every secret in the database: keep a copy elsewhere, without it nothing can be read'],
  ['operator/NAME.snapshot', 'memory of the register node NAME, for its next start'],
  ['factory/maker.key', "the maker's root"],
  ['factory/supports/IDENTITY.card', 'a storage support'],
  ['uicc/ICCID.card', 'a UICC'],
  ['card-keys', 'what seals the card images'],
];

/** What a newcomer types first. */
export const FIRST_STEPS: readonly string[] = [
  'assay demo --once',
  'assay operator init',
  'assay card serve',
  'assay COMMAND --help',
];
