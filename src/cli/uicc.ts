import { type Command, InvalidArgumentError, Option } from 'commander';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { Iccid, Imei, type Imsi, Imsi as ImsiType, type Msisdn } from '#base/identity/index.ts';
import { LAB_NUMBERS, trustMaker } from '#lab/loopback/index.ts';
import type { Workshop } from '#lab/workshop/index.ts';
import { FLEET_POLICY, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import { type Card, responseData } from '#protocol/apdu/index.ts';
import { iccidArgument, imsiArgument, msisdnArgument, numberArgument } from './argument.ts';
import { withOperator, workshopOf } from './data-directory.ts';
import { EXIT, Failure, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { type PolicyOptions, rulesOf, withPolicy } from './policy-options.ts';
import { columns, facts, say, sayJson } from './print.ts';
import { importCommand } from './uicc-import.ts';
import { keysCommand } from './uicc-keys.ts';
import { type AuthenticationOptions, authenticationOf, withAuthentication } from './uicc-options.ts';
import { personaliseByProfile, profileCommand, profileFile, running } from './uicc-profile.ts';

interface PersonaliseOptions extends CommonOptions, AuthenticationOptions, PolicyOptions {
  readonly imsi?: Imsi;
  readonly msisdn?: Msisdn;
  readonly iccid?: Iccid;
  readonly profile?: string;
  readonly count: number;
  readonly policy: 'standard' | 'fleet';
  readonly pin?: string;
}

function suciArgument(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2}){9,200}$/i.test(text))
    throw new InvalidArgumentError('expected 9 to 200 octets in hexadecimal');
  return fromHex(text);
}

/** `assay uicc`: the operator's cards. */
export function uiccCommand(io: Io): Command {
  const order = leaf(io, 'personalise', 'issue a subscriber and write the UICC', [
    'assay uicc personalise --imsi 001010000000020 --msisdn 99970000020',
    'assay uicc personalise --imsi 001010000000021 --msisdn 99970000021 --policy fleet --algorithm tuak',
    'assay uicc personalise --imsi 001010000000024 --msisdn 99970000024 --terminal-cannot-prove block --report-every 500',
    'assay uicc personalise --imsi 001010000000022 --msisdn 99970000022 --gsm-algorithm comp128v3',
    'assay uicc personalise --imsi 001010000000023 --msisdn 99970000023 --suci profile-b --suci-by usim',
    'assay uicc personalise --profile card.yaml --imsi 001010000000040 --msisdn 99970000040 --count 10',
  ])
    .option('--profile <file>', 'a document that says what the card is (assay uicc profile example)')
    .option(
      '--count <number>',
      'with a profile: as many cards, with identities one after another',
      numberArgument(1, 1000),
      1,
    )
    .option('--imsi <imsi>', '15 digits', imsiArgument)
    .option('--msisdn <number>', 'international, without +', msisdnArgument)
    .option('--iccid <iccid>', 'default: from the end of the IMSI', iccidArgument)
    .addOption(
      new Option(
        '--policy <policy>',
        'standard: any handset that proves its IMEI; fleet: only the first. Rules named besides go before it',
      )
        .choices(['standard', 'fleet'])
        .default('standard'),
    )
    .option('--pin <digits>', 'PIN asked at power-on; default none');
  const personalise = withPolicy(withAuthentication(order)).action((options: PersonaliseOptions, command: Command) =>
    options.profile === undefined ? personaliseUicc(io, options) : personaliseProfile(io, options, command),
  );
  const status = leaf(io, 'status', 'read a UICC: what anyone can, and the lock of our own file', [
    'assay uicc status 8988211000000000201',
  ])
    .argument('[iccid]', 'default: all UICCs of the data directory', iccidArgument)
    .action((iccid: Iccid | undefined, options: CommonOptions) => showStatus(io, iccid, options));
  const reveal = leaf(io, 'reveal', 'tell whom a SUCI conceals that was made with keys of this operator', [
    'assay uicc reveal 0100F110F0FF00000000000002',
  ])
    .argument('<suci>', 'from octet 4 of the mobile identity on, or what GET IDENTITY answered (A1 …)', suciArgument)
    .action((octets: Uint8Array, options: CommonOptions) => revealSuci(io, octets, options));
  const triplets = leaf(
    io,
    'triplets',
    'print authentication triplets of GSM, one a line: IMSI:Kc:SRES:RAND, as hostapd takes them',
    ['assay uicc triplets 001010000000020 --count 3'],
  )
    .argument('<imsi>', '15 digits', imsiArgument)
    .option('--count <number>', 'how many', numberArgument(1, 100), 3)
    .action((imsi: Imsi, options: TripletOptions) => printTriplets(io, imsi, options));
  return group('uicc', 'UICCs with the IMEI lock', [
    personalise,
    status,
    reveal,
    triplets,
    keysCommand(io),
    profileCommand(io),
    importCommand(io),
  ]);
}

interface TripletOptions extends CommonOptions {
  readonly count: number;
}

/** Keys leave the house here: the audit says who took them. */
async function printTriplets(io: Io, imsi: Imsi, options: TripletOptions): Promise<void> {
  const triplets = await withOperator(io, options, ({ subscribers, audit }) => {
    const iccid = subscribers.byImsi(imsi)?.iccid.digits;
    if (iccid === undefined)
      throw wrongInput(`IMSI: expected one that was issued, got another: 'assay subscribers' lists them`);
    audit.append({ kind: 'read', author: io.userName, subject: iccid, detail: { triplets: options.count } });
    return Array.from({ length: options.count }, () => subscribers.gsmTriplet(imsi)).flatMap((one) => one ?? []);
  });
  const found = triplets.map(({ rand, sres, kc }) => ({ kc: toHex(kc), sres: toHex(sres), rand: toHex(rand) }));
  if (options.json) return sayJson(io, { imsi: imsi.digits, triplets: found });
  return say(io, ...found.map(({ kc, sres, rand }) => [imsi.digits, kc, sres, rand].join(':')));
}

/** Tag and length that stand before the SUCI in the answer to GET IDENTITY (TS 31.102 7.5). */
const SUCI_TAG = 0xa1;

async function revealSuci(io: Io, octets: Uint8Array, options: CommonOptions): Promise<void> {
  const value = octets[0] === SUCI_TAG ? octets.slice(2) : octets;
  const found = await withOperator(io, options, ({ subscribers }) => {
    const imsi = subscribers.revealSuci(value);
    const subscriber = imsi && subscribers.byImsi(imsi);
    return imsi && { imsi: imsi.digits, iccid: subscriber?.iccid.digits, msisdn: subscriber?.msisdn.digits };
  });
  if (found === undefined)
    throw new Failure(
      EXIT.no,
      'this is no SUCI that was made with a key of this operator: wrong octets, or the key of another',
    );
  await (options.json ? sayJson(io, found) : say(io, ...facts(found)));
}

const iccidFor = (imsi: Imsi): Iccid => Iccid.issue(`898821100000${imsi.digits.slice(-6).padStart(6, '0')}`);

/** Options that a profile may stand beside. */
const BESIDE_PROFILE: ReadonlySet<string> = new Set(['profile', 'count', 'imsi', 'msisdn', 'iccid', 'data', 'json']);

/** Cards of a document; an identity on the command line comes before that of the document. */
async function personaliseProfile(io: Io, options: PersonaliseOptions, command: Command): Promise<void> {
  const said = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' && !BESIDE_PROFILE.has(option.attributeName()),
  );
  if (said !== undefined) throw wrongInput(`${said.long}: expected it in the profile, got it beside one: say it there`);
  const document = profileFile(options.profile ?? '');
  const { imsi = document.imsi, msisdn = document.msisdn } = options;
  if (imsi === undefined || msisdn === undefined)
    throw wrongInput('expected IMSI and MSISDN, got none in the profile: add them there, or --imsi and --msisdn');
  const iccid = options.iccid ?? (options.imsi === undefined ? document.iccid : undefined) ?? iccidFor(imsi);
  const cards = running({ iccid, imsi, msisdn }, options.count);
  const paths = await personaliseByProfile(io, options, document, cards);
  const found = cards.map((card, i) => ({
    iccid: card.iccid.digits,
    imsi: card.imsi.digits,
    msisdn: card.msisdn.digits,
    file: paths[i],
  }));
  if (options.json) return sayJson(io, found);
  return say(io, ...found.flatMap((one) => facts(one)));
}

async function personaliseUicc(io: Io, options: PersonaliseOptions): Promise<void> {
  const { imsi, msisdn, pin, policy } = options;
  if (imsi === undefined || msisdn === undefined)
    throw wrongInput('expected --imsi and --msisdn, or --profile with a file that says them, got none of them');
  if (options.count !== 1) throw wrongInput('--count: expected --profile with it, got none');
  const iccid = options.iccid ?? iccidFor(imsi);
  const workshop = workshopOf(io, options);
  const path = await withOperator(io, options, (operator) => {
    trustMaker(operator, workshop);
    const order = {
      iccid,
      imsi,
      msisdn,
      ...authenticationOf(options),
      author: io.userName,
      ...LAB_NUMBERS,
      ...(pin !== undefined && { pin }),
    };
    return workshop.personalise(
      operator.subscribers.issueCard({
        ...order,
        policy: { ...(policy === 'fleet' ? FLEET_POLICY : STANDARD_POLICY), ...rulesOf(options) },
      }),
    );
  });
  const found = { iccid: iccid.digits, imsi: imsi.digits, msisdn: msisdn.digits, policy, file: path };
  await (options.json ? sayJson(io, found) : say(io, ...facts(found)));
}

/** What a card says to anyone who asks it. */
interface CardFacts {
  readonly iccid: string;
  readonly imsi: string;
  readonly pairing: string;
  readonly imei: string | undefined;
}

const read = (card: Card, command: readonly number[]) => responseData(card.transmit(Uint8Array.from(command)));

function factsOf(card: Card): CardFacts {
  card.reset();
  read(card, [0x00, 0xa4, 0x00, 0x04, 0x02, 0x3f, 0x00, 0x00]);
  const iccid = Iccid.fromEf(read(card, [0x00, 0xb0, 0x82, 0x00, 0x0a]));
  card.transmit(
    concat(
      Uint8Array.of(0x00, 0xa4, 0x04, 0x04, 0x07),
      Uint8Array.of(0xa0, 0, 0, 0, 0x87, 0x10, 0x02),
      Uint8Array.of(0),
    ),
  );
  // A card that asks for its PIN does not say it.
  const imsi = read(card, [0x00, 0xb0, 0x87, 0x00, 0x09]);
  card.transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x0c, 0x02, 0x6f, 0xf1));
  const status = read(card, [0x00, 0xb2, 0x01, 0x04, 0x04]);
  const [word, record] = [toHex(status.subarray(0, 2)), status[2] ?? 0];
  card.transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x0c, 0x02, 0x6f, 0xf2));
  const details = record === 0 || record === 0xff ? new Uint8Array(0) : read(card, [0x00, 0xb2, record, 0x04, 0x00]);
  const imei =
    details[0] === 0x80 && details[1] === 8 ? Imei.fromOctets(details.subarray(2, 10)).withCheckDigit : undefined;
  return {
    iccid: iccid.digits,
    imsi: imsi.length === 0 ? 'behind the PIN' : ImsiType.fromEf(imsi).digits,
    pairing: word === '4F4B' ? 'OK' : word === '4B4F' ? 'KO' : 'none yet',
    imei,
  };
}

async function showStatus(io: Io, iccid: Iccid | undefined, options: CommonOptions): Promise<void> {
  const workshop = workshopOf(io, options);
  const all = (iccid === undefined ? workshop.uiccs() : [iccid.digits]).map((one) => statusOf(workshop, one));
  if (options.json) return sayJson(io, all);
  if (iccid !== undefined) return say(io, ...all.flatMap((one) => facts({ ...one })));
  if (all.length === 0) return say(io, "No UICCs here: make one with 'assay uicc personalise'.");
  const rows = all.map((one) => [one.iccid, one.imsi, one['EF.IPS'], one['proved IMEI'] ?? '', one.block, one.gate]);
  return say(io, ...columns([['iccid', 'imsi', 'EF.IPS', 'proved IMEI', 'block', 'gate'], ...rows]));
}

function statusOf(workshop: Workshop, iccid: string) {
  const file = workshop.openUicc(iccid);
  try {
    const card = factsOf(file.card);
    const lock = workshop.lockOf(iccid);
    return {
      iccid: card.iccid,
      imsi: card.imsi,
      'EF.IPS': card.pairing,
      'proved IMEI': card.imei,
      block: lock?.lasting.block ?? 'none',
      'block reason': lock?.lasting.blockReason,
      gate: lock?.lasting.policy.gate ?? 'not used yet',
      'terminal cannot prove': lock?.lasting.policy.terminalCannotProve,
      'unanswered reports': lock?.lasting.unanswered,
      'paired with support': lock?.pairing && toHex(lock.pairing.support),
    };
  } finally {
    file.close();
  }
}
