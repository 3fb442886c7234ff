import { DatabaseError } from './database-error.ts';

/**
 * The schema as steps: step n takes a database of version n to n + 1, and never changes once it has shipped. Times are milliseconds since
 * 1970, an IMEI is its 14 digits as a number, a support identity its 8 octets.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Append-only; the detail may be erased (privacy), its digest stays in the chain.
  CREATE TABLE audit_entry (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL, subject TEXT NOT NULL,
    detail TEXT, detail_digest BLOB NOT NULL, chain BLOB NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
    BEGIN SELECT raise(ABORT, 'audit entries are never deleted'); END;

  -- Roots: the operator's own (with its wrapped scalar) and the makers' that UICCs are to believe.
  CREATE TABLE certificate_authority (
    identifier BLOB PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('operator', 'maker')), public_point BLOB NOT NULL,
    wrapped_scalar BLOB
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE uicc (
    iccid TEXT PRIMARY KEY, imsi TEXT NOT NULL UNIQUE, msisdn TEXT NOT NULL UNIQUE, mnc_length INTEGER NOT NULL,
    service_centre TEXT NOT NULL, operator_address TEXT NOT NULL, algorithm TEXT NOT NULL, wrapped_secrets BLOB NOT NULL,
    certificate BLOB, authority BLOB, policy TEXT NOT NULL, issued_at INTEGER NOT NULL,
    sequence_ceiling INTEGER NOT NULL DEFAULT 0, report_counter INTEGER NOT NULL DEFAULT 0,
    answer_counter INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE list_entry (
    imei INTEGER NOT NULL, list TEXT NOT NULL CHECK (list IN ('black', 'grey', 'white')), source TEXT NOT NULL,
    reason TEXT NOT NULL, note TEXT NOT NULL, case_reference TEXT NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL,
    expires_at INTEGER, batch INTEGER, PRIMARY KEY (imei, list, source)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX list_entry_expiry ON list_entry (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX list_entry_batch ON list_entry (batch) WHERE batch IS NOT NULL;
  CREATE TABLE list_batch (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, list TEXT NOT NULL, source TEXT NOT NULL, author TEXT NOT NULL,
    name TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('running', 'done', 'undone')), added INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0, bad INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  -- What a batch removed or replaced, so that it can be undone.
  CREATE TABLE list_history (
    id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, imei INTEGER NOT NULL, list TEXT NOT NULL, source TEXT NOT NULL,
    reason TEXT NOT NULL, note TEXT NOT NULL, case_reference TEXT NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL,
    expires_at INTEGER, entry_batch INTEGER
  ) STRICT;
  CREATE INDEX list_history_batch ON list_history (batch);
  -- IMEIs whose entries changed and that a UICC has proved: its last order must be thought over.
  CREATE TABLE reconsideration (imei INTEGER PRIMARY KEY) STRICT;

  -- Every report as it came, once for each counter.
  CREATE TABLE report (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, iccid TEXT NOT NULL, imsi TEXT NOT NULL, counter INTEGER NOT NULL,
    level TEXT NOT NULL, result TEXT NOT NULL, reason TEXT NOT NULL, imei INTEGER, support BLOB, octets BLOB NOT NULL,
    UNIQUE (iccid, counter)
  ) STRICT;
  CREATE INDEX report_imsi ON report (imsi, id);
  -- The newest that is known of each UICC.
  CREATE TABLE uicc_state (
    iccid TEXT PRIMARY KEY, imsi TEXT NOT NULL UNIQUE, last_report_at INTEGER NOT NULL, level TEXT NOT NULL,
    result TEXT NOT NULL, reason TEXT NOT NULL, lock_state TEXT NOT NULL, proved_imei INTEGER, proved_at INTEGER,
    proved_level TEXT, support BLOB, support_counter INTEGER, claimed_imei INTEGER, unanswered INTEGER NOT NULL,
    standing_order TEXT, standing_reason TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX uicc_state_imei ON uicc_state (proved_imei) WHERE proved_imei IS NOT NULL;
  CREATE INDEX uicc_state_support ON uicc_state (support) WHERE support IS NOT NULL;
  CREATE TABLE pairing (
    id INTEGER PRIMARY KEY, iccid TEXT NOT NULL, imsi TEXT NOT NULL, support BLOB NOT NULL, imei INTEGER NOT NULL,
    from_at INTEGER NOT NULL, until_at INTEGER
  ) STRICT;
  CREATE INDEX pairing_iccid ON pairing (iccid, id);
  CREATE INDEX pairing_support ON pairing (support);
  -- Who was seen with which IMEI: one row a pair, whatever the number of times.
  CREATE TABLE observation (
    imei INTEGER NOT NULL, imsi TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, times INTEGER NOT NULL,
    claimed_at INTEGER, contested_at INTEGER, level TEXT NOT NULL, PRIMARY KEY (imei, imsi)
  ) STRICT, WITHOUT ROWID;
  -- Subscribers whose UICC is to be asked for a report.
  CREATE TABLE report_demand (imsi TEXT PRIMARY KEY, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX observation_imsi ON observation (imsi, last_at);
  CREATE TABLE finding (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    times INTEGER NOT NULL, imsi TEXT, imei INTEGER, support BLOB, text TEXT NOT NULL, UNIQUE (kind, key)
  ) STRICT;
  CREATE INDEX finding_last ON finding (last_at);

  -- What a person decided about a UICC, until it expires or is taken back.
  CREATE TABLE commanded (
    iccid TEXT PRIMARY KEY, orders TEXT NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, case_reference TEXT NOT NULL,
    at INTEGER NOT NULL, expires_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX commanded_expiry ON commanded (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, iccid TEXT NOT NULL, orders TEXT NOT NULL, standing INTEGER NOT NULL,
    author TEXT NOT NULL, reason TEXT NOT NULL, case_reference TEXT NOT NULL, payload BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'built', 'sent', 'acknowledged', 'failed', 'superseded')),
    counter INTEGER, packet BLOB, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, sent_at INTEGER,
    done_at INTEGER, outcome TEXT NOT NULL DEFAULT '', UNIQUE (iccid, counter)
  ) STRICT;
  CREATE INDEX outbox_open ON outbox (iccid, id) WHERE state IN ('queued', 'built', 'sent');
  CREATE INDEX outbox_iccid ON outbox (iccid, id);
  `,
  `
  -- Entries about all handsets of a type allocation code, or of any range of numbers, bounds included.
  CREATE TABLE range_entry (
    id INTEGER PRIMARY KEY, first_imei INTEGER NOT NULL, last_imei INTEGER NOT NULL,
    list TEXT NOT NULL CHECK (list IN ('black', 'grey', 'white')), source TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    case_reference TEXT NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL, expires_at INTEGER, batch INTEGER,
    UNIQUE (first_imei, last_imei, list, source)
  ) STRICT;
  -- Rules about handset and subscriber together: 'allow' lets these IMSIs use these IMEIs whatever a list says; 'lock' ties them together.
  CREATE TABLE pair_rule (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('allow', 'lock')), first_imei INTEGER NOT NULL,
    last_imei INTEGER NOT NULL, first_imsi TEXT NOT NULL, last_imsi TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL,
    case_reference TEXT NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL, expires_at INTEGER, batch INTEGER,
    UNIQUE (kind, first_imei, last_imei, first_imsi, last_imsi, source)
  ) STRICT;
  CREATE INDEX pair_rule_expiry ON pair_rule (expires_at) WHERE expires_at IS NOT NULL;
  -- When the batch was last written to, so that one whose process died is known; and what it took away besides single IMEIs, for its undoing.
  ALTER TABLE list_batch ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE list_batch ADD COLUMN removed_rules TEXT NOT NULL DEFAULT '[]';
  -- A batch that is still being written, or was cut off, counts for nothing: what it added is not there, what it took away still is.
  CREATE INDEX list_batch_running ON list_batch (id) WHERE state = 'running';
  DROP INDEX list_entry_batch;
  CREATE INDEX list_entry_batch ON list_entry (batch, imei) WHERE batch IS NOT NULL;
  DROP INDEX list_history_batch;
  CREATE INDEX list_history_batch ON list_history (batch, imei);
  CREATE INDEX list_entry_duplicate ON list_entry (imei) WHERE reason = 'duplicate';
  CREATE VIEW listed AS
    SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch FROM list_entry
    WHERE batch IS NULL OR batch NOT IN (SELECT id FROM list_batch WHERE state = 'running')
    UNION ALL
    SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch AS batch FROM list_history
    WHERE batch IN (SELECT id FROM list_batch WHERE state = 'running');
  -- What changed, in the order of commits: every node's memory follows it. The counter's row is the lock that gives this order.
  CREATE TABLE change_counter (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
  INSERT INTO change_counter (id, last) VALUES (1, 0);
  CREATE TABLE register_change (
    sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, first_key TEXT NOT NULL, last_key TEXT NOT NULL,
    batch INTEGER
  ) STRICT;
  -- Changes that wait for a second person.
  CREATE TABLE pending_change (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, change TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected')), decided_by TEXT, decided_at INTEGER
  ) STRICT;
  `,
  `
  -- Who may use the API: a token is known by its SHA-256 alone. Rows stay, so that an author in the audit log can always be found.
  CREATE TABLE api_token (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'approver', 'administrator', 'machine')), reason TEXT NOT NULL,
    created_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, last_used_at INTEGER, revoked_at INTEGER,
    revoked_by TEXT
  ) STRICT;
  CREATE UNIQUE INDEX api_token_name ON api_token (name) WHERE revoked_at IS NULL;
  `,
  `
  -- What happened to subscribers and handsets, in the order of commits, for those who follow it. The counter's row is the lock that gives
  -- this order. Events of one order_key are told one after another.
  CREATE TABLE event_counter (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
  INSERT INTO event_counter (id, last) VALUES (1, 0);
  CREATE TABLE operator_event (
    sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, order_key TEXT NOT NULL, imsi TEXT,
    imei INTEGER NOT NULL, detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX operator_event_imsi ON operator_event (imsi, sequence) WHERE imsi IS NOT NULL;
  -- With which handset each subscriber was seen last: by the network's word, by a proof, and the newest of both.
  CREATE TABLE subscriber_equipment (
    imsi TEXT PRIMARY KEY, imei INTEGER NOT NULL, claimed_imei INTEGER, proved_imei INTEGER, changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- IMEIs of many subscribers whose number crossed a threshold, and how many there were when it was last announced.
  CREATE TABLE imei_cluster (
    imei INTEGER PRIMARY KEY, subscribers INTEGER NOT NULL, subscribers_at INTEGER, conflicts INTEGER NOT NULL, conflicts_at INTEGER
  ) STRICT;
  -- Who is told of events; queued_to: the sequence number up to which deliveries were made for it.
  CREATE TABLE webhook (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, kinds TEXT NOT NULL,
    identities TEXT NOT NULL CHECK (identities IN ('masked', 'whole')), private_target INTEGER NOT NULL,
    wrapped_secret BLOB NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL, queued_to INTEGER NOT NULL
  ) STRICT;
  -- 'next': the first of its order_key, to be sent when its time comes; 'behind': waits for it; 'dead': given up.
  CREATE TABLE webhook_delivery (
    id INTEGER PRIMARY KEY, webhook INTEGER NOT NULL, sequence INTEGER NOT NULL, order_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('next', 'behind', 'dead')), attempts INTEGER NOT NULL, next_at INTEGER NOT NULL,
    trouble TEXT NOT NULL, UNIQUE (webhook, sequence)
  ) STRICT;
  CREATE INDEX webhook_delivery_next ON webhook_delivery (webhook, next_at) WHERE state = 'next';
  CREATE INDEX webhook_delivery_order ON webhook_delivery (webhook, order_key, sequence) WHERE state <> 'dead';
  CREATE INDEX webhook_delivery_dead ON webhook_delivery (webhook, id) WHERE state = 'dead';
  `,
  `
  -- Type allocation codes that makers were given; empty: nobody knows.
  CREATE TABLE tac (tac INTEGER PRIMARY KEY, maker TEXT NOT NULL, model TEXT NOT NULL) STRICT;
  `,
  `
  -- What subscribers get whose handset nothing is known of, by the first digits of their IMSI.
  CREATE TABLE imsi_default (
    prefix TEXT PRIMARY KEY, answer TEXT NOT NULL, note TEXT NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Numbered runs of the lists that other registers are given, and their lines: each stands from its first run until before its end run, so
  -- that every run, and the difference of any two, can be written again.
  CREATE TABLE list_run (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, touched_at INTEGER NOT NULL, author TEXT NOT NULL, sequence INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'abandoned'))
  ) STRICT;
  CREATE TABLE list_run_line (
    id INTEGER PRIMARY KEY, list TEXT NOT NULL, imei INTEGER NOT NULL, imsi TEXT NOT NULL, msisdn TEXT NOT NULL,
    block_date TEXT NOT NULL, reasons TEXT NOT NULL, first_run INTEGER NOT NULL, end_run INTEGER, end_cause TEXT
  ) STRICT;
  CREATE INDEX list_run_line_key ON list_run_line (list, imei, imsi, msisdn);
  CREATE INDEX list_run_line_open ON list_run_line (list, imei, imsi, msisdn) WHERE end_run IS NULL;
  CREATE INDEX list_run_line_end ON list_run_line (end_run) WHERE end_run IS NOT NULL;
  CREATE INDEX list_run_line_first ON list_run_line (first_run);
  `,
  `
  -- A script for a UICC's remote management has a TAR of its own and waits for no order of the IMEI lock; response: what the card answered.
  ALTER TABLE outbox ADD COLUMN tar BLOB;
  ALTER TABLE outbox ADD COLUMN response BLOB;
  -- Whether a UICC was personalised with card management; those issued before were not.
  ALTER TABLE uicc ADD COLUMN managed INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Orders and scripts of a UICC are under way beside each other: what can be built is found along the index, however much waits.
  DROP INDEX outbox_open;
  CREATE INDEX outbox_open ON outbox (iccid, (tar IS NULL), id) WHERE state IN ('queued', 'built', 'sent');
  `,
  `
  -- People who sign in: with a password (kept as text of scrypt), or known to an OpenID provider by issuer and subject. Rows stay, so that an
  -- author in the audit log can always be found. plain_name: names are the same whatever their capitals.
  CREATE TABLE user_account (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, plain_name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'approver', 'administrator')), password TEXT, issuer TEXT,
    subject TEXT, enabled INTEGER NOT NULL, created_by TEXT NOT NULL, created_at INTEGER NOT NULL, signed_in_at INTEGER,
    UNIQUE (issuer, subject)
  ) STRICT;
  -- Who is signed in: a session is known by the SHA-256 of its secret alone, and gone when it ends.
  CREATE TABLE user_session (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, account INTEGER NOT NULL, method TEXT NOT NULL,
    address TEXT NOT NULL, agent TEXT NOT NULL, provider_token TEXT, created_at INTEGER NOT NULL, used_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX user_session_account ON user_session (account, id);
  `,
  `
  -- The log is read from its newest entry back, by any of these.
  CREATE INDEX audit_entry_kind ON audit_entry (kind, id);
  CREATE INDEX audit_entry_author ON audit_entry (author, id);
  CREATE INDEX audit_entry_subject ON audit_entry (subject, id);
  CREATE INDEX audit_entry_at ON audit_entry (at, id);
  `,
  `
  -- Keys of remote management that took, or are to take, the place of those a UICC came with; a set that no card holds any more is erased.
  CREATE TABLE packet_key_set (
    iccid TEXT NOT NULL, generation INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('coming', 'held', 'replaced', 'unused')), wrapped BLOB, made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL, settled_at INTEGER, PRIMARY KEY (iccid, generation)
  ) STRICT, WITHOUT ROWID;
  -- While nobody knows which set a UICC holds, a script is made under both: one of the two packets is silence to it.
  ALTER TABLE outbox ADD COLUMN other_counter INTEGER;
  -- Of an order that brings keys: which.
  ALTER TABLE outbox ADD COLUMN generation INTEGER;
  ALTER TABLE outbox ADD COLUMN other_packet BLOB;
  CREATE INDEX outbox_other ON outbox (iccid, other_counter) WHERE other_counter IS NOT NULL;
  `,
  `
  -- How often something happened in each ten seconds, minute and hour; step: its milliseconds. Bounded: the shorter the step, the sooner it goes.
  CREATE TABLE activity (
    step INTEGER NOT NULL, from_at INTEGER NOT NULL, counter TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (step, from_at, counter)
  ) STRICT, WITHOUT ROWID;
  -- What became of a finding: an inbox.
  ALTER TABLE finding ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'closed'));
  ALTER TABLE finding ADD COLUMN assignee TEXT;
  ALTER TABLE finding ADD COLUMN note TEXT NOT NULL DEFAULT '';
  ALTER TABLE finding ADD COLUMN changed_at INTEGER;
  ALTER TABLE finding ADD COLUMN changed_by TEXT;
  ALTER TABLE finding ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX finding_inbox ON finding (state, kind, last_at, id);
  CREATE INDEX finding_kind ON finding (kind, last_at, id) WHERE imsi IS NOT NULL;
  CREATE INDEX finding_assignee ON finding (assignee, last_at, id) WHERE assignee IS NOT NULL;
  CREATE INDEX finding_imsi ON finding (imsi, id) WHERE imsi IS NOT NULL;
  CREATE INDEX finding_imei ON finding (imei, id) WHERE imei IS NOT NULL;
  -- IMEIs of more than one subscriber, and how many pairs were ever seen.
  CREATE TABLE imei_claimants (id INTEGER PRIMARY KEY, imei INTEGER NOT NULL UNIQUE, subscribers INTEGER NOT NULL) STRICT;
  CREATE INDEX imei_claimants_most ON imei_claimants (subscribers, id);
  INSERT INTO imei_claimants (imei, subscribers)
    SELECT imei, count(*) FROM observation WHERE claimed_at IS NOT NULL OR level <> 'refuted' GROUP BY imei HAVING count(*) > 1;
  -- Subscribers of whom the network was told another IMEI than the proved one.
  CREATE INDEX observation_contested ON observation (contested_at) WHERE contested_at IS NOT NULL;
  CREATE INDEX observation_refuted ON observation (imsi) WHERE level = 'refuted';
  -- UICCs by evidence and standing order, the one that reported last at the end.
  CREATE INDEX uicc_state_seen ON uicc_state (level, (coalesce(standing_order, '')), last_report_at, iccid);
  CREATE INDEX uicc_state_local ON uicc_state (iccid) WHERE lock_state = 'blockedLocally';
  -- Which report an order answers; what the SMSC called it, and when the SMSC said that the handset has it.
  ALTER TABLE outbox ADD COLUMN report INTEGER;
  ALTER TABLE outbox ADD COLUMN message TEXT;
  ALTER TABLE outbox ADD COLUMN delivered_at INTEGER;
  CREATE INDEX outbox_report ON outbox (report) WHERE report IS NOT NULL;
  CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL AND delivered_at IS NULL;
  `,
  `
  -- Subjects whose data are erased, as two people agreed. subject is masked; keys (JSON) stand only until it is done.
  CREATE TABLE erasure (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, subject TEXT NOT NULL, keys TEXT, proposal INTEGER NOT NULL,
    author TEXT NOT NULL, approved_by TEXT NOT NULL, reason TEXT NOT NULL, done_at INTEGER, erased INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Of a subscriber, the newest finding of a kind is one step in the index.
  DROP INDEX finding_imsi;
  CREATE INDEX finding_imsi ON finding (imsi, kind, last_at, id) WHERE imsi IS NOT NULL;
  `,
  `
  -- Certificates that UICCs are not to believe any more; told: UICCs that acknowledged it. serial: octets as they stand in the certificate.
  CREATE TABLE revocation (
    id INTEGER PRIMARY KEY, serial BLOB NOT NULL UNIQUE, reason TEXT NOT NULL, author TEXT NOT NULL, at INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE revocation_told (
    iccid TEXT NOT NULL, revocation INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (iccid, revocation)
  ) STRICT, WITHOUT ROWID;
  -- Of an order that teaches one: which.
  ALTER TABLE outbox ADD COLUMN revocation INTEGER;
  `,
  `
  -- What the text beside it says, as codes and values (JSON): others may say it in their language. NULL: the text is older, or of a person.
  ALTER TABLE finding ADD COLUMN said TEXT;
  ALTER TABLE outbox ADD COLUMN reason_said TEXT;
  ALTER TABLE outbox ADD COLUMN outcome_said TEXT;
  `,
  `
  -- Whose data were erased, by a mark under the master key that tells nobody: what was seen before and still waits in the memory of another
  -- process is not written behind the erasure. until_at: when it was done; in years to come while it goes on.
  CREATE TABLE erased_subject (mark BLOB PRIMARY KEY, until_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Entries of a case, in order of IMEI and with all that is asked of them before they are read; most entries have none.
  CREATE INDEX list_entry_case ON list_entry (case_reference, list, imei, source, reason, batch) WHERE case_reference <> '';
  -- Orders of a state in their order, and how many there are: for who says so, as what is under way has an index of its own.
  CREATE INDEX outbox_state ON outbox (state, id) WHERE orders <> '';
  -- What one author did of one kind; all of an author's is that of each kind. Entries of a kind, whoever made them: for who says so.
  DROP INDEX audit_entry_author;
  DROP INDEX audit_entry_kind;
  CREATE INDEX audit_entry_author ON audit_entry (author, kind, id);
  CREATE INDEX audit_entry_kind ON audit_entry (kind, id) WHERE author <> '';
  `,
  `
  -- It doubled the time of an import; the census of the register says where entries of a source and reason stand.
  DROP INDEX IF EXISTS list_entry_kind;
  `,
  `
  -- Sets of makers' roots that UICCs came with or were to believe; a set never changes, so its digest names it.
  CREATE TABLE trust (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE) STRICT;
  CREATE TABLE trust_root (
    trust INTEGER NOT NULL, identifier BLOB NOT NULL, public_point BLOB NOT NULL, PRIMARY KEY (trust, identifier)
  ) STRICT, WITHOUT ROWID;
  -- The set a UICC came with or acknowledged, NULL: it is older than its record. roots_fixed: it said that it knows no order to change them.
  ALTER TABLE uicc ADD COLUMN trust INTEGER;
  ALTER TABLE uicc ADD COLUMN roots_fixed INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX uicc_trust ON uicc (trust, roots_fixed);
  -- By which root and certificate the handset was last believed, as a report of version 2 names them.
  ALTER TABLE uicc_state ADD COLUMN root BLOB;
  ALTER TABLE uicc_state ADD COLUMN certificate BLOB;
  -- Sets on their way to all UICCs; above: those up to here have their orders. renewed: the set is that of the roll-out before.
  CREATE TABLE root_rollout (
    id INTEGER PRIMARY KEY, trust INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
    above TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('ordering', 'ordered')), renewed INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- How far the orders of a roll-out are, counted without a look at the orders.
  CREATE INDEX outbox_roots ON outbox (state, id) WHERE orders = 'setRoots';
  `,
  `
  -- Why a batch that was begun counts no more. While its state is still 'running' what stands of it is taken back piece by piece, as many
  -- entries so far as taken_back says; what is settled of it stands in list_history under the batch's number below zero.
  ALTER TABLE list_batch ADD COLUMN ended TEXT CHECK (ended IN ('undone', 'cancelled', 'cutOff'));
  ALTER TABLE list_batch ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0;
  -- Up to which IMEI it was noted whose last order must be thought over; NULL: of all.
  ALTER TABLE list_batch ADD COLUMN noted_to INTEGER;
  CREATE INDEX list_batch_noting ON list_batch (id) WHERE noted_to IS NOT NULL;
  -- What a batch took comes back, but for what stands in its place, and for what belongs to a batch that counts no more either.
  DROP VIEW listed;
  CREATE VIEW listed AS
    SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch FROM list_entry
    WHERE batch IS NULL OR batch NOT IN (SELECT id FROM list_batch WHERE state = 'running')
    UNION ALL
    SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch AS batch FROM list_history
    WHERE batch IN (SELECT id FROM list_batch WHERE state = 'running')
      AND (entry_batch IS NULL OR entry_batch NOT IN (SELECT id FROM list_batch WHERE state = 'running'))
      AND NOT EXISTS (SELECT 1 FROM list_entry AS standing WHERE standing.imei = list_history.imei AND standing.list = list_history.list
        AND standing.source = list_history.source
        AND (standing.batch IS NULL OR standing.batch NOT IN (SELECT id FROM list_batch WHERE state = 'running')));
  `,
  `
  -- Files being read, compared and written, by whatever process, and those that were lately. version rises with every change of any: who
  -- follows them asks for what is above the last one he saw. outcome: NULL while it goes on. total: of how many lines, where that is known.
  CREATE TABLE import_run (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL, touched_at INTEGER NOT NULL, list TEXT NOT NULL,
    source TEXT NOT NULL, author TEXT NOT NULL, name TEXT NOT NULL, dry_run INTEGER NOT NULL, phase TEXT NOT NULL, done INTEGER NOT NULL,
    total INTEGER, octets INTEGER NOT NULL, batch INTEGER, outcome TEXT, ended_at INTEGER, cancelled_by TEXT, cancel_reason TEXT
  ) STRICT;
  CREATE INDEX import_run_version ON import_run (version);
  CREATE INDEX import_run_batch ON import_run (batch) WHERE batch IS NOT NULL;
  CREATE INDEX import_run_open ON import_run (id) WHERE outcome IS NULL;
  `,
  `
  -- The newest order for other roots to a UICC: whether what is known of its roots is sure.
  CREATE INDEX outbox_roots_of ON outbox (iccid, id) WHERE orders = 'setRoots';
  `,
  `
  -- Who gave the present password, NULL: its owner, or nobody knows any more. Whoever knows the password of another is no second person.
  ALTER TABLE user_account ADD COLUMN password_by TEXT;
  `,
];

/** The version of the schema that this program writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** The refusal of data that a newer program wrote. */
export function newerSchema(path: string, version: number): DatabaseError {
  return new DatabaseError(
    `${path}: schema version ${version} was written by a newer Assay, this one knows ${SCHEMA_VERSION}; ` +
      'run the newer one, or restore a backup from before the update',
  );
}

/** PRAGMA application_id of Assay's databases: "ASAY". */
export const APPLICATION_ID = 0x41534159;
