// The lab's factory and card shop: makes storage supports and UICCs, keeps each in a file that only its owner can read.
// Standards: GPC 2.3.1 11 (personalisation), Amendment F 6 (certificates); the layout of the directory is Assay's own.
// Must never: leave a secret readable by others, a card half made, or an image that is older than its card was.
export { InUse } from './in-use.ts';
export { privateDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';
export { SAMPLE, type SampleCards, sampleCards } from './sample-cards.ts';
export { type CardFile, type NewSupport, Workshop } from './workshop.ts';
export { WorkshopError } from './workshop-error.ts';
