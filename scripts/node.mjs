// Which Node runs Assay. Plain JavaScript for the host's Node (18 or newer), before anything is installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Node that runs Assay's TypeScript without a flag or a warning: [major, minor]. */
export const OLDEST_NODE = [24, 12];

/** The same in words, for messages. */
export const NODE_WANTED = `Node ${OLDEST_NODE.join('.')} or newer`;

/** Whether a version as `process.version` or `node --version` prints it ("v24.21.0") is new enough. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.trim().replace(/^v/, '').split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** The npm package that carries Node for a platform and processor, as Node names them. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** The path of the Node that setup installed below `root`, or undefined when there is none for this machine. */
export function installedNode(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(root, 'node_modules', nodePackage(), 'bin', name);
  return existsSync(path) ? path : undefined;
}
