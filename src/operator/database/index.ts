// What the operator remembers: SQLite or PostgreSQL, and one master key in a data directory; schema, migrations, typed queries, key wrapping.
// Standards: NIST SP 800-108 (key derivation), RFC 3394 (AES key wrap); SQLite in WAL mode, synchronous FULL; PostgreSQL with one writer.
// Must never: acknowledge a write that a power cut could lose, open a file of a newer version, or write a secret in the clear.
export { type Change, type ChangeFeed, type ChangeKind, changeFeed, type NewChange } from './change-feed.ts';
export { blob, type Column, flag, integer, nullable, oneOf, type RowOf, saidBy, saidText, text } from './column.ts';
export { copyDataDirectory, copyMadeAt, placeCopy, recoveredAt, unmarkCopy } from './copy.ts';
export type { Command, Database, Parameter, Query } from './database.ts';
export { DatabaseError } from './database-error.ts';
export { hasSqlite, type InspectedDatabase, inspectDatabase } from './inspect.ts';
export { type MasterKey, openMasterKey } from './master-key.ts';
export { type OpenDataDirectory, openDataDirectory } from './open.ts';
export { SCHEMA_VERSION } from './schema.ts';
export { type Settings, settings } from './settings.ts';
export { scratchDatabase } from './sqlite.ts';
