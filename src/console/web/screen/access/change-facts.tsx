import type { AnswerOf } from '../../api/client.ts';
import { numberText, t } from '../../text/index.ts';
import { type RuleName, type Change as Rules, valueWord } from '../policy/rules.ts';
import { Facts } from './facts.tsx';

/** A change that was proposed. */
export type Change = AnswerOf<'GET /api/v1/approvals'>['proposed'][number]['change'];

const rulesWords = (rules: Rules): string =>
  Object.entries(rules)
    .map(([name, value]) => [name as RuleName, value ?? ''] as const)
    .map(([name, value]) => t('access.fleetRule', { name: t(`policy.${name}`), value: valueWord(name, value) }))
    .join('; ');

/** What a proposed change is; an order to a fleet with what it would do. */
export function ChangeFacts({ change }: { readonly change: Change }) {
  if (change.about !== 'fleet') return <Facts facts={change} />;
  const { select, rules, caseReference, selected, changed, losing, gaining } = change;
  const whom = rulesWords(select);
  const rows = [
    [t('access.fleetRules'), rulesWords(rules)],
    [t('access.fleetWhom'), whom === '' ? t('policy.whom-all') : whom],
    [t('access.fleetSelected'), numberText(selected)],
    [t('access.fleetChanged'), numberText(changed)],
    [t('access.fleetLosing'), numberText(losing)],
    [t('access.fleetGaining'), numberText(gaining)],
    ...(caseReference === '' ? [] : [[t('access.fleetCase'), caseReference]]),
  ] as const;
  return (
    <dl class="access-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name} </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
