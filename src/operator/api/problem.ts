import Type, { type Static } from 'typebox';
import type { Said } from '#base/sentence/index.ts';
import { type FileRefusal, IMPORT_REFUSALS, type ImportRefusal } from '#operator/register/index.ts';
import { REFUSAL_CODES } from './all-refusals.ts';
import { FileRefusalOf, fileRefusalView } from './file-refusal.ts';
import { SaidAs, saidView } from './schema.ts';

/** Every way in which a request can fail, with the status it has (RFC 9110) and its title. The set is closed: clients may switch over it. */
export const PROBLEMS = {
  'malformed-request': [400, 'The request cannot be read.'],
  'invalid-value': [400, 'A value is not what was expected.'],
  'token-needed': [401, 'A token is needed.'],
  'token-refused': [401, 'The token opens nothing.'],
  'sign-in-refused': [401, 'Name or password is wrong.'],
  'session-ended': [401, 'The session has ended.'],
  'foreign-origin': [403, 'The request comes from a page of another site.'],
  'not-permitted': [403, 'This role may not do this.'],
  'no-such-resource': [404, 'There is nothing under this address.'],
  'method-not-allowed': [405, 'This resource does not know the method.'],
  'too-slow': [408, 'The body did not come in time.'],
  conflict: [409, 'It does not fit what stands there.'],
  'change-refused': [409, 'The change is larger than allowed.'],
  'too-large': [413, 'The body is too large.'],
  'unsupported-media-type': [415, 'The body is of another type.'],
  'wrong-host': [421, 'The request is for somebody else.'],
  'unusable-file': [422, 'The file is no list.'],
  'rate-limited': [429, 'Too many requests.'],
  fault: [500, 'A fault inside the server.'],
  unavailable: [503, 'It cannot be done now.'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

/** A way in which a request can fail. */
export type ProblemCode = keyof typeof PROBLEMS;
/** Every code, in the order of the table. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/** Status of an answer with this code. */
export const statusOf = (code: ProblemCode): number => PROBLEMS[code][0];

const Text = Type.String();

/** An error as RFC 9457 has it, refused for one of these reasons; `type` is the place in the rendered document that explains the code. */
export const problemSchema = (reasons: readonly string[]) =>
  Type.Object(
    {
      type: Text,
      title: Text,
      status: Type.Integer({ minimum: 400, maximum: 599 }),
      code: Type.Enum([...PROBLEM_CODES], { type: 'string' }),
      detail: Type.String({ description: 'The three that follow, in one sentence.' }),
      expected: Type.String({ description: 'What was expected.' }),
      got: Type.String({ description: 'What came.' }),
      advice: Type.String({ description: 'What to do.' }),
      said: SaidAs(reasons),
      retryAfter: Type.Optional(Type.Integer({ minimum: 0, description: 'Seconds after which to try again.' })),
      at: Type.Optional(
        Type.String({ description: 'Where: a JSON pointer into the body, or the name of a parameter.' }),
      ),
      effect: Type.Optional(Type.Unknown({ description: 'Of a refused import: what the file would do.' })),
      refusal: Type.Optional(SaidAs(IMPORT_REFUSALS.codes)),
      file: Type.Optional(FileRefusalOf),
    },
    { additionalProperties: false, description: 'RFC 9457, application/problem+json' },
  );

/** An error of the operator itself. */
export const Problem = problemSchema(REFUSAL_CODES);

/** What a problem tells beside its code. */
export interface ProblemWords {
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
  /** The same by its code, for whoever shows it in another language. */
  readonly said: Said;
  readonly at?: string;
  readonly effect?: unknown;
  /** Of a refused import: why. */
  readonly refusal?: ImportRefusal;
  /** Of an unusable file: why. */
  readonly file?: FileRefusal;
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that fails as one of PROBLEMS. What it says is shown to whoever asked. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly words: ProblemWords;
  constructor(code: ProblemCode, words: ProblemWords) {
    super(`${code}: expected ${words.expected}, got ${words.got}; ${words.advice}`);
    this.code = code;
    this.words = words;
  }

  /** The body of the answer. */
  document(): Static<typeof Problem> {
    const { expected, got, advice, said, at, effect, refusal, file, retryAfter } = this.words;
    const [status, title] = PROBLEMS[this.code];
    return {
      type: `/api/v1/docs#${this.code}`,
      title,
      status,
      code: this.code,
      detail: `${at === undefined ? '' : `${at}: `}expected ${expected}, got ${got}; ${advice}`,
      ...{ expected, got, advice },
      said: { code: said.code, values: { ...said.values } },
      ...(retryAfter !== undefined && { retryAfter }),
      ...(at !== undefined && { at }),
      ...(effect !== undefined && { effect }),
      ...(refusal !== undefined && { refusal: saidView(refusal) }),
      ...(file !== undefined && { file: fileRefusalView(file) }),
    };
  }
}
