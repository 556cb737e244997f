/** Every Prometheus name of Weir, so that a dashboard or an alert can be checked against one file. */
export const metricNames = {
  buildInfo: "weir_build_info",

  requests: "weir_requests_total",
  stageDuration: "weir_stage_duration_seconds",
  requestDuration: "weir_request_duration_seconds",
  policyEvaluations: "weir_policy_evaluations_total",
  upstreamInflight: "weir_upstream_inflight",
  recorderRows: "weir_recorder_rows_total",
  recorderDropped: "weir_recorder_dropped_total",
  recorderQueueRows: "weir_recorder_queue_rows",
  spoolBytes: "weir_spool_bytes",
  snapshotAge: "weir_snapshot_age_seconds",

  controlRequests: "weir_control_requests_total",
  controlRequestDuration: "weir_control_request_duration_seconds",
  controlErrors: "weir_control_errors_total",
  policyPublishes: "weir_policy_publishes_total",
  policyHealthy: "weir_policy_healthy",
  snapshotPublished: "weir_snapshot_published_timestamp_seconds",
  snapshotKeys: "weir_snapshot_keys",
} as const;
