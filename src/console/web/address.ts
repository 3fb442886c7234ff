import { useLocation } from 'preact-iso';

/** Where the page is, as its address says. */
export interface Address {
  /** The whole path: `/devices/350000000000006`. */
  readonly path: string;
  /** Its parts, decoded: the screen's own name first. */
  readonly parts: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** Goes to another address; the browser's back button comes back. */
  goTo(path: string, query?: Readonly<Record<string, string | undefined>>): void;
  /**
   * Changes some of the query, and leaves the rest; undefined takes one away. `replace` leaves no step for the back button: for what is typed.
   */
  setQuery(changes: Readonly<Record<string, string | undefined>>, how?: 'push' | 'replace'): void;
}

/** An address within the page; values that are undefined or empty are left out. */
export function addressText(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const search = new URLSearchParams(given).toString();
  return search === '' ? path : `${path}?${search}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where the page is, and how to go elsewhere. All state that somebody may want to send to a colleague belongs here. */
export function useAddress(): Address {
  const { path, query, route } = useLocation();
  return {
    path,
    query,
    parts: path.split('/').filter(Boolean).map(decoded),
    goTo: (to, given) => route(addressText(to, given)),
    setQuery: (changes, how = 'push') => route(addressText(path, { ...query, ...changes }), how === 'replace'),
  };
}
