import { InvalidArgumentError } from 'commander';
import { type ColumnMapping, parseMapping } from '#operator/register/index.ts';

/** The value of `--map` (parseMapping). Throws InvalidArgumentError. */
export function mappingArgument(text: string): ColumnMapping {
  try {
    return parseMapping(text);
  } catch (error) {
    throw error instanceof RangeError ? new InvalidArgumentError(error.message) : error;
  }
}
