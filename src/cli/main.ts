import { processIo } from './io.ts';
import { runAssay } from './program.ts';

// Not exit(): what was printed may still be on its way.
process.exitCode = await runAssay(process.argv.slice(2), processIo());
