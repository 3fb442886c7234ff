import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** How much a button weighs: one `primary` at most in a view; `danger` for what takes somebody's service away. */
export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet';

/** A button. With `isIconOnly` its words are its name and its tooltip, and the drawing is what is seen. */
export function Button({
  children,
  kind = 'plain',
  icon,
  label,
  isBusy = false,
  isDisabled = false,
  isPressed,
  type = 'button',
  onClick,
}: {
  readonly children?: ComponentChildren;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  /** The name of a button that shows a drawing alone. */
  readonly label?: string;
  /** Waits for an answer: it can be focused, and does nothing. */
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  /** Of a button that stays down. */
  readonly isPressed?: boolean;
  readonly type?: 'button' | 'submit';
  onClick?(): void;
}) {
  const isIdle = isBusy || isDisabled;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-label={label}
      title={label}
      aria-disabled={isIdle || undefined}
      aria-pressed={isPressed}
      aria-busy={isBusy || undefined}
      onClick={(event) => {
        if (isIdle) event.preventDefault();
        else onClick?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
