-- One policy decision: a DecisionEvent, flattened; written before its effect can be seen.
CREATE TABLE IF NOT EXISTS decisions
(
    id String COMMENT 'Identifier of the decision, also in x-weir-decision-id' CODEC(ZSTD(1)),
    call_id String COMMENT 'The call that it was taken for' CODEC(ZSTD(1)),
    decided_at DateTime64(3, 'UTC') COMMENT 'When the decision was taken' CODEC(DoubleDelta, ZSTD(1)),
    point LowCardinality(String) COMMENT 'Decision point: llm_call, tool_list, tool_call, tool_result or view',
    effect LowCardinality(String) COMMENT 'The effect that was put into force: allow, approve or deny',
    decision_effect LowCardinality(String) COMMENT 'The effect that policy returned',
    person_id LowCardinality(String) COMMENT 'Whose action it concerns: on_behalf_of if set, else principal_id',
    principal_id LowCardinality(String) COMMENT 'Who the verified credential belongs to',
    principal_kind LowCardinality(String) COMMENT 'person, service or agent',
    on_behalf_of LowCardinality(String) COMMENT 'The person for whom an agent or service acted; empty when nobody',
    agent_id LowCardinality(String) COMMENT 'The agent as the credential proves it; empty when none',
    team_id LowCardinality(String) COMMENT 'Team of the principal at the time of the decision',
    cost_center LowCardinality(String) COMMENT 'Cost centre of the principal at the time of the decision',
    roles Array(LowCardinality(String)) COMMENT 'Roles of the principal at the time of the decision',
    key_id LowCardinality(String) COMMENT 'Identifier of the credential, never the credential itself',
    assurance LowCardinality(String) COMMENT 'How the credential was verified: api_key, token or mtls',
    dialect LowCardinality(String) COMMENT 'Wire format of the call; empty when the point has no call',
    provider LowCardinality(String) COMMENT 'Provider that the call would go to',
    model LowCardinality(String) COMMENT 'Model that the call asks for',
    stream Bool COMMENT 'Whether the call asks for a stream',
    tool_names Array(LowCardinality(String)) COMMENT 'Names of the tools that the call offers',
    max_tokens Nullable(UInt64) COMMENT 'Cap on output tokens in the call; null when it sets none' CODEC(T64, ZSTD(1)),
    request_bytes Nullable(UInt64) COMMENT 'Bytes of the request body; null when the point has no call' CODEC(T64, ZSTD(1)),
    rule_ids Array(LowCardinality(String)) COMMENT 'Rules that matched, in the order of the decision',
    rule_reasons Array(LowCardinality(String)) COMMENT 'Reason of each rule of rule_ids',
    rule_owners Array(LowCardinality(String)) COMMENT 'Owner of each rule of rule_ids',
    user_message LowCardinality(String) COMMENT 'What the decision tells the caller',
    retryable Bool COMMENT 'Whether the same action may be allowed later',
    approvers Array(LowCardinality(String)) COMMENT 'Who may approve the action; empty when nobody has to',
    obligations String COMMENT 'Changes that the decision demands, as a JSON array' CODEC(ZSTD(1)),
    policy_revision LowCardinality(String) COMMENT 'Revision of the policy that decided',
    policy_eval_us UInt64 COMMENT 'Time that the decision took, microseconds' CODEC(T64, ZSTD(1)),
    input_digest String COMMENT 'SHA-256 in hex of the input document as it was evaluated' CODEC(ZSTD(1)),
    spool_id LowCardinality(String) COMMENT 'Spool that the row was shipped from',
    spool_epoch UInt64 COMMENT 'When that spool was started from nothing, Unix milliseconds' CODEC(T64, ZSTD(1)),
    spool_sequence UInt64 COMMENT 'Place of the row in that spool; calls and decisions share the numbering' CODEC(Delta, ZSTD(1)),
    INDEX decisions_by_id id TYPE bloom_filter(0.001) GRANULARITY 4,
    INDEX decisions_by_call call_id TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(decided_at)
ORDER BY (person_id, decided_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
COMMENT 'One immutable row per policy decision; never the text that was decided on';
