import type { Texts } from '../texts.ts';
import { access } from './access.ts';
import { alarms } from './alarms.ts';
import { badLine } from './bad-line.ts';
import { devices } from './devices.ts';
import { fact } from './fact.ts';
import { field } from './field.ts';
import { frame } from './frame.ts';
import { lists } from './lists.ts';
import { live } from './live.ts';
import { overview } from './overview.ts';
import { part } from './part.ts';
import { permission } from './permission.ts';
import { policy } from './policy.ts';
import { problem } from './problem.ts';
import { reason } from './reason.ts';
import { signIn } from './sign-in.ts';

export { said } from './said/index.ts';

/** French. */
export const fr: Texts = {
  access,
  alarms,
  badLine,
  devices,
  fact,
  field,
  frame,
  lists,
  live,
  overview,
  part,
  permission,
  policy,
  problem,
  reason,
  signIn,
};
