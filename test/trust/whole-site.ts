// A site with all that there is: the operator's API, the operations of a laboratory, the console's pages; and a client that sends what it is told to.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { openConsole } from '#console/index.ts';
import { openLaboratory } from '#lab/laboratory/index.ts';
import { laboratoryOperations } from '#lab/laboratory-api/index.ts';
import type { EventStreams, SiteOptions } from '#operator/api/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { testImei } from '#test/operator/operator.ts';

/** An operation of the document, with its path filled in. */
export interface Route {
  readonly method: string;
  readonly template: string;
  readonly path: string;
  /** Types of the body that it takes. */
  readonly types: readonly string[];
  /** Types of its answers. */
  readonly answers: readonly string[];
}

/** What came back. */
export interface Came {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty for a stream of events. */
  readonly body: string;
}

/** What is sent. No header is added but Host and what frames the body. */
export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const VALUES: Readonly<Record<string, string>> = {
  imei: testImei(1).equipment,
  list: 'black',
  iccid: '8988211000000000011',
  name: 'mode',
};

/** Milliseconds without a word, after which an answer is missing. */
const PATIENCE = 10_000;

interface Documented {
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>> };

const routesOf = ({ paths }: Document): readonly Route[] =>
  Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { requestBody, responses }]) => ({
      method: method.toUpperCase(),
      template,
      path: template.replaceAll(/\{(\w+)\}/g, (_found, name: string) => VALUES[name] ?? '1'),
      types: Object.keys(requestBody?.content ?? {}),
      answers: Object.values(responses).flatMap(({ content = {} }) => Object.keys(content)),
    })),
  );

/** Sends as it is told; the body of a stream of events is not waited for. */
function sender(port: number) {
  return ({ method = 'GET', path, headers = {}, body }: Asked) =>
    new Promise<Came>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
        const come = (text: string) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        if (String(answer.headers['content-type']).startsWith('text/event-stream')) {
          come('');
          answer.destroy();
          return;
        }
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => come(text)).on('error', reject);
      });
      asked.setTimeout(PATIENCE, () => asked.destroy(new Error(`${method} ${path}: no answer`)));
      asked.on('error', reject).end(body);
    });
}

/** Opens the whole site on this machine. `laboratory`: whoever is here need not sign in. */
export async function openWholeSite(context: TestContext, site: SiteOptions) {
  const wide = { burst: 1e6, perSecond: 1e6 };
  const directory = mkdtempSync(join(tmpdir(), 'assay-site-'));
  const open = await openLaboratory({
    ...{ directory, clock: systemClock, random: seededRandom('whole site') },
    ...{ scheduler: systemScheduler, trace: silentTrace, smppPort: 0, site },
    api: { address: wide, token: wide, streams: 1000, streamsOfOne: 1000 },
  });
  context.after(async () => {
    await open.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const pages = await openConsole();
  const { url, port } = await open.operator.api.listen({
    ...{ port: 0, pages },
    laboratory: (streams: EventStreams) => laboratoryOperations(open.laboratory, streams),
  });
  const send = sender(port);
  const document = JSON.parse((await send({ path: '/api/v1/openapi.json' })).body) as Document;
  return { operator: open.operator, url, port, pages, routes: routesOf(document), send };
}
