// A person's look at any UICC: files by the names of the tables, their rules and contents in words, what a card can do, two cards compared.
// Standards: ETSI TS 102 221 8 to 11, TS 102 222, 3GPP TS 31.102, 31.103, TS 51.011, GPC 2.3.1 11.
// Must never: try a PIN or a key that nobody gave, or keep one.
export { type CardDifference, differences } from './compare.ts';
export { type Content, contentOf, encodeContent } from './content.ts';
export { type FileFacts, type FileKind, fileFacts, lifeCycleWords, type PinFact } from './file-facts.ts';
export { fileMeant, filesBelow, hex4, type KnownFile, MASTER_FILE, pathOf } from './known-files.ts';
export { type CardReport, type ProbedFile, probe } from './probe.ts';
export { type CardRule, ruleWords } from './rule-words.ts';
export { CardSession, MuteCardError, type Reply } from './session.ts';
export { CardShell, type LineResult } from './shell.ts';
export { type ShellContext, ShellError } from './shell-command.ts';
export { type ProbedCommand, probeToolkit } from './toolkit-probe.ts';
