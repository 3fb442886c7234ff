// The console: the page of the operator's staff, built from web/ when that changed, and given out of memory.
// Standards: HTML, CSS, WCAG 2.2 AA, WAI-ARIA 1.2; it speaks to the operator by the documented HTTP API alone.
// Must never: import another room, need the network, load anything from elsewhere, or hold data of the operator.
export { ConsoleError, isConsoleBuilt, openConsole } from './console.ts';
export type { ConsoleFile, ConsoleFiles } from './files.ts';
