import { text } from './column.ts';
import type { Database } from './database.ts';

/** Named values that every process of one data directory shares. */
export interface Settings {
  /** The value, or undefined when it was never set. */
  get(name: string): string | undefined;
  /** Sets a value; durable when it returns. */
  set(name: string, value: string): void;
}

/** The settings kept in this database. */
export function settings(database: Database): Settings {
  const find = database.query('SELECT value FROM setting WHERE name = ?', { value: text });
  const store = database.command(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name) => find.first(name)?.value,
    set: (name, value) => {
      store.run(name, value);
    },
  };
}
