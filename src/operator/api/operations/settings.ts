import Type from 'typebox';
import { SETTING_NAMES, type SettingName, settingExpects } from '#operator/register/index.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { proposed, WAITS } from '../proposal.ts';
import { closed, list, names, Reason, Text } from '../schema.ts';
import type { ApiSources } from '../sources.ts';

const Name = names(SETTING_NAMES);
const Setting = closed({ name: Name, value: Text, expected: Type.String({ description: 'what a value may be' }) });

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
        if (!(error instanceof RangeError)) throw error;
        throw new ProblemError('invalid-value', {
          expected: settingExpects(params.name),
          got: 'another value',
          advice: 'look at /api/v1/settings for what each may be',
          at: '/value',
        });
      }
      return { setting: settingView(sources, params.name), before };
    },
  }),
] as const;
