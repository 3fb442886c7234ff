/** One server-sent event. */
export interface ServerSentEvent {
  /** Its number, as the server wrote it. */
  readonly id: string;
  /** Its kind; `message` when the server said none. */
  readonly event: string;
  readonly data: string;
}

/** What one piece of a stream told. */
export interface ReadEvents {
  readonly events: readonly ServerSentEvent[];
  /** The number of the last whole event, or of the place where the stream stands. */
  readonly lastId: string;
}

/** Reads a stream of server-sent events piece by piece, wherever the pieces end (HTML 9.2.6). */
export function openEventReader(lastId = ''): (piece: string) => ReadEvents {
  let rest = '';
  let [event, data, id]: [string, string[], string] = ['', [], lastId];
  // The number counts when its event is whole: one that was cut off is asked for again.
  let wholeId = lastId;
  const field = (line: string): void => {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
  };
  return (piece) => {
    const events: ServerSentEvent[] = [];
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        field(line);
        continue;
      }
      wholeId = id;
      if (data.length > 0) events.push({ id, event: event || 'message', data: data.join('\n') });
      [event, data] = ['', []];
    }
    return { events, lastId: wholeId };
  };
}
