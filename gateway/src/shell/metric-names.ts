/** The Prometheus names of the control plane and of every process, in one place for dashboards. */
export const metricNames = {
  buildInfo: "weir_build_info",
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
} as const;
