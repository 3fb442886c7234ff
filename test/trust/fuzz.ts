// Fuzzes the cards with a model beside them: `node test/trust/fuzz.ts [--subject uicc] [--minutes N] [--seed S]`. A finding is printed as
// the shortest sequence of APDUs that still shows it, and ends the run with status 1. The same seed makes the same sequences.
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz/run.ts';
import { stepText } from './fuzz/subject.ts';
import { SUBJECTS } from './fuzz/subjects.ts';

const MINUTE = 60_000;
const { values } = parseArgs({
  options: {
    subject: { type: 'string', default: 'uicc' },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});

const subject = SUBJECTS.find(({ name }) => name === values.subject);
if (subject === undefined) {
  console.error(`fuzz: expected a subject of ${SUBJECTS.map(({ name }) => name).join(', ')}, got ${values.subject}`);
  process.exit(2);
}
const end = performance.now() + Number(values.minutes) * MINUTE;
const { sequences, apdus, foreseen, found } = fuzz(subject, values.seed, () => performance.now() > end);
const known = foreseen === 0 ? '' : `, ${foreseen} of them foreseen by the model`;
console.log(`${subject.name}, seed ${values.seed}: ${sequences} sequences, ${apdus} APDUs${known}`);
if (found !== undefined) {
  console.log(`sequence ${found.seed}: ${found.finding.what}`);
  for (const step of found.steps) console.log(`  ${stepText(step)}`);
  process.exitCode = 1;
}
