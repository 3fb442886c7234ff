import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../text/index.ts';
import { useRefusal } from './form.tsx';

/** What every field has: its label, what helps to fill it in, and what is wrong with what stands in it. */
interface FieldWords {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** The place in the request that it fills, as the operator names it: `/imei` of a body, `approve` of a query. */
  readonly at?: string | undefined;
  readonly isRequired?: boolean;
}

/** A field's surroundings; `control` draws the control itself with these attributes. */
export function FieldFrame({
  label,
  hint,
  error: found,
  at,
  isRequired = false,
  control,
}: FieldWords & {
  control(attributes: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
    readonly required: boolean;
    readonly 'data-at': string | undefined;
  }): ComponentChildren;
}) {
  const id = useId();
  const refused = useRefusal(at);
  const error = found ?? refused;
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`];
  const described = [hint && hintId, error && errorId].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>
        {label}
        {isRequired && <span class="soft"> ({t('part.required')})</span>}
      </label>
      {control({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error === undefined ? undefined : true,
        required: isRequired,
        'data-at': at,
      })}
      {hint && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={errorId}>
          {error}
        </p>
      )}
    </div>
  );
}

/** The kinds of fields of one line. */
const INPUTS = {
  text: { type: 'text' },
  password: { type: 'password' },
  search: { type: 'search' },
  number: { type: 'number' },
  date: { type: 'date' },
  'datetime-local': { type: 'datetime-local' },
  url: { type: 'url' },
  email: { type: 'email' },
} as const;

/** A field of one line, or of several when `rows` is given. */
export function Field({
  value,
  onInput,
  type = 'text',
  name,
  autocomplete,
  rows,
  isCode = false,
  list,
  ...words
}: FieldWords & {
  readonly value: string;
  onInput(value: string): void;
  readonly type?: keyof typeof INPUTS;
  readonly name?: string;
  readonly autocomplete?: string;
  readonly rows?: number;
  /** Octets and identities: figures of one width. */
  readonly isCode?: boolean;
  /** The id of a `datalist`. */
  readonly list?: string;
}) {
  const common = { name, value, class: isCode ? 'code' : undefined };
  return (
    <FieldFrame
      {...words}
      control={(attributes) =>
        rows === undefined ? (
          <input
            {...attributes}
            {...common}
            {...INPUTS[type]}
            {...(list !== undefined && { list })}
            autocomplete={autocomplete ?? 'off'}
            onInput={({ currentTarget }) => onInput(currentTarget.value)}
          />
        ) : (
          <textarea
            {...attributes}
            {...common}
            rows={rows}
            onInput={({ currentTarget }) => onInput(currentTarget.value)}
          />
        )
      }
    />
  );
}

/** One of several: `options` are values and their words, in order. */
export function Select<V extends string>({
  value,
  options,
  onChange,
  name,
  ...words
}: FieldWords & {
  readonly value: V;
  readonly options: readonly (readonly [value: V, words: string])[];
  onChange(value: V): void;
  readonly name?: string;
}) {
  return (
    <FieldFrame
      {...words}
      control={(attributes) => (
        <select
          {...attributes}
          name={name}
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = options.find(([one]) => one === currentTarget.value);
            if (chosen !== undefined) onChange(chosen[0]);
          }}
        >
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** Yes or no. */
export function Check({
  label,
  hint,
  isChecked,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly isChecked: boolean;
  onChange(isChecked: boolean): void;
}) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
