// `npm run build`: the console's page, ahead of the first start; for machines that have no development packages.
import { openConsole } from '#console/index.ts';

const { paths } = await openConsole();
process.stdout.write(`The console is built: ${paths.length} files in dist/console.\n`);
