import { t } from '../text/index.ts';

/** Leads to the OpenID provider that knows the people here. */
export function ProviderLink({ label }: { readonly label: string }) {
  return (
    <a class="button primary" href="/api/v1/open-id" target="_self">
      {t('signIn.openId', { label })}
    </a>
  );
}
