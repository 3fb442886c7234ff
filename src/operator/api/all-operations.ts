import { docsPage } from './docs-page.ts';
import { openApiDocument } from './document.ts';
import type { EventStreams } from './event-stream.ts';
import type { Metrics } from './metrics.ts';
import type { Operation } from './operation.ts';
import { alarmOperations } from './operations/alarms.ts';
import { approvalOperations } from './operations/approvals.ts';
import { auditOperations } from './operations/audit.ts';
import { clusterOperations } from './operations/clusters.ts';
import { commandOperations } from './operations/commands.ts';
import { deviceOperations } from './operations/devices.ts';
import { equipmentOperations } from './operations/equipment.ts';
import { streamOperations } from './operations/events.ts';
import { exchangeOperations } from './operations/exchanges.ts';
import { importRunOperations } from './operations/import-runs.ts';
import { importOperations } from './operations/imports.ts';
import { imsiDefaultOperations } from './operations/imsi-defaults.ts';
import { keySetOperations } from './operations/key-sets.ts';
import { listRunOperations } from './operations/list-runs.ts';
import { listOperations } from './operations/lists.ts';
import { makerOperations } from './operations/makers.ts';
import { openIdOperations } from './operations/open-id.ts';
import { overviewOperations } from './operations/overview.ts';
import { policyOperations } from './operations/policies.ts';
import { privacyOperations } from './operations/privacy.ts';
import { revocationOperations } from './operations/revocations.ts';
import { ruleOperations } from './operations/rules.ts';
import { serviceOperations } from './operations/service.ts';
import { sessionOperations } from './operations/session.ts';
import { settingOperations } from './operations/settings.ts';
import { subscriberOperations } from './operations/subscribers.ts';
import { supportOperations } from './operations/supports.ts';
import { tokenOperations } from './operations/tokens.ts';
import { userOperations } from './operations/users.ts';
import { webhookOperations } from './operations/webhooks.ts';
import type { Site } from './site.ts';

/** All that the API can do; `further` stand behind its own, in the same document. */
export function allOperations(
  metrics: Metrics,
  streams: EventStreams,
  site: Site,
  further: readonly Operation[] = [],
): readonly Operation[] {
  const operations: readonly Operation[] = [
    ...equipmentOperations,
    ...listOperations,
    ...ruleOperations,
    ...importOperations,
    ...importRunOperations(streams),
    ...listRunOperations,
    ...approvalOperations,
    ...subscriberOperations,
    ...clusterOperations,
    ...deviceOperations,
    ...alarmOperations,
    ...commandOperations,
    ...keySetOperations,
    ...policyOperations,
    ...makerOperations,
    ...revocationOperations,
    ...supportOperations,
    ...auditOperations(),
    ...streamOperations(streams),
    ...exchangeOperations(streams),
    ...webhookOperations(),
    ...settingOperations,
    ...imsiDefaultOperations,
    ...privacyOperations,
    ...sessionOperations(site),
    ...openIdOperations(site),
    ...userOperations,
    ...tokenOperations,
    ...overviewOperations(),
    ...serviceOperations(
      metrics,
      () => openApiDocument(operations),
      () => docsPage(operations),
    ),
    ...further,
  ];
  return operations;
}
