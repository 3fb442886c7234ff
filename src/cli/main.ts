import { processIo } from './io.ts';
import { runCommandLine } from './program.ts';

const io = processIo();
await runCommandLine(io, process.argv.slice(2));
process.exitCode = io.exitCode;
