import { Imei } from '#base/identity/index.ts';
import type { ReplayWorld } from './replay-world.ts';

/** The IMEI in the storage support of a replayed handset, and the one its operating system lies with. */
export const REPLAY_IMEIS = { own: Imei.parse('35674108990011'), other: Imei.parse('35332510990022') } as const;

/** What is played, each in a world of its own. */
export const SCENARIOS = {
  /** An honest handset is switched on, proves its IMEI, is permitted, and calls. */
  async honest(world: ReplayWorld): Promise<void> {
    const handset = world.handset('honest', 'home');
    handset.powerOn();
    await world.settle(handset);
    handset.call('0301234567');
  },
  /** An operating system forges the IMEI in the relay: the UICC blocks alone. */
  async forged(world: ReplayWorld): Promise<void> {
    const handset = world.handset('forges-imei', 'home');
    handset.powerOn();
    await world.settle(handset);
    handset.call('112');
  },
  /** A stolen handset, abroad: the operator blocks it through its UICC. */
  async stolen(world: ReplayWorld): Promise<void> {
    const { lists } = world.operator.register;
    lists.add({ imei: REPLAY_IMEIS.own, list: 'black', reason: 'stolen', author: 'replay', caseReference: '4711' });
    const handset = world.handset('honest', 'abroad');
    handset.powerOn();
    await world.settle(handset);
    handset.powerOn();
    handset.call('112');
  },
  /** An operating system that was honest lies to the network only: caught at attach. */
  async lying(world: ReplayWorld): Promise<void> {
    const honest = world.handset('honest', 'home');
    honest.powerOn();
    await world.settle(honest);
    honest.powerOff();
    world.handset('lies-to-network', 'home').powerOn();
  },
} as const satisfies Readonly<Record<string, (world: ReplayWorld) => Promise<void>>>;

/** Name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;
/** Every scenario. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[];
