import type { SaidValues } from './sentence.ts';

/** A template with its values; one that is not given stays visible by its name. What stands in it is never read as a template. */
export const filled = (template: string, values: SaidValues): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
