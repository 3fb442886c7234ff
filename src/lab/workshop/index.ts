// The lab's factory and card shop: makes storage supports and UICCs, keeps each in a file that only its owner can read.
// Standards: GPC 2.3.1 11 (personalisation), Amendment F 6 (certificates); the layout of the directory is Assay's own.
// Must never: leave a secret readable by others, or a card half made.
export { InUse } from './in-use.ts';
export { privateDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';
export { type CardFile, type NewSupport, Workshop, WorkshopError } from './workshop.ts';
