-- Calls per day, in UTC. Sums of sums: query it with sum() and GROUP BY, for rows merge only later.
CREATE TABLE IF NOT EXISTS calls_day
(
    day Date COMMENT 'Start of the day in which the calls began, UTC' CODEC(DoubleDelta, ZSTD(1)),
    person_id LowCardinality(String) COMMENT 'Whose usage this is',
    provider LowCardinality(String) COMMENT 'Name of the configured provider; empty when none was chosen',
    model LowCardinality(String) COMMENT 'Model asked of the provider; for a call that never got so far, the model the client asked for',
    outcome LowCardinality(String) COMMENT 'What became of the calls',
    team_id LowCardinality(String) COMMENT 'Team at the time of the calls',
    cost_center LowCardinality(String) COMMENT 'Cost centre at the time of the calls',
    agent_id LowCardinality(String) COMMENT 'Agent; empty when none',
    calls SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls' CODEC(T64, ZSTD(1)),
    unpriced_calls SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls whose model has no price: their cost is unknown, not 0' CODEC(T64, ZSTD(1)),
    missing_usage_calls SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls that reached a provider which told no usage' CODEC(T64, ZSTD(1)),
    input_uncached SimpleAggregateFunction(sum, UInt64) COMMENT 'Input tokens not served from a cache' CODEC(T64, ZSTD(1)),
    cache_read SimpleAggregateFunction(sum, UInt64) COMMENT 'Input tokens read from the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_5m SimpleAggregateFunction(sum, UInt64) COMMENT 'Input tokens written to the five-minute cache' CODEC(T64, ZSTD(1)),
    cache_write_1h SimpleAggregateFunction(sum, UInt64) COMMENT 'Input tokens written to the one-hour cache' CODEC(T64, ZSTD(1)),
    output_visible SimpleAggregateFunction(sum, UInt64) COMMENT 'Output tokens other than reasoning' CODEC(T64, ZSTD(1)),
    output_reasoning SimpleAggregateFunction(sum, UInt64) COMMENT 'Output tokens spent on reasoning' CODEC(T64, ZSTD(1)),
    tool_use_prompt SimpleAggregateFunction(sum, UInt64) COMMENT 'Input tokens of tool results that the provider counts apart' CODEC(T64, ZSTD(1)),
    audio_in SimpleAggregateFunction(sum, UInt64) COMMENT 'Audio input tokens' CODEC(T64, ZSTD(1)),
    audio_out SimpleAggregateFunction(sum, UInt64) COMMENT 'Audio output tokens' CODEC(T64, ZSTD(1)),
    cost_micro_usd SimpleAggregateFunction(sum, Int64) COMMENT 'Cost of the priced calls in millionths of a US dollar' CODEC(T64, ZSTD(1)),
    request_bytes SimpleAggregateFunction(sum, UInt64) COMMENT 'Bytes of the request bodies' CODEC(T64, ZSTD(1)),
    response_bytes SimpleAggregateFunction(sum, UInt64) COMMENT 'Bytes of the response bodies' CODEC(T64, ZSTD(1)),
    tool_call_count SimpleAggregateFunction(sum, UInt64) COMMENT 'Tool calls in the responses' CODEC(T64, ZSTD(1)),
    duration_ms SimpleAggregateFunction(sum, Decimal(38, 3)) COMMENT 'Sum of the durations, milliseconds' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (person_id, day, provider, model, outcome, team_id, cost_center, agent_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
COMMENT 'Calls, tokens and cost per day, person, provider, model and outcome';

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_day_view TO calls_day AS
SELECT
    toDate(calls.started_at) AS day,
    calls.person_id AS person_id,
    calls.provider AS provider,
    if(calls.model_resolved != '', calls.model_resolved, calls.model_requested) AS model,
    calls.outcome AS outcome,
    calls.team_id AS team_id,
    calls.cost_center AS cost_center,
    calls.agent_id AS agent_id,
    count() AS calls,
    countIf(cost_status = 'unpriced') AS unpriced_calls,
    countIf(usage_source = 'missing' AND cost_status != 'not_billed') AS missing_usage_calls,
    sum(ifNull(calls.input_uncached, 0)) AS input_uncached,
    sum(ifNull(calls.cache_read, 0)) AS cache_read,
    sum(ifNull(calls.cache_write_5m, 0)) AS cache_write_5m,
    sum(ifNull(calls.cache_write_1h, 0)) AS cache_write_1h,
    sum(ifNull(calls.output_visible, 0)) AS output_visible,
    sum(ifNull(calls.output_reasoning, 0)) AS output_reasoning,
    sum(ifNull(calls.tool_use_prompt, 0)) AS tool_use_prompt,
    sum(ifNull(calls.audio_in, 0)) AS audio_in,
    sum(ifNull(calls.audio_out, 0)) AS audio_out,
    sum(ifNull(calls.cost_micro_usd, 0)) AS cost_micro_usd,
    sum(calls.request_bytes) AS request_bytes,
    sum(calls.response_bytes) AS response_bytes,
    sum(calls.tool_call_count) AS tool_call_count,
    sum(calls.duration_ms) AS duration_ms
FROM calls
GROUP BY day, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Fills calls_day with every block that is inserted into calls';
