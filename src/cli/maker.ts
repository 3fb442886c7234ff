import type { Command } from 'commander';
import { sameOctets, toHex } from '#base/codec/index.ts';
import { CryptoError, digest, importPublicKey } from '#base/crypto/index.ts';
import { ROLLOUT_REFUSALS, type Rollout, type RolloutEffect } from '#operator/gateway/index.ts';
import type { Operator } from '#operator/index.ts';
import { type CertificateAuthority, type Subscribers, sameRoot } from '#operator/subscriber/index.ts';
import { MOST_ROOTS } from '#protocol/imei-lock/index.ts';
import { caIdentifierArgument, hexArgument } from './argument.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, facts, isoTime, say, sayJson, shortTime } from './print.ts';
import { proposing } from './proposing.ts';

interface ReasonOptions extends CommonOptions {
  readonly reason: string;
  readonly author: string;
}

const POINT_OCTETS = 65;
const FINGERPRINT_OCTETS = 32;

const fingerprintOf = ({ publicPoint }: CertificateAuthority): string => toHex(digest('sha256', publicPoint));

/** Makers that are believed, then those that were taken away and that UICCs still believe. */
function makersOf({ subscribers }: Operator) {
  const believed = subscribers.makerRoots();
  const { roots } = subscribers.trusts.counts();
  const rest = roots.filter((one) => !believed.some((root) => sameRoot(one, root)));
  return [...believed, ...rest].map((root) => ({
    identifier: toHex(root.identifier),
    fingerprint: fingerprintOf(root),
    isBelieved: believed.includes(root),
    uiccs: roots.find((one) => sameRoot(one, root))?.uiccs ?? 0,
  }));
}

function listCommand(io: Io): Command {
  return leaf(io, 'list', 'makers whose storage supports (2) UICCs believe, and how many UICCs believe each', [
    'assay maker list',
  ]).action((options: CommonOptions) =>
    withOperator(io, options, (operator) => {
      const makers = makersOf(operator);
      const { unknown, fixed } = operator.subscribers.trusts.counts();
      if (options.json) return sayJson(io, { makers, unknown, fixed });
      if (makers.length === 0)
        return say(io, 'no maker is believed: storage supports cannot be proved by certificates');
      const rows = makers.map(({ identifier, isBelieved, uiccs, fingerprint }) => [
        ...[identifier, isBelieved ? 'believed' : 'taken away', String(uiccs), fingerprint],
      ]);
      return say(
        io,
        ...columns([['maker', 'state', 'UICCs that believe it', 'fingerprint'], ...rows]),
        ...(unknown > 0 ? [`UICCs whose makers are not known: ${unknown}`] : []),
        ...(fixed > 0 ? [`UICCs that cannot be changed over the air: ${fixed}`] : []),
      );
    }),
  );
}

function addCommand(io: Io): Command {
  return leaf(io, 'add', 'believe a maker: UICCs issued from now on do, the others after a roll-out', [
    `assay maker add 4D414B45 --point 04… --fingerprint … --reason "contract 12"`,
  ])
    .argument('<identifier>', 'CA identifier of its certificates, 1 to 16 octets in hexadecimal', caIdentifierArgument)
    .requiredOption('--point <hex>', 'its public point on P-256, uncompressed', hexArgument(POINT_OCTETS))
    .requiredOption(
      '--fingerprint <hex>',
      'SHA-256 over the point, as the maker told it by another way',
      hexArgument(FINGERPRINT_OCTETS),
    )
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName)
    .action(
      (
        identifier: Uint8Array,
        options: ReasonOptions & { readonly point: Uint8Array; readonly fingerprint: Uint8Array },
      ) =>
        withOperator(io, options, ({ subscribers }) => {
          const { point: publicPoint, fingerprint, reason, author } = options;
          const root = { identifier, publicPoint };
          checkPoint(publicPoint);
          if (!sameOctets(digest('sha256', publicPoint), fingerprint))
            throw wrongInput('--fingerprint: expected that of this point, got another: ask the maker again');
          if (reason.trim() === '') throw wrongInput('--reason: expected why it is believed');
          const known = subscribers.makerRoots().find((one) => sameOctets(one.identifier, identifier));
          if (known !== undefined && !sameRoot(known, root))
            throw wrongInput(
              'expected a maker that is not believed yet, got another root of one that is: take that away first',
            );
          if (sameOctets(subscribers.operatorRoot().identifier, identifier))
            throw wrongInput(
              "expected the identifier of a maker, got that of this operator's own root: ask the maker for it",
            );
          subscribers.trustMaker(root, { author, reason });
          if (options.json) return sayJson(io, { added: toHex(identifier), fingerprint: fingerprintOf(root) });
          return say(
            io,
            `maker ${toHex(identifier)} is believed by UICCs issued from now on; by the others after 'assay maker roll-out'`,
          );
        }),
    );
}

function checkPoint(point: Uint8Array): void {
  try {
    importPublicKey('P-256', point);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    throw wrongInput("--point: expected a point on P-256: copy it from the maker ('assay factory root' prints it)");
  }
}

function checkBelieved(subscribers: Subscribers, identifier: Uint8Array): void {
  if (!subscribers.makerRoots().some((one) => sameOctets(one.identifier, identifier)))
    throw wrongInput(`expected a maker that is believed, got ${toHex(identifier)}: 'assay maker list' has them`);
}

function removeCommand(io: Io): Command {
  return leaf(
    io,
    'remove',
    'no longer believe a maker: UICCs issued from now on do not, the others after a roll-out; it may wait for a second person',
    ['assay maker remove 4D414B45 --reason "its key leaked"'],
  )
    .argument('<identifier>', 'CA identifier, 1 to 16 octets in hexadecimal', caIdentifierArgument)
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName)
    .action((identifier: Uint8Array, options: ReasonOptions) =>
      withOperator(io, options, async ({ subscribers, register }) => {
        const { reason, author, json } = options;
        const name = toHex(identifier);
        if (reason.trim() === '') throw wrongInput('--reason: expected why it is taken away');
        checkBelieved(subscribers, identifier);
        const change = { about: 'maker', change: 'remove', identifier: name } as const;
        const isRemoved = await proposing(io, register, change, { author, why: reason, json });
        if (isRemoved === undefined) return;
        if (json) return sayJson(io, { removed: name });
        return say(io, `maker ${name} is taken away; UICCs in the field believe it until 'assay maker roll-out'`);
      }),
    );
}

const effectFacts = (effect: RolloutEffect): readonly string[] =>
  facts({
    'UICCs issued': effect.uiccs,
    'believe just these makers already': effect.holding,
    'cannot be changed over the air': effect.fixed,
    'would be ordered': effect.ordered,
    'short messages for each': effect.messages,
    'would lose service at the next proof': effect.losing,
    'of these locked to their handset': effect.locked,
    'not known what becomes of': effect.unknown,
  });

function effectCommand(io: Io): Command {
  return leaf(io, 'effect', 'what a roll-out would do, by what each UICC said last; nothing is changed', [
    'assay maker effect',
    'assay maker effect --without 4D414B45',
  ])
    .option('--without <identifier>', 'as if this maker were taken away', caIdentifierArgument)
    .action((options: CommonOptions & { readonly without?: Uint8Array }) =>
      withOperator(io, options, async ({ subscribers, gateway }) => {
        const { without } = options;
        if (without !== undefined) checkBelieved(subscribers, without);
        const roots = subscribers
          .makerRoots()
          .filter(({ identifier }) => without === undefined || !sameOctets(identifier, without));
        const effect = await gateway.rootRollout.effect(roots);
        return options.json ? sayJson(io, effect) : say(io, ...effectFacts(effect));
      }),
    );
}

const rolloutJson = ({ roots, at, ...rollout }: Rollout) => ({
  ...rollout,
  at: isoTime(at),
  makers: roots.map(({ identifier }) => toHex(identifier)),
});

function rollOutCommand(io: Io): Command {
  const command = leaf(
    io,
    'roll-out',
    'let all UICCs issued so far believe the makers as they stand now, and no other; the operator that runs sends the orders',
    [
      'assay maker roll-out --reason "the key of 4D414B45 leaked" --dry-run',
      'assay maker roll-out --reason "the key of 4D414B45 leaked"',
    ],
  )
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName)
    .option('--dry-run', 'only show what it would do', false)
    .addHelpText(
      'after',
      `\nA UICC keeps at most ${MOST_ROOTS} makers. What an order changed, a later roll-out changes again.\n`,
    );
  return withConfirmation(command).action(
    (options: ReasonOptions & ConfirmationOptions & { readonly dryRun: boolean }) =>
      withOperator(io, options, async ({ subscribers, gateway: { rootRollout } }) => {
        const { reason, author, dryRun, json } = options;
        const effect = await rootRollout.effect(subscribers.makerRoots());
        if (dryRun)
          return json
            ? sayJson(io, { dryRun, ...effect })
            : say(io, ...effectFacts(effect), 'dry run: nothing was sent');
        const { ordered, losing } = effect;
        await confirm(
          io,
          options,
          `${ordered} UICCs will be ordered to believe other makers; ${losing} would lose service at the next proof.`,
        );
        const result = rootRollout.begin({ author, reason });
        if (result.kind === 'refused') throw wrongInput(ROLLOUT_REFUSALS[result.why]);
        if (json) return sayJson(io, rolloutJson(result.rollout));
        return say(io, `roll-out ${result.rollout.id} is begun; 'assay maker status' says how far it is`);
      }),
  );
}

function statusCommand(io: Io): Command {
  return leaf(io, 'status', 'how far the newest roll-out is', ['assay maker status']).action((options: CommonOptions) =>
    withOperator(io, options, ({ gateway }) => {
      const rollout = gateway.rootRollout.newest();
      if (options.json) return sayJson(io, rollout === undefined ? {} : rolloutJson(rollout));
      if (rollout === undefined) return say(io, 'no makers were rolled out yet');
      const { id, at, author, reason, state, roots, uiccs, holding, underWay, fixed } = rollout;
      return say(
        io,
        ...facts({
          'roll-out': `${id}, begun ${shortTime(at)} by ${author}: ${reason}`,
          makers: roots.map(({ identifier }) => toHex(identifier)).join(' '),
          state: state === 'ordering' ? 'UICCs are still being ordered' : 'every UICC was ordered',
          'UICCs that believe just these': `${holding} of ${uiccs}`,
          'orders under way': underWay,
          'cannot be changed over the air': fixed,
        }),
      );
    }),
  );
}

/** `assay maker`: makers whose storage supports UICCs believe, and their roots on the way to the UICCs in the field. */
export const makerCommand = (io: Io): Command =>
  group('maker', 'makers that UICCs believe: list, add, remove, effect, roll-out, status', [
    listCommand(io),
    addCommand(io),
    removeCommand(io),
    effectCommand(io),
    rollOutCommand(io),
    statusCommand(io),
  ]);
