// An N5g-eir front over an index of a million, in a process of its own, on node:http2 or on our own HTTP/2, with TLS when a key and a certificate
// are given. Prints its port.
import { readFileSync } from 'node:fs';
import { seededRandom, systemClock } from '#base/port/index.ts';
import {
  createEquipmentIndex,
  equipmentStatusService,
  listenN5gEir,
  listenN5gEirFast,
} from '#operator/register/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { equipmentNumbers } from './equipment-numbers.ts';

const ENTRIES = 1_000_000;
const BLACK = 2;

const index = createEquipmentIndex({ capacity: ENTRIES, random: seededRandom('bench') });
index.reserve(ENTRIES);
index.load(equipmentNumbers(ENTRIES), BLACK);
const service = equipmentStatusService({
  check({ imei }) {
    const isListed = imei !== undefined && index.lookup(imei.number) === BLACK;
    return { kind: 'status', equipmentStatus: isListed ? 'prohibited' : 'permitted' };
  },
  clock: systemClock,
});
const [, , kind, key, cert] = process.argv;
const tls =
  key === undefined || cert === undefined
    ? {}
    : { tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } };
const listen = kind === 'own' ? listenN5gEirFast : listenN5gEir;
const { port } = await listen({ service, clock: systemClock, scheduler: systemScheduler, port: 0, ...tls });
console.log(port);
