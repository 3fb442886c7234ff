import { join } from 'node:path';
import { DatabaseError } from '#operator/database/index.ts';
import { ImageLoader, type LoaderSources } from './loader.ts';

/** The same object, whose methods throw while the database is away; what it prepares does too. */
function switched<T extends object>(target: T, isAway: () => boolean, path?: string): T {
  return new Proxy(target, {
    get(of, name) {
      if (name === 'path' && path !== undefined) return path;
      const value: unknown = Reflect.get(of, name, of);
      if (typeof value !== 'function') return value;
      const prepares = name === 'query' || name === 'command';
      return (...given: unknown[]) => {
        if (isAway() && !prepares) throw new DatabaseError('the database is away, says the test', { temporary: true });
        const made: unknown = value.apply(of, given);
        return prepares ? switched(made as object, isAway) : made;
      };
    },
  });
}

/**
 * A loader over these sources that keeps a snapshot in this directory; its database goes and comes by `switch.isAway`, and is found at `path`.
 */
export function loaderOf(sources: LoaderSources, directory: string, isAway = false, path = sources.database.path) {
  const state = { isAway };
  const away = () => state.isAway;
  const { database, feed, settings, tacs, imsiDefaults } = sources;
  const over = {
    ...sources,
    database: switched(database, away, path),
    feed: switched(feed, away),
    settings: switched(settings, away),
    tacs: switched(tacs, away),
    imsiDefaults: switched(imsiDefaults, away),
    snapshotPath: join(directory, 'node.snapshot'),
  };
  return { loader: new ImageLoader(over, () => {}), switch: state };
}
