import Type from 'typebox';
import { RefusalError } from '#base/sentence/index.ts';
import {
  REASON_TEXT,
  type ReasonCode,
  SETTING_NAMES,
  type SettingName,
  settingExpects,
} from '#operator/register/index.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { Count, closed, Identity, list, names, Reason, Text } from '../schema.ts';
import type { ApiSources } from '../sources.ts';

const Name = names(SETTING_NAMES);
const Setting = closed({ name: Name, value: Text, expected: Type.String({ description: 'what a value may be' }) });

const Status = names(['permitted', 'tracking', 'prohibited']);
const Code = names(Object.keys(REASON_TEXT) as ReasonCode[]);
const StatusCounts = closed({ permitted: Count, tracking: Count, prohibited: Count });

const settingView = ({ register }: ApiSources, name: SettingName) => ({
  name,
  value: register.settings.value(name),
  expected: settingExpects(name),
});

/** How the register acts. */
export const settingOperations = [
  operation({
    id: 'getSettings',
    method: 'GET',
    path: '/api/v1/settings',
    tag: 'settings',
    summary: 'Every setting of the register, its value and what it may be.',
    permission: 'settings.read',
    answer: closed({ settings: list(Setting) }),
    run: ({ sources }) => ({ settings: SETTING_NAMES.map((name) => settingView(sources, name)) }),
  }),
  operation({
    id: 'changeSetting',
    method: 'PUT',
    path: '/api/v1/settings/:name',
    tag: 'settings',
    summary: 'Changes a setting, with the reason in the audit log.',
    description:
      'A new `mode` makes the operator think over the last order of every UICC. A value of `approval` that asks a second person for less waits for one; so does what prohibits (`prohibited`, mode `enforce`) and mode `off` while `approval` is `prohibiting`, and every answer and mode while it is `always`.',
    permission: 'settings.change',
    params: closed({ name: Name }),
    body: closed({ value: Type.String({ maxLength: 40 }), reason: Reason }),
    answer: closed({ setting: Setting, before: Text }),
    others: [WAITS],
    problems: ['conflict'],
    run(call) {
      const { sources, params, body } = call;
      const { register } = sources;
      const before = register.settings.value(params.name);
      try {
        const proposal = proposed(call, { about: 'setting', name: params.name, value: body.value }, body.reason);
        if ('waiting' in proposal) return proposal;
      } catch (error) {
        throw settingProblem(error, params.name);
      }
      return { setting: settingView(sources, params.name), before };
    },
  }),
  operation({
    id: 'previewSetting',
    method: 'POST',
    path: '/api/v1/settings/:name/preview',
    tag: 'settings',
    summary:
      'What another value would mean for handsets in use, by lists and evidence as they are now. Nothing is changed.',
    permission: 'settings.read',
    showsIdentities: true,
    params: closed({ name: Name }),
    body: closed({ value: Type.String({ maxLength: 40 }) }),
    answer: closed({
      about: names(
        ['answers', 'duplicates', 'later'],
        'answers: handsets in use; duplicates: IMEIs above the threshold; later: it acts on what comes, so nothing is counted',
      ),
      looked: { ...Count, description: 'handsets or IMEIs that were looked at' },
      isWhole: Type.Boolean({ description: 'false: there are more, which were not looked at' }),
      before: StatusCounts,
      after: StatusCounts,
      changed: Count,
      handsets: list(
        closed(
          { imei: Text, imsi: Identity, before: Status, after: Status, code: Code, reason: Text },
          'the first of the changed, those that become prohibited first',
        ),
      ),
      duplicatesBefore: Count,
      duplicatesAfter: Count,
      mustWait: Type.Boolean({ description: 'the change needs a second person' }),
    }),
    async run({ sources: { register }, params, body, identities }) {
      try {
        const { handsets, ...preview } = await register.previewSetting(params.name, body.value);
        return {
          ...preview,
          handsets: handsets.map(({ imei, imsi, ...handset }) => ({
            ...handset,
            imei: identities.imei(imei.withCheckDigit),
            imsi: identities.show(imsi),
          })),
        };
      } catch (error) {
        throw settingProblem(error, params.name);
      }
    },
  }),
] as const;

/** The problem of a value that a setting cannot have; any other error as it is. */
function settingProblem(error: unknown, name: SettingName): unknown {
  if (!(error instanceof RefusalError && error.about === name)) return error;
  return new ProblemError('invalid-value', { ...error.refusal, got: 'another value', at: '/value' });
}
