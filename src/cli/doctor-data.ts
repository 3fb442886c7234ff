import { join } from 'node:path';
import { type Audit, openAudit } from '#operator/audit/index.ts';
import { copyMadeAt, DatabaseError, type InspectedDatabase, inspectDatabase } from '#operator/database/index.ts';
import { openEvidence } from '#operator/evidence/index.ts';
import { openWitness } from '#operator/recovery/index.ts';
import { openRegister, type Register } from '#operator/register/index.ts';
import { openSubscribers, type Subscribers } from '#operator/subscriber/index.ts';
import { checkMemory } from './doctor-machine.ts';
import { type Check, type Finding, findings } from './finding.ts';
import type { Io } from './io.ts';
import { isoTime } from './print.ts';
import { progressOf } from './progress.ts';

/** Octets of a file that is read whole within the time of a check. */
const QUICKLY_READ = 268_435_456;
const HOUR = 3_600_000;
const MOST_SKEW_MILLISECONDS = 1000;
/** Time for opening secrets; what is left then is said. */
const SECRETS_MILLISECONDS = 4000;
const PAGE = 200;

/** What the checks of the data look at. */
export interface DataPlace {
  readonly directory: string;
  readonly databaseUrl?: string;
  /** Reads everything, however long it takes. */
  readonly isFull: boolean;
}

/** The rooms over an inspected database. Nothing of them is written to: the database is open for reading. */
function roomsOver({ clock, random }: Io, inspected: InspectedDatabase) {
  const { database } = inspected;
  const masterKey = inspected.masterKey();
  const audit = openAudit({ database, masterKey, clock });
  const subscribers = openSubscribers({ database, masterKey, audit, random, clock });
  const evidence = openEvidence({ database, masterKey, audit, clock });
  // Nothing is asked here that is to be counted.
  const activity = { add: () => {} };
  const refuse = (): never => {
    throw new Error('expected a database to write to, got one that is only looked at');
  };
  const register = openRegister({
    ...{ database, audit, clock, evidence, subscribers, activity, erase: refuse },
    people: { hasOtherDecider: refuse, isSamePerson: refuse, isStopped: refuse, check: refuse, make: refuse },
  });
  return { audit, subscribers, register };
}

/** Database, keys, log and lists. */
export async function checkData(io: Io, place: DataPlace): Promise<readonly Finding[]> {
  const { ok, warn, fail } = findings('database');
  let inspected: InspectedDatabase;
  try {
    inspected = inspectDatabase({ ...place, random: io.random });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const isFirst = /expected a database, got none/.test(error.message);
    return [
      isFirst ? warn(error.message, 'start the operator') : fail(error.message, 'see docs/deploy.md: what to do when'),
    ];
  }
  try {
    const { kind, version, schemaVersion, expectedSchemaVersion, durabilityProblems } = inspected;
    const general = [
      ok(`${kind} ${version}, ${inspected.database.path}`),
      ...durabilityProblems.map((problem) => fail(problem, 'an acknowledged write could be lost: set it back')),
      ...skew(io, inspected),
      ...copied(inspected),
      ...integrity(inspected, place),
    ];
    if (schemaVersion > expectedSchemaVersion)
      return [
        ...general,
        fail(`its version is ${schemaVersion}, this Assay knows ${expectedSchemaVersion}`, 'run the newer Assay'),
      ];
    if (schemaVersion < expectedSchemaVersion)
      return [
        ...general,
        warn(
          `its version is ${schemaVersion}, this Assay has ${expectedSchemaVersion}`,
          'make a backup; the next start brings it up to date. Keys, log and lists were not looked at',
        ),
      ];
    return [...general, ...contents(io, inspected, place)];
  } finally {
    inspected.close();
  }
}

/** What needs the master key: keys, log, lists. */
function contents(io: Io, inspected: InspectedDatabase, place: DataPlace): readonly Finding[] {
  let rooms: ReturnType<typeof roomsOver>;
  try {
    rooms = roomsOver(io, inspected);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return [findings('keys').fail(error.message, `the master key is ${join(place.directory, 'master.key')}`)];
  }
  return [
    ...secrets(io, rooms.subscribers, place),
    ...witnessed(io, rooms.audit, place),
    ...log(io, rooms.audit, place),
    ...lists(io, rooms.register),
    ...checkMemory(rooms.register.lists.counts().reduce((sum, { entries }) => sum + entries, 0)),
  ];
}

/** A copy is for looking at, until it was made fit to work. */
function copied({ database, schemaVersion }: InspectedDatabase): readonly Finding[] {
  const madeAt = schemaVersion === 0 ? undefined : copyMadeAt(database);
  if (madeAt === undefined) return [];
  const { warn } = findings('database');
  return [warn(`it is a copy of ${isoTime(madeAt)}`, "'assay operator restore' makes it fit to work")];
}

/** A database that is older than what this machine has seen. */
function witnessed(io: Io, audit: Audit, { directory }: DataPlace): readonly Finding[] {
  const trouble = openWitness({ directory, audit, scheduler: io.scheduler }).trouble();
  return trouble === undefined ? [] : [findings('database').fail(trouble, 'stop the operator before')];
}

function skew({ clock }: Io, { now }: InspectedDatabase): readonly Finding[] {
  if (now === undefined) return [];
  const { ok, warn } = findings('clock');
  const apart = Math.abs(clock.now() - now);
  const found = `${apart} ms apart from the database's`;
  return [apart > MOST_SKEW_MILLISECONDS ? warn(found, 'set both machines by one time server') : ok(found)];
}

function integrity(inspected: InspectedDatabase, { isFull }: DataPlace): readonly Finding[] {
  const { ok, warn, fail } = findings('integrity');
  const { octets } = inspected;
  if (octets === undefined) return [];
  if (octets > QUICKLY_READ && !isFull) return [warn(`${octets} octets were not read`, '--full reads the whole file')];
  const problems = inspected.integrityProblems();
  if (problems.length === 0) return [ok(`${octets} octets read, nothing is damaged`)];
  return [fail(problems.join('; '), 'stop the operator, keep the file, restore the newest backup')];
}

function secrets(io: Io, subscribers: Subscribers, { isFull }: DataPlace): readonly Finding[] {
  const { ok, warn, fail } = findings('keys');
  const [total, until] = [subscribers.count(), performance.now() + SECRETS_MILLISECONDS];
  const progress = progressOf(io, 'opening', 'secrets');
  let opened = 0;
  try {
    for (let after = '', page = subscribers.page(after, PAGE); page.length > 0; page = subscribers.page(after, PAGE)) {
      for (const { iccid } of page) {
        subscribers.personalisation(iccid);
        progress.at(++opened, total);
        after = iccid.digits;
      }
      if (!isFull && performance.now() > until) break;
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return [
      fail(`secret ${opened + 1} of ${total}: ${error.message}`, 'the row was changed from outside: restore a backup'),
    ];
  } finally {
    progress.end();
  }
  const found = `the master key fits; ${opened} of ${total} UICCs' secrets open`;
  return [opened < total ? warn(found, '--full opens all') : ok(found)];
}

function log(io: Io, audit: Audit, { isFull }: DataPlace): readonly Finding[] {
  const { ok, fail } = findings('audit');
  const head = audit.head();
  const noted = `entry ${head.id}, head ${head.id}:${head.chain}`;
  if (!isFull) return [ok(`${noted}; --full verifies the chain`)];
  const progress = progressOf(io, 'verifying', 'entries');
  const steps = audit.verification();
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) progress.at(step.value, head.id);
  progress.end();
  const fault = step.value;
  if (fault === undefined) return [ok(`${noted}; the chain is whole`)];
  return [
    fail(`broken at entry ${fault.id}: ${fault.problem}`, 'keep the database as it is and find out who wrote to it'),
  ];
}

function lists({ clock }: Io, register: Register): readonly Finding[] {
  const { ok, warn } = findings('lists');
  const { oldestList } = register.settings.read();
  const newest = register.imports(1000).find(({ state }) => state === 'done');
  const counts = register.lists.counts().map(({ list, entries }) => `${list} ${entries}`);
  const held = counts.length === 0 ? 'no entries' : counts.join(', ');
  if (newest === undefined) return [ok(`${held}; no file was imported yet`)];
  const hours = Math.floor((clock.now() - newest.at) / HOUR);
  const found = `${held}; the newest import, ${newest.name}, is ${hours} hours old`;
  return [
    clock.now() - newest.at > oldestList
      ? warn(found, `import the next one; ${oldestList / HOUR} hours are expected (setting oldestList)`)
      : ok(found),
  ];
}

/** The checks of the data, as one: they share what is open. */
export const dataCheck = (io: Io, place: DataPlace): Check => ({ name: 'database', run: () => checkData(io, place) });
