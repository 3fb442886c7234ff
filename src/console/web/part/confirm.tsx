import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Problem } from '../api/client.ts';
import { t } from '../text/index.ts';
import { Button, type ButtonKind } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';

/**
 * Asks before something is done, and for the reason. `children` say what will happen, and to whom. `act` does it; the dialog stays open with
 * the problem when it fails, and `onDone` gets what was answered when it does not.
 */
export function Confirm<T>({
  title,
  action,
  kind = 'primary',
  needsReason = true,
  children,
  act,
  onDone,
  onClose,
}: {
  readonly title: string;
  /** The words of the button: a verb. */
  readonly action: string;
  readonly kind?: ButtonKind;
  readonly needsReason?: boolean;
  readonly children?: ComponentChildren;
  act(reason: string): Promise<Answer<T>>;
  onDone(value: T): void;
  onClose(): void;
}) {
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isMissing = needsReason && reason.trim() === '';
  const submit = async () => {
    setTried(true);
    if (isMissing || isBusy) return;
    setBusy(true);
    const answer = await act(reason.trim());
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.problem);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        problem={problem}
        onSubmit={() => void submit()}
        actions={
          <footer>
            <Button onClick={onClose}>{t('part.cancel')}</Button>
            <Button type="submit" kind={kind} isBusy={isBusy}>
              {action}
            </Button>
          </footer>
        }
      >
        {children}
        {needsReason && (
          <Field
            label={t('part.reason')}
            at="/reason"
            hint={t('part.reasonHint')}
            error={isTried && isMissing ? t('part.reasonMissing') : undefined}
            isRequired
            rows={2}
            value={reason}
            onInput={setReason}
          />
        )}
      </Form>
    </Dialog>
  );
}
