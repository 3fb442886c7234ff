// `npm run console:types`: writes the page's types of the API anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#test/tidy/source.ts';
import { API_TYPES_PATH } from './api-types.ts';
import { currentApiTypes } from './current-api-types.ts';

writeFileSync(join(ROOT, API_TYPES_PATH), await currentApiTypes());
