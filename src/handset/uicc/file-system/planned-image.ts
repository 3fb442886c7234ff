import { toHex } from '#base/codec/index.ts';
import { digest } from '#base/crypto/index.ts';
import { type FileImage, fileImage } from './file-image.ts';
import { filePlan } from './file-plan.ts';
import { plannedTables } from './planned-tables.ts';

/** Images kept ready: more kinds of card than one process sees. */
const MOST_IMAGES = 64;
const made = new Map<string, FileImage>();

/**
 * The image of the plan that a card's memory holds, shared by all cards of that plan. Throws CodecError or FilePlanError when the memory is
 * damaged: personalisation made the image once already.
 */
export function plannedImage(plan: Uint8Array, hasIsim: boolean): FileImage {
  const name = `${toHex(digest('sha256', plan))}${hasIsim ? '+' : ''}`;
  let image = made.get(name);
  if (image === undefined) {
    image = fileImage(plannedTables(filePlan.decode(plan), hasIsim));
    const [oldest] = made.keys();
    if (made.size >= MOST_IMAGES && oldest !== undefined) made.delete(oldest);
    made.set(name, image);
  }
  return image;
}
