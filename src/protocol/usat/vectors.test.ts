import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, comprehensionTlvs, fromHex, toHex } from '#base/codec/index.ts';
import { smsDeliver, smsSubmit, textOfSeptets } from '#protocol/sms/index.ts';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import {
  commandDetails,
  decodeEnvelope,
  decodeProactiveCommand,
  decodeTerminalResponse,
  detailsOf,
  encodeEnvelope,
  encodeProactiveCommand,
  encodeTerminalResponse,
  textOf,
  textOfAlpha,
} from './index.ts';

/** A decoded value whose members a test asks for by name. */
type Members = Readonly<Record<string, unknown>>;

const ICON = 0x1e;
/** Published commands set the flag of an icon or leave it, in one and the same command; all other flags are as we set them. */
const FLAGS_OF_COMMANDS = (tag: number): boolean => tag !== ICON;
/** Published terminals set flags as they like: one and the same object comes with and without. */
const NO_FLAGS = (): boolean => false;

/** The objects of these octets, with the comprehension flags that count. */
function objectsOf(octets: Uint8Array, counts: (tag: number) => boolean): string {
  return comprehensionTlvs(octets)
    .map(({ tag, value, comprehensionRequired }) => {
      const flag = comprehensionRequired && counts(tag) ? '!' : '';
      return `${tag.toString(16)}${flag} ${toHex(value)}`;
    })
    .join(', ');
}

/** The inside of a BER-TLV whose tag has one octet. */
const inside = (octets: Uint8Array): Uint8Array => octets.subarray(octets[1] === 0x81 ? 3 : 2);

const hex = (value: unknown): string => toHex(value as Uint8Array).toLowerCase();
const alpha = (value: unknown): string => textOfAlpha(value as Uint8Array);
const text = (value: unknown): string => textOf(value as { codingScheme: number; octets: Uint8Array });
const latin = (value: unknown): string => textOfSeptets(value as Uint8Array);

/** Digits as the source of the vectors writes those of TS 24.008 10.5.4.7: * # and c for a pause. */
const digits = (octets: Uint8Array): string => {
  const nibbles = [...octets].flatMap((octet) => [octet & 15, octet >> 4]);
  return nibbles.map((nibble) => (nibble === 15 ? '' : '0123456789*#cde'[nibble])).join('');
};
const number = (value: unknown): unknown => {
  const octets = value as Uint8Array;
  return { tonNpi: octets[0], digits: digits(octets.subarray(1)) };
};

const plmn = (octets: Uint8Array): { mcc: string; mnc: string } => {
  const [a, b, c] = octets as unknown as [number, number, number];
  const third = b >> 4 === 15 ? '' : `${b >> 4}`;
  return { mcc: `${a & 15}${a >> 4}${b & 15}`, mnc: `${c & 15}${c >> 4}${third}` };
};
const two = (octets: Uint8Array, at: number): number => ((octets[at] as number) << 8) | (octets[at + 1] as number);
/** Location of TS 31.111 8.13: PLMN, area, then a cell of two octets, with extension or of four for E-UTRAN. */
function location(value: unknown, expected: Members): unknown {
  const octets = value as Uint8Array;
  const base = { ...plmn(octets), area: two(octets, 3) };
  if ('eutranCell' in expected) return { ...base, eutranCell: two(octets, 5) * 4096 + (two(octets, 7) >> 4) };
  return {
    ...base,
    ...(octets.length > 5 && { cell: two(octets, 5) }),
    ...(octets.length > 7 && { extendedCell: two(octets, 7) }),
  };
}

const LINKS = ['none', 'listening', 'established'];
/** The source counts: nothing, link established, server listening, server connected; or what happened. */
function channel(value: unknown, expected: Members): void {
  const { channel: identifier, link, information } = value as { channel: number; link: string; information: number };
  assert.equal(identifier, expected['identifier']);
  const status = expected['status'] as number;
  if (status === 5) assert.deepEqual([link, information], ['none', 5]);
  else if (status === 3) assert.equal(link, 'listening');
  else assert.equal(link, LINKS[status * 2]);
}

const qualified = ({ use, ...others }: Members): Members => ({
  qualifier: use === 'withText' ? 1 : 0,
  ...Object.fromEntries(
    Object.entries(others).map(([name, part]) => [name, part instanceof Uint8Array ? hex(part) : part]),
  ),
});

/** How a field of the vectors is found in a command: member names where they differ, and how its value reads. */
const COMMAND_FIELDS: Readonly<Record<string, (command: Members, expected: never) => unknown>> = {
  text: ({ text: value }) => text(value),
  alpha: ({ alphaIdentifier }) => alpha(alphaIdentifier),
  callAlpha: ({ callAlphaIdentifier }) => alpha(callAlphaIdentifier),
  icon: ({ icon }) => qualified(icon as Members),
  callIcon: ({ callIcon }) => qualified(callIcon as Members),
  itemIcons: ({ itemIcons }) => qualified(itemIcons as Members),
  textAttribute: ({ textAttribute }) => hex(textAttribute),
  callTextAttribute: ({ callTextAttribute }) => hex(callTextAttribute),
  itemTextAttributes: ({ itemTextAttributes }) => hex(itemTextAttributes),
  nextActions: ({ nextActions }) => hex(nextActions),
  duration: ({ duration, interval }) => duration ?? interval,
  defaultText: ({ defaultText }) => text(defaultText),
  items: ({ items }) =>
    (items as readonly { identifier: number; text: Uint8Array }[]).map(({ identifier, text: label }) => ({
      identifier,
      text: alpha(label),
    })),
  serviceCentre: ({ address }) => digits((address as Uint8Array).subarray(1)),
  submit: ({ tpdu }) => {
    const { reference, destination, protocolIdentifier, dataCoding, userData } = smsSubmit.decode(tpdu as Uint8Array);
    return {
      reference,
      destination: destination.value,
      protocolIdentifier,
      dataCoding,
      userDataLength: userData.length,
    };
  },
  supplementaryService: ({ supplementaryService }) => number(supplementaryService),
  ussd: ({ ussd }) => text(ussd),
  address: ({ address }) => number(address),
  capability: ({ capability }) => hex(capability),
  subaddress: ({ subaddress }) => hex(subaddress),
  files: ({ files }) => {
    const { count, paths } = files as { count: number; paths: Uint8Array };
    assert.equal(count, 1);
    return [hex(paths)];
  },
  destination: ({ reader, channel: open }) =>
    reader === undefined ? 0x20 + (open as number) : 0x10 + (reader as number),
  apdu: ({ apdu }) => hex(apdu),
  atCommand: ({ atCommand }) => latin(atCommand),
  dtmf: ({ dtmf }) => digits(dtmf as Uint8Array),
  language: ({ language }) => latin(language),
  url: ({ url }) => latin(url),
  bearers: ({ bearers }) => hex(bearers),
  gateway: ({ gateway }) => text(gateway),
  bearer: ({ bearer }) => {
    const { type, parameters } = bearer as { type: number; parameters: Uint8Array };
    return { type, parameters: hex(parameters) };
  },
  networkAccessName: ({ networkAccessName }) => labels(networkAccessName as Uint8Array),
  login: ({ credentials }) => text((credentials as readonly unknown[])[0]),
  password: ({ credentials }) => text((credentials as readonly unknown[])[1]),
  transport: ({ transport }) => {
    const { protocol, port } = transport as { protocol: string; port: number };
    return { protocol: protocol === 'udpRemote' ? 1 : protocol, port };
  },
  destinationAddress: ({ remoteAddress }) => {
    const { type, octets } = remoteAddress as { type: string; octets: Uint8Array };
    return { type: type === 'ipv4' ? 0x21 : type, octets: hex(octets) };
  },
  data: ({ data }) => hex(data),
};

/** Labels of a domain name, each behind its length. */
function labels(octets: Uint8Array): string {
  const found: string[] = [];
  for (let at = 0; at < octets.length; at += 1 + (octets[at] as number))
    found.push(latin(octets.subarray(at + 1, at + 1 + (octets[at] as number))));
  return found.join('.');
}

function assertFields(command: Members, expected: Members): void {
  for (const [field, value] of Object.entries(expected)) {
    if (field === 'qualifier') continue;
    const found = COMMAND_FIELDS[field]?.(command, value as never) ?? command[field];
    assert.deepEqual(found, value, field);
  }
}

const byKind = (cases: readonly VectorCase[]): ReadonlyMap<string, readonly VectorCase[]> =>
  Map.groupBy(cases, ({ kind }) => kind);

for (const [kind, cases] of byKind(loadVectors('usat-commands')))
  test(`${kind}: ${cases.length} published commands are read, and written the same`, () => {
    for (const { id, encoded, fields, refused } of cases) {
      const octets = fromHex(encoded);
      if (refused) {
        assert.throws(() => decodeProactiveCommand(octets), CodecError, id);
        continue;
      }
      const command = decodeProactiveCommand(octets);
      assert.equal(command.type, kind, id);
      assertFields(command as unknown as Members, fields);
      assert.deepEqual(detailsOf(command), commandDetails(octets), id);
      assert.equal(detailsOf(command).qualifier, fields.qualifier, id);
      const written = encodeProactiveCommand(command);
      assert.equal(objectsOf(inside(written), FLAGS_OF_COMMANDS), objectsOf(inside(octets), FLAGS_OF_COMMANDS), id);
      assert.equal(written.length, octets.length, id);
    }
  });

/** Digits of a mobile identity; the example has a check digit that is none. */
const identity = (octets: Uint8Array): string => digits(octets).slice(1);

/** How a field of the vectors is found in a terminal response. */
const RESPONSE_FIELDS: Readonly<Record<string, (response: Members, expected: never) => unknown>> = {
  number: ({ details }) => (details as Members)['number'],
  type: ({ details }) => (details as Members)['type'],
  qualifier: ({ details }) => (details as Members)['qualifier'],
  additional: ({ additional }) => hex(additional),
  text: ({ text: value }) => text(value),
  atResponse: ({ atResponse }) => latin(atResponse),
  location: ({ location: value }, expected) => location(value, expected),
  imei: ({ imei }) => identity(imei as Uint8Array),
  imeiSv: ({ imeiSv }) => identity(imeiSv as Uint8Array),
  networkMeasurement: ({ networkMeasurement }) => hex(networkMeasurement),
  bcchChannels: ({ bcchChannels }, expected: readonly number[]) => tenBits(bcchChannels as Uint8Array, expected.length),
  dateTime: ({ dateTime }) => {
    const [year, month, day, hour, minute, second] = [...(dateTime as Uint8Array)].map(
      (pair) => (pair & 15) * 10 + (pair >> 4),
    );
    return { year, month, day, hour, minute, second, timezone: (dateTime as Uint8Array)[6] };
  },
  language: ({ language }) => latin(language),
  timingAdvance: ({ timingAdvance }) => hex(timingAdvance),
  accessTechnology: ({ accessTechnology }) => (accessTechnology as Uint8Array)[0],
  esn: ({ esn }) => hex(esn),
  channel: ({ channels }, expected) => {
    channel((channels as readonly unknown[])[0], expected);
    return expected;
  },
  bearer: (response, expected) =>
    (COMMAND_FIELDS['bearer'] as (command: Members, expected: never) => unknown)(response, expected),
  channelData: ({ channelData }) => hex(channelData),
};

/** Numbers of ten bits one after another, most significant first (TS 31.111 8.29). */
function tenBits(octets: Uint8Array, count: number): readonly number[] {
  const all = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: count }, (_, i) => Number.parseInt(all.slice(10 * i, 10 * i + 10), 2));
}

for (const [kind, cases] of byKind(loadVectors('usat-responses')))
  test(`TERMINAL RESPONSE to ${kind}: ${cases.length} published ones are read, and written the same`, () => {
    for (const { id, encoded, fields } of cases) {
      const octets = fromHex(encoded);
      const response = decodeTerminalResponse(octets);
      const { yesNo, packed, ...others } = fields;
      if (yesNo)
        assert.deepEqual(response.text, { codingScheme: 4, octets: Uint8Array.of(others.text === null ? 0 : 1) });
      else
        for (const [field, value] of Object.entries(others)) {
          const members = response as unknown as Members;
          const found = RESPONSE_FIELDS[field]?.(members, value as never) ?? members[field];
          assert.deepEqual(found, value, `${id}: ${field}`);
        }
      if (packed) assert.equal(response.text?.codingScheme, 0);
      const written = encodeTerminalResponse(response);
      assert.equal(objectsOf(written, NO_FLAGS), objectsOf(octets, NO_FLAGS), id);
      assert.equal(written.length, octets.length, id);
    }
  });

/** How a field of the vectors is found in an envelope. */
const ENVELOPE_FIELDS: Readonly<Record<string, (envelope: Members, expected: never) => unknown>> = {
  address: ({ address }) => number(address),
  serviceCentre: ({ serviceCentre }) => number(serviceCentre),
  destination: ({ destination }) => number(destination),
  location: ({ location: value }, expected) => location(value, expected),
  trackingArea: ({ trackingArea }) => location(trackingArea, {}),
  deliver: ({ tpdu }) => {
    const { originator, protocolIdentifier, dataCoding, userData } = smsDeliver.decode(tpdu as Uint8Array);
    return { originator: originator.value, protocolIdentifier, dataCoding, userDataLength: userData.length };
  },
  page: ({ page }) => {
    const { serialNumber, position, content, ...others } = page as {
      serialNumber: Members;
      position: Members;
      content: Uint8Array;
    };
    return { ...serialNumber, ...position, ...others, content: hex(content) };
  },
  capability: ({ capabilities }) => hex((capabilities as readonly unknown[])[0]),
  transactions: ({ transactions }) => hex(Uint8Array.from(transactions as readonly number[])),
  cause: ({ cause }) => (cause instanceof Uint8Array ? hex(cause) : cause === 'userTermination' ? 0 : cause),
  status: ({ status }) => ['normal', 'limited', 'none'].indexOf(status as string),
  language: ({ language }) => latin(language),
  channelDataLength: ({ length }) => length,
  channel: ({ channel: value }, expected) => {
    channel(value, expected);
    return expected;
  },
};

for (const [kind, cases] of byKind(loadVectors('usat-envelopes')))
  test(`ENVELOPE (${kind}): ${cases.length} published ones are read, and written the same`, () => {
    for (const { id, encoded, fields } of cases) {
      const octets = fromHex(encoded);
      const envelope = decodeEnvelope(octets);
      assert.equal(envelope.type, kind, id);
      const { source, ...others } = fields;
      for (const [field, value] of Object.entries(others)) {
        const members = envelope as unknown as Members;
        const found = ENVELOPE_FIELDS[field]?.(members, value as never) ?? members[field];
        assert.deepEqual(found, value, `${id}: ${field}`);
      }
      const written = encodeEnvelope(envelope);
      const devices = comprehensionTlvs(inside(written)).find(({ tag }) => tag === 2);
      assert.equal(devices?.value[0], source, id);
      assert.equal(objectsOf(inside(written), NO_FLAGS), objectsOf(inside(octets), NO_FLAGS), id);
      assert.equal(written.length, octets.length, id);
    }
  });

/** What a codec makes of hostile octets: the value and what is read of it once it was written; undefined when they were refused. */
function twice<T>(decode: (octets: Uint8Array) => T, encode: (value: T) => Uint8Array, octets: Uint8Array): unknown {
  try {
    const value = decode(octets);
    const again = decode(encode(value));
    assert.deepEqual(again, value);
    return value;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

test('property: published octets with a few changed are refused by CodecError, or read, written and read the same', () => {
  const encodings = (cases: readonly VectorCase[]) => fc.constantFrom(...cases.map(({ encoded }) => encoded as string));
  const damaged = (from: fc.Arbitrary<string>) =>
    fc
      .record({
        from,
        changes: fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }),
        cut: fc.integer({ min: -2, max: 3 }),
      })
      .map(({ from: encoded, changes, cut }) => {
        const octets = fromHex(encoded);
        for (const [at, value] of changes) if (at < octets.length) octets[at] = value;
        return cut < 0 ? Uint8Array.of(...octets, ...new Uint8Array(-cut)) : octets.subarray(0, octets.length - cut);
      });
  const read = { commands: 0, responses: 0, envelopes: 0 };
  fc.assert(
    fc.property(
      damaged(encodings(loadVectors('usat-commands'))),
      damaged(encodings(loadVectors('usat-responses'))),
      damaged(encodings(loadVectors('usat-envelopes'))),
      (command, response, envelope) => {
        if (twice(decodeProactiveCommand, encodeProactiveCommand, command)) read.commands++;
        if (twice(decodeTerminalResponse, encodeTerminalResponse, response)) read.responses++;
        if (twice(decodeEnvelope, encodeEnvelope, envelope)) read.envelopes++;
      },
    ),
    { numRuns: 2000 },
  );
  // A property about values that are never read would hold for nothing.
  for (const [what, count] of Object.entries(read)) assert.ok(count > 100, `${what}: ${count}`);
});
