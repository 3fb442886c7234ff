import type { NasMessage } from '#protocol/nas/index.ts';
import type { HandsetState, NetworkAction, Outcome } from './handset-state.ts';

const CONNECTED: readonly NetworkAction[] = [
  { type: 'send', message: { name: 'callProceeding' } },
  { type: 'send', message: { name: 'connect' } },
];
const RELEASED: readonly NetworkAction[] = [{ type: 'send', message: { name: 'releaseComplete' } }];

/**
 * Call control (TS 24.008 5.2, 5.4): the called party always answers. SETUP needs an accepted service; EMERGENCY SETUP needs nothing,
 * in no state (TS 22.016 5, TS 24.008 5.2.1.1). RELEASE is answered in every state, so that no handset hangs.
 */
export function callUplink(state: HandsetState, message: NasMessage): Outcome {
  if (message.name === 'emergencySetup') return { state: { ...state, call: 'emergency call' }, actions: CONNECTED };
  if (message.name === 'release') return { state: { ...state, call: 'none' }, actions: RELEASED };
  const { procedure } = state;
  if (message.name !== 'setup' || procedure.at !== 'service' || procedure.wanted !== 'call')
    return { state, actions: [] };
  return { state: { ...state, call: 'call', procedure: { at: 'idle' } }, actions: CONNECTED };
}
