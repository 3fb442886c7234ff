import { ConsoleError, type ConsoleFiles, openConsole } from '#console/index.ts';
import type { Io } from './io.ts';

/** The console's files; undefined, and said why, when they cannot be had: the operator works without its page. */
export async function consoleOf(io: Io): Promise<ConsoleFiles | undefined> {
  try {
    return await openConsole();
  } catch (error) {
    if (!(error instanceof ConsoleError)) throw error;
    io.warn(`assay: ${error.message}\n`);
    return undefined;
  }
}

/** The pages to listen with, for the API. */
export const pagesOf = (files: ConsoleFiles | undefined) => (files === undefined ? {} : { pages: files });
