export { MOST_WAITING, ProactiveQueue, type ResponseOutcome } from './proactive-queue.ts';
export type { ProactiveRequest } from './proactive-request.ts';
export { type ChangedFile, Refresh, type RefreshParts } from './refresh.ts';
export { digitsOf, Toolkit, type ToolkitParts } from './toolkit.ts';
