import type { Clock } from '#base/port/index.ts';
import type { EquipmentStatus } from '../decision.ts';
import type { EquipmentAnswer, EquipmentCheck, EquipmentQuestion, Front } from '../front.ts';
import { ClaimFilter, type SeenPair } from './claim-filter.ts';
import type { RegisterImage } from './image.ts';

/** Pairs given away together, and pairs that wait at most: what does not fit is counted, not remembered. */
const MOST_TOGETHER = 1000;
const MOST_WAITING = 50_000;

type Counted = EquipmentStatus | 'unknown' | 'unavailable';
const NO_COUNTS: Readonly<Record<Counted, number>> = {
  permitted: 0,
  tracking: 0,
  prohibited: 0,
  unknown: 0,
  unavailable: 0,
};
const occurred = (counts: Readonly<Record<Counted, number>>): AnswerCounts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** What came of the checks of a front: by status, unknown, unavailable; and pairs that were not remembered because there were too many. */
export type AnswerCounts = Readonly<Record<string, number>>;

/** Answers questions from memory and collects who was seen with what. */
export interface Answering {
  readonly check: EquipmentCheck;
  /** Pairs seen since the last call, at most a thousand. */
  takeSeen(): readonly SeenPair[];
  counts(): Readonly<Partial<Record<Front, AnswerCounts>>>;
  /** Pairs that were dropped because nobody took them. */
  readonly dropped: number;
}

/** Answers from `image` by this clock. */
export function answering(image: RegisterImage, clock: Clock): Answering {
  const filter = new ClaimFilter();
  const counts = new Map<Front, Record<Counted, number>>();
  let waiting: SeenPair[] = [];
  let dropped = 0;

  const remember = ({ front, imei, imsi }: EquipmentQuestion, answer: EquipmentAnswer, at: number) => {
    if (imei === undefined || imsi === undefined || !filter.isNews(imei.number, imsi.digits, at)) return;
    if (waiting.length >= MOST_WAITING) {
      dropped++;
      return;
    }
    const status = answer.kind === 'status' ? answer.equipmentStatus : 'permitted';
    const plainStatus = status === 'permitted' && image.knowsNothing(imei, imsi, at) ? status : undefined;
    waiting.push({ front, imei: imei.equipment, imsi: imsi.digits, at, plainStatus });
  };

  const count = (front: Front, name: Counted) => {
    let ofFront = counts.get(front);
    if (ofFront === undefined) {
      ofFront = { ...NO_COUNTS };
      counts.set(front, ofFront);
    }
    ofFront[name]++;
  };

  return {
    check(question) {
      const at = clock.now();
      const answer = image.check(question, at);
      count(question.front, answer.kind === 'status' ? answer.equipmentStatus : answer.kind);
      if (answer.kind !== 'unavailable') remember(question, answer, at);
      return answer;
    },
    takeSeen() {
      const taken = waiting.slice(0, MOST_TOGETHER);
      waiting = waiting.slice(MOST_TOGETHER);
      return taken;
    },
    counts: () => Object.fromEntries([...counts].map(([front, numbers]) => [front, occurred(numbers)])),
    get dropped() {
      return dropped;
    },
  };
}
