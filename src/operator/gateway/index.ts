// The OTA gateway: opens the reports of UICCs (103), answers them (104) through a durable outbox, and takes proofs of receipt.
// Standards: TS 102 225 and TS 31.115 (secured packets), SMPP 3.4 (SMSC), facts/ota.md 8 (rules).
// Must never: use cryptography for a flood, acknowledge before the transaction, use a counter for two packets, or change a packet it resends.
export type {
  AffectedHandset,
  FleetPart,
  FleetResult,
  PolicyPreview,
  RuleSelection,
  ServiceCounts,
} from './fleet-policy.ts';
export {
  type CommandedOrder,
  type CommandRequest,
  type Gateway,
  type GatewaySettings,
  type Inbound,
  openGateway,
  STANDARD_SETTINGS,
} from './gateway.ts';
export {
  ROTATION_REFUSALS,
  type RotationRefusal,
  type RotationRequest,
  type RotationResult,
} from './key-rotation.ts';
export { ORDER_OUTCOMES, type OutcomeCode, type OutcomeSaid } from './order-outcomes.ts';
export {
  ORDER_STATES,
  type OrderState,
  type Outbox,
  type OutboxFrom,
  type OutboxOrder,
  ROTATION_ORDER,
} from './outbox.ts';
export {
  MOST_OF_RULE,
  POLICY_REFUSALS,
  type PolicyRefusal,
  type PolicyRequest,
  type PolicyResult,
} from './policy-order.ts';
export { GATEWAY_REFUSALS } from './refusals.ts';
export {
  LONGEST_SCRIPT,
  SCRIPT_REFUSALS,
  type ScriptRefusal,
  type ScriptRequest,
  type ScriptResult,
} from './remote-script.ts';
export {
  REVOCATION_REFUSALS,
  type Revocation,
  type RevocationPreview,
  type RevocationRefusal,
  type RevocationRequest,
  type RevocationResult,
  type Revocations,
} from './revocations.ts';
export {
  ROLLOUT_REFUSALS,
  type Rollout,
  type RolloutEffect,
  type RolloutRefusal,
  type RolloutResult,
  type RootRollout,
} from './root-rollout.ts';
export {
  esmeCentre,
  incomingOf,
  type OutgoingShortMessage,
  type ShortMessageCentre,
} from './short-message-centre.ts';
