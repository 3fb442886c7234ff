import Type, { type Static, type TObject } from 'typebox';
import { Imei } from '#base/identity/index.ts';
import { type Done, type HandsetState, type Laboratory, type Refusal, unknownHandset } from '#lab/laboratory/index.ts';
import {
  closed,
  ExchangeView,
  exchangeView,
  form,
  GivenImei,
  list,
  type Operation,
  operation,
  parsed,
} from '#operator/api/index.ts';
import { done, exchangeMade, HandsetName, NOTHING, problemOf } from './operation.ts';
import { HandsetView, handsetView, OsName, WhereName } from './view.ts';

const BASE = '/api/v1/laboratory/handsets';
const PARAMS = closed({ handset: HandsetName });
const Made = closed({ handset: HandsetView, exchange: Type.Optional(ExchangeView) });
/** Questions to cards and network in one exchange at most: far more than any has. */
const MOST_QUESTIONS = 500;

const imeiOf = (written: string, at: string) => parsed((text) => Imei.parse(text), written, at);

function stateOf(laboratory: Laboratory, name: string): HandsetState {
  const found = laboratory.handset(name);
  if (found !== undefined) return found;
  throw problemOf(unknownHandset(name));
}

/** Something done with one handset. */
function act<B extends TObject>(
  laboratory: Laboratory,
  given: Pick<Operation, 'id' | 'method' | 'path' | 'summary'> & { readonly body: B; readonly description?: string },
  run: (name: string, body: Static<B>) => Promise<Done | Refusal> | Done | Refusal,
): Operation {
  return operation({
    ...given,
    tag: 'laboratory',
    permission: 'laboratory.drive',
    params: PARAMS,
    answer: Made,
    problems: ['no-such-resource', 'conflict'],
    async run({ params: { handset: name }, body }) {
      const exchange = exchangeMade(laboratory, await run(name, body as Static<B>));
      return {
        handset: handsetView(stateOf(laboratory, name), laboratory),
        ...(exchange && { exchange: exchangeView(exchange) }),
      };
    },
  });
}

const DONE =
  'Answers when handset and operator have nothing more to say to each other. One thing at a time in a handset.';

/** Looking at handsets and making one. */
function listing(laboratory: Laboratory): readonly Operation[] {
  return [
    operation({
      id: 'listLaboratoryHandsets',
      method: 'GET',
      path: BASE,
      tag: 'laboratory',
      summary: 'The handsets of the laboratory, at most 40: the cast first, then those made here.',
      permission: 'laboratory.read',
      answer: closed({ handsets: list(HandsetView) }),
      run: () => ({ handsets: laboratory.handsets().map((state) => handsetView(state, laboratory)) }),
    }),
    operation({
      id: 'getLaboratoryHandset',
      method: 'GET',
      path: `${BASE}/:handset`,
      tag: 'laboratory',
      summary: 'A handset: power, service, IMEI claimed and proved, operating system, cards.',
      permission: 'laboratory.read',
      params: PARAMS,
      answer: HandsetView,
      problems: ['no-such-resource'],
      run: ({ params }) => handsetView(stateOf(laboratory, params.handset), laboratory),
    }),
    operation({
      id: 'makeLaboratoryHandset',
      method: 'POST',
      path: BASE,
      tag: 'laboratory',
      summary: 'A new handset with a fresh UICC and a fresh storage support, switched off.',
      permission: 'laboratory.drive',
      body: closed({
        name: HandsetName,
        imei: Type.Optional(GivenImei),
        os: Type.Optional(OsName),
        otherImei: Type.Optional(GivenImei),
        where: Type.Optional(WhereName),
        hasSupport: Type.Optional(Type.Boolean({ description: 'false: an old handset, whose IMEI nothing proves' })),
      }),
      status: 201,
      answer: HandsetView,
      problems: ['conflict'],
      run({ body: { imei, otherImei, os, where, hasSupport, name } }) {
        done(
          laboratory.make({
            name,
            ...(os !== undefined && { os }),
            ...(where !== undefined && { where }),
            ...(hasSupport !== undefined && { hasSupport }),
            ...(imei !== undefined && { imei: imeiOf(imei, 'imei') }),
            ...(otherImei !== undefined && { otherImei: imeiOf(otherImei, 'otherImei') }),
          }),
        );
        return handsetView(stateOf(laboratory, name), laboratory);
      },
    }),
  ];
}

const Power = closed({
  isOn: Type.Boolean(),
  cutAfter: Type.Optional(
    Type.Integer({
      ...{ minimum: 0, maximum: MOST_QUESTIONS },
      description: 'The power goes after so many questions of the operating system to cards and network.',
    }),
  ),
});

/** Power, calls, operating systems. */
function using(laboratory: Laboratory): readonly Operation[] {
  return [
    act(
      laboratory,
      {
        ...{ id: 'setLaboratoryPower', method: 'PUT', path: `${BASE}/:handset/power` },
        summary: 'Switches a handset on or off; with `cutAfter` its power goes in the middle of switching it on.',
        description: DONE,
        body: Power,
      },
      (name, { isOn, cutAfter }) => (isOn ? laboratory.powerOn(name, cutAfter) : laboratory.powerOff(name)),
    ),
    act(
      laboratory,
      {
        ...{ id: 'cutLaboratoryPower', method: 'POST', path: `${BASE}/:handset/power-cuts`, body: NOTHING },
        summary: 'Takes the battery out now, also while something runs; nothing of it is finished.',
      },
      (name) => laboratory.cutPower(name),
    ),
    act(
      laboratory,
      {
        ...{ id: 'placeLaboratoryCall', method: 'POST', path: `${BASE}/:handset/calls` },
        summary: 'Dials a number; 112 is an emergency call, which every state of card, lock and network lets through.',
        description: DONE,
        body: closed({ number: form('formDialled', '^[0-9*#]{1,20}$') }),
      },
      (name, { number }) => laboratory.call(name, number),
    ),
    act(
      laboratory,
      {
        ...{ id: 'flashLaboratoryHandset', method: 'PUT', path: `${BASE}/:handset/operating-system` },
        summary: 'Flashes another operating system, honest or fraudulent; the handset is switched off for it.',
        body: closed({ name: OsName, otherImei: Type.Optional(GivenImei) }),
      },
      (handset, { name, otherImei }) =>
        laboratory.flash(handset, name, otherImei === undefined ? undefined : imeiOf(otherImei, 'otherImei')),
    ),
  ];
}

/** Theft, recovery, exchange of cards. */
function living(laboratory: Laboratory): readonly Operation[] {
  return [
    act(
      laboratory,
      {
        ...{ id: 'reportLaboratoryTheft', method: 'POST', path: `${BASE}/:handset/theft-reports` },
        summary: 'Puts the handset’s IMEI on the black list, as the operator does when the owner calls.',
        description: DONE,
        body: closed({ caseReference: Type.Optional(Type.String({ maxLength: 40, description: 'Case number.' })) }),
      },
      (name, { caseReference = 'laboratory' }) => laboratory.reportStolen(name, caseReference),
    ),
    act(
      laboratory,
      {
        ...{ id: 'reportLaboratoryRecovery', method: 'POST', path: `${BASE}/:handset/recoveries`, body: NOTHING },
        summary: 'Takes the handset’s IMEI off the black list again, as when it is found.',
        description: DONE,
      },
      (name) => laboratory.reportFound(name),
    ),
    operation({
      id: 'swapLaboratoryCards',
      method: 'POST',
      path: `${BASE}/:handset/swaps`,
      tag: 'laboratory',
      summary: 'Exchanges the UICCs or the storage supports of two handsets; both are switched off for it.',
      permission: 'laboratory.drive',
      params: PARAMS,
      body: closed({ with: HandsetName, what: Type.Enum(['uicc', 'support'], { type: 'string' }) }),
      answer: closed({ handsets: list(HandsetView) }),
      problems: ['no-such-resource', 'conflict'],
      async run({ params: { handset: name }, body: { with: other, what } }) {
        done(await laboratory.swap(name, other, what));
        return { handsets: [name, other].map((one) => handsetView(stateOf(laboratory, one), laboratory)) };
      },
    }),
    operation({
      id: 'resetLaboratory',
      method: 'POST',
      path: '/api/v1/laboratory/resets',
      tag: 'laboratory',
      summary: 'Puts the handsets of the cast back as they were made, and those made here away. What was seen is kept.',
      description: 'UICCs keep what they learnt: one that blocked itself stays blocked until its operator unblocks it.',
      permission: 'laboratory.drive',
      body: NOTHING,
      answer: closed({ handsets: list(HandsetView) }),
      problems: ['conflict'],
      async run() {
        done(await laboratory.reset());
        return { handsets: laboratory.handsets().map((state) => handsetView(state, laboratory)) };
      },
    }),
  ];
}

/** Handsets of the laboratory. */
export const handsetOperations = (laboratory: Laboratory): readonly Operation[] => [
  ...listing(laboratory),
  ...using(laboratory),
  ...living(laboratory),
];
