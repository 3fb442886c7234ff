import { t } from '../text/index.ts';
import { Button } from './button.tsx';
import { say } from './toast.tsx';

/** Characters that the operator sends instead of digits that this role may not see. */
const MASK = /[*•…]/;

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(t('part.copied'));
  } catch {
    say(t('part.copyFailed'), 'watch');
  }
}

/** An IMEI, IMSI, MSISDN, ICCID or the identity of a storage support, with a button that copies it; a link when `href` is given. */
export function Identity({ value, href }: { readonly value: string | undefined; readonly href?: string }) {
  if (value === undefined) return null;
  const isMasked = MASK.test(value);
  const text = (
    <span class="code" title={isMasked ? t('part.masked') : undefined}>
      {value}
    </span>
  );
  return (
    <span class="identity">
      {href === undefined ? text : <a href={href}>{text}</a>}
      {!isMasked && (
        <Button kind="quiet" icon="copy" label={`${t('part.copy')} ${value}`} onClick={() => void copy(value)} />
      )}
    </span>
  );
}
