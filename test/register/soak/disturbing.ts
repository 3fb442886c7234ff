import { setTimeout as pause } from 'node:timers/promises';
import type { TestPostgres } from '#test/operator/postgres-server.ts';
import type { Chance } from './chance.ts';
import type { Driver } from './driver.ts';
import type { Model } from './model.ts';
import type { NodePlace } from './node.ts';

const IN_FILE_MILLISECONDS = 400;
const PATIENCE_MILLISECONDS = 15_000;
const SHORTEST_AWAY = 1000;
const AWAY_SPREAD = 3000;

/** What is done to the processes of a run. */
export const DISTURBANCES = ['kill node', 'roll node', 'kill changing', 'kill in file', 'restart node'] as const;
/** What is done to the processes of a run; PostgreSQL only where there is one. */
export type Disturbance = (typeof DISTURBANCES)[number] | 'kill PostgreSQL';

/** What is disturbed. */
export interface Disturbed {
  readonly killed: NodePlace;
  readonly rolled: NodePlace;
  readonly driver: Driver;
  readonly model: Model;
  readonly chance: Chance;
  readonly postgres: TestPostgres | undefined;
  tell(line: string): void;
}

/** Disturbs one process after the other, every so often, until it is over; counts each. */
export async function disturb(
  what: Disturbed,
  counts: Map<Disturbance, number>,
  everyMilliseconds: number,
  isOver: () => boolean,
): Promise<void> {
  const all: readonly Disturbance[] =
    what.postgres === undefined ? DISTURBANCES : ['kill PostgreSQL', ...DISTURBANCES, 'kill PostgreSQL'];
  for (let turn = 0; !isOver(); turn++) {
    const due = Date.now() + everyMilliseconds / 2 + what.chance.below(everyMilliseconds);
    while (Date.now() < due && !isOver()) await pause(Math.min(100, everyMilliseconds));
    if (isOver()) return;
    const next = all[turn % all.length] as Disturbance;
    what.tell(`${new Date().toISOString()} ${next}`);
    await disturbOnce(what, next);
    what.tell(`${new Date().toISOString()} ${next}: over`);
    counts.set(next, (counts.get(next) ?? 0) + 1);
  }
}

async function disturbOnce(what: Disturbed, disturbance: Disturbance): Promise<void> {
  const { killed, rolled, driver, chance } = what;
  switch (disturbance) {
    case 'kill node':
      return killed.restart('SIGKILL');
    case 'restart node':
      return killed.restart('SIGTERM');
    case 'roll node':
      return rolled.roll();
    case 'kill changing':
      return driver.kill();
    case 'kill in file': {
      const until = Date.now() + PATIENCE_MILLISECONDS;
      while (!driver.isWritingFile && Date.now() < until) await pause(10);
      await pause(chance.below(IN_FILE_MILLISECONDS));
      return driver.kill();
    }
    case 'kill PostgreSQL':
      return killPostgres(what);
  }
}

async function killPostgres({ postgres, model, chance }: Disturbed): Promise<void> {
  model.databaseGone(Date.now());
  await postgres?.kill();
  await pause(SHORTEST_AWAY + chance.below(AWAY_SPREAD));
  await postgres?.start();
  model.databaseBack(Date.now());
}
