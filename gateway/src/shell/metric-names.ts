/** Every Prometheus name that Weir exports, in one place for dashboards and alerts. */
export const metricNames = {
  buildInfo: "weir_build_info",

  // A proxy: what came of calls and of the attempts that they were made of.
  requests: "weir_requests_total",
  attempts: "weir_attempts_total",
  callsInFlight: "weir_calls_in_flight",
  policyEvaluations: "weir_policy_evaluations_total",
  overhead: "weir_overhead_seconds",
  stageDuration: "weir_stage_duration_seconds",

  // A proxy: what providers charged.
  tokens: "weir_tokens_total",
  estimatedTokens: "weir_estimated_tokens_total",
  usage: "weir_usage_total",
  costs: "weir_costs_total",
  totalMismatch: "weir_total_mismatch_total",
  estimates: "weir_estimates_total",

  // A proxy: who calls.
  tokenChecks: "weir_token_checks_total",
  issuerKeyFetches: "weir_issuer_key_fetches_total",
  assertedMismatches: "weir_asserted_mismatches_total",
  // A proxy: budgets, by id.
  budgetRefusals: "weir_budget_refusals_total",
  budgetWarnings: "weir_budget_warnings_total",

  // A proxy: its providers and its spool.
  upstreamInFlight: "weir_upstream_inflight",
  breakerState: "weir_breaker_state",
  spoolBytes: "weir_spool_bytes",
  recorderDroppedRows: "weir_recorder_dropped_rows",

  // Control.
  controlRequests: "weir_control_requests_total",
  controlRequestDuration: "weir_control_request_duration_seconds",
  controlErrors: "weir_control_errors_total",
  policyPublishes: "weir_policy_publishes_total",
  policyHealthy: "weir_policy_healthy",
  snapshotKeys: "weir_snapshot_keys",
  ledgerUp: "weir_ledger_up",
  ledgerPendingBytes: "weir_ledger_pending_bytes",
  ledgerShippedRows: "weir_ledger_shipped_rows",
  ledgerDeadRows: "weir_ledger_dead_rows",
  ledgerOldestUnshippedAge: "weir_ledger_oldest_unshipped_age_seconds",
  auditUp: "weir_audit_up",
  auditLeaves: "weir_audit_leaves",
  auditUnsignedLeaves: "weir_audit_unsigned_leaves",
  auditLastHead: "weir_audit_last_head_timestamp_seconds",
  auditAppendFailures: "weir_audit_append_failures",
  auditHeadFailures: "weir_audit_head_failures",
  auditSecondPlaceFailures: "weir_audit_second_place_failures",
  changesAccepted: "weir_changes_accepted",
  unpublishedChanges: "weir_unpublished_changes",

  // The supervisor.
  processUp: "weir_process_up",
  processRestarts: "weir_process_restarts_total",
} as const;
