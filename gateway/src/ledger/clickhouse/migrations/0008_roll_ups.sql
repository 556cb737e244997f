-- One view a roll-up: it adds original calls, and of a correction by how much it changes the cost of a
-- call, which is in there already. Two views a roll-up cost each INSERT twice as much. What failed
-- attempts cost is on the bill too.
DROP VIEW IF EXISTS calls_hour_corrections_view;

DROP VIEW IF EXISTS calls_day_corrections_view;

DROP VIEW IF EXISTS calls_hour_view;

DROP VIEW IF EXISTS calls_day_view;

ALTER TABLE calls_hour
    ADD COLUMN IF NOT EXISTS failed_attempts SimpleAggregateFunction(sum, UInt64) COMMENT 'Requests to providers that led nowhere: retries and fallbacks' CODEC(T64, ZSTD(1)) AFTER cost_micro_usd,
    ADD COLUMN IF NOT EXISTS failed_attempts_cost_micro_usd SimpleAggregateFunction(sum, Int64) COMMENT 'What these cost in millionths of a US dollar; not in cost_micro_usd' CODEC(T64, ZSTD(1)) AFTER failed_attempts,
    ADD COLUMN IF NOT EXISTS unpriced_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens of calls whose model has no price' CODEC(T64, ZSTD(1)) AFTER unpriced_calls,
    ADD COLUMN IF NOT EXISTS unpriced_missing_usage_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Those of unpriced_calls of which the provider told no usage' CODEC(T64, ZSTD(1)) AFTER unpriced_tokens,
    MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE calls_day
    ADD COLUMN IF NOT EXISTS failed_attempts SimpleAggregateFunction(sum, UInt64) COMMENT 'Requests to providers that led nowhere: retries and fallbacks' CODEC(T64, ZSTD(1)) AFTER cost_micro_usd,
    ADD COLUMN IF NOT EXISTS failed_attempts_cost_micro_usd SimpleAggregateFunction(sum, Int64) COMMENT 'What these cost in millionths of a US dollar; not in cost_micro_usd' CODEC(T64, ZSTD(1)) AFTER failed_attempts,
    ADD COLUMN IF NOT EXISTS unpriced_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens of calls whose model has no price' CODEC(T64, ZSTD(1)) AFTER unpriced_calls,
    ADD COLUMN IF NOT EXISTS unpriced_missing_usage_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Those of unpriced_calls of which the provider told no usage' CODEC(T64, ZSTD(1)) AFTER unpriced_tokens,
    MODIFY SETTING min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS calls_minute
(
    minute DateTime('UTC') COMMENT 'Start of the minute in which the calls began, UTC' CODEC(DoubleDelta, ZSTD(1)),
    provider LowCardinality(String) COMMENT 'Name of the configured provider; empty when none was chosen',
    model LowCardinality(String) COMMENT 'Model asked of the provider; for a call that never got so far, the model the client asked for',
    outcome LowCardinality(String) COMMENT 'What became of the calls',
    team_id LowCardinality(String) COMMENT 'Team at the time of the calls',
    cost_center LowCardinality(String) COMMENT 'Cost centre at the time of the calls',
    calls SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls' CODEC(T64, ZSTD(1)),
    unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose model has no price: their cost is unknown, not 0' CODEC(T64, ZSTD(1)),
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
    failed_attempts SimpleAggregateFunction(sum, UInt64) COMMENT 'Requests to providers that led nowhere: retries and fallbacks' CODEC(T64, ZSTD(1)),
    failed_attempts_cost_micro_usd SimpleAggregateFunction(sum, Int64) COMMENT 'What these cost in millionths of a US dollar; not in cost_micro_usd' CODEC(T64, ZSTD(1)),
    request_bytes SimpleAggregateFunction(sum, UInt64) COMMENT 'Bytes of the request bodies' CODEC(T64, ZSTD(1)),
    response_bytes SimpleAggregateFunction(sum, UInt64) COMMENT 'Bytes of the response bodies' CODEC(T64, ZSTD(1)),
    tool_call_count SimpleAggregateFunction(sum, UInt64) COMMENT 'Tool calls in the responses' CODEC(T64, ZSTD(1)),
    duration_ms SimpleAggregateFunction(sum, Decimal(38, 3)) COMMENT 'Sum of the durations, milliseconds' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMMDD(minute)
ORDER BY (minute, provider, model, outcome, team_id, cost_center)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1, min_bytes_for_wide_part = 134217728
COMMENT 'Calls, tokens and cost per minute, provider, model and outcome: how things go now; no person';

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_minute_view TO calls_minute AS
SELECT
    toStartOfMinute(calls.started_at) AS minute,
    calls.provider AS provider,
    if(calls.model_resolved != '', calls.model_resolved, calls.model_requested) AS model,
    calls.outcome AS outcome,
    calls.team_id AS team_id,
    calls.cost_center AS cost_center,
    countIf(supersedes = '') AS calls,
    toInt64(countIf(cost_status = 'unpriced')) - toInt64(countIf(superseded_cost_status = 'unpriced')) AS unpriced_calls,
    countIf(supersedes = '' AND usage_source = 'missing' AND cost_status != 'not_billed') AS missing_usage_calls,
    sumIf(ifNull(calls.input_uncached, 0), supersedes = '') AS input_uncached,
    sumIf(ifNull(calls.cache_read, 0), supersedes = '') AS cache_read,
    sumIf(ifNull(calls.cache_write_5m, 0), supersedes = '') AS cache_write_5m,
    sumIf(ifNull(calls.cache_write_1h, 0), supersedes = '') AS cache_write_1h,
    sumIf(ifNull(calls.output_visible, 0), supersedes = '') AS output_visible,
    sumIf(ifNull(calls.output_reasoning, 0), supersedes = '') AS output_reasoning,
    sumIf(ifNull(calls.tool_use_prompt, 0), supersedes = '') AS tool_use_prompt,
    sumIf(ifNull(calls.audio_in, 0), supersedes = '') AS audio_in,
    sumIf(ifNull(calls.audio_out, 0), supersedes = '') AS audio_out,
    sum(ifNull(calls.cost_micro_usd, 0)) - sum(ifNull(calls.superseded_cost_micro_usd, 0)) AS cost_micro_usd,
    sumIf(length(calls.`failed_attempts.status`), supersedes = '') AS failed_attempts,
    sumIf(arraySum(arrayMap(cost -> ifNull(cost, 0), calls.`failed_attempts.cost_micro_usd`)), supersedes = '') AS failed_attempts_cost_micro_usd,
    sumIf(calls.request_bytes, supersedes = '') AS request_bytes,
    sumIf(calls.response_bytes, supersedes = '') AS response_bytes,
    sumIf(calls.tool_call_count, supersedes = '') AS tool_call_count,
    sumIf(calls.duration_ms, supersedes = '') AS duration_ms
FROM calls
GROUP BY minute, provider, model, outcome, team_id, cost_center
COMMENT 'Adds every call to calls_minute, and by how much a correction changes the cost of one';

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_hour_view TO calls_hour AS
SELECT
    toStartOfHour(calls.started_at) AS hour,
    calls.person_id AS person_id,
    calls.provider AS provider,
    if(calls.model_resolved != '', calls.model_resolved, calls.model_requested) AS model,
    calls.outcome AS outcome,
    calls.team_id AS team_id,
    calls.cost_center AS cost_center,
    calls.agent_id AS agent_id,
    countIf(supersedes = '') AS calls,
    toInt64(countIf(cost_status = 'unpriced')) - toInt64(countIf(superseded_cost_status = 'unpriced')) AS unpriced_calls,
    toInt64(sumIf(ifNull(calls.input_uncached, 0) + ifNull(calls.cache_read, 0) + ifNull(calls.cache_write_5m, 0) + ifNull(calls.cache_write_1h, 0) + ifNull(calls.output_visible, 0) + ifNull(calls.output_reasoning, 0) + ifNull(calls.tool_use_prompt, 0) + ifNull(calls.audio_in, 0) + ifNull(calls.audio_out, 0) AS tokens, cost_status = 'unpriced')) - toInt64(sumIf(tokens, superseded_cost_status = 'unpriced')) AS unpriced_tokens,
    toInt64(countIf(usage_source = 'missing' AND cost_status = 'unpriced')) - toInt64(countIf(usage_source = 'missing' AND superseded_cost_status = 'unpriced')) AS unpriced_missing_usage_calls,
    countIf(supersedes = '' AND usage_source = 'missing' AND cost_status != 'not_billed') AS missing_usage_calls,
    sumIf(ifNull(calls.input_uncached, 0), supersedes = '') AS input_uncached,
    sumIf(ifNull(calls.cache_read, 0), supersedes = '') AS cache_read,
    sumIf(ifNull(calls.cache_write_5m, 0), supersedes = '') AS cache_write_5m,
    sumIf(ifNull(calls.cache_write_1h, 0), supersedes = '') AS cache_write_1h,
    sumIf(ifNull(calls.output_visible, 0), supersedes = '') AS output_visible,
    sumIf(ifNull(calls.output_reasoning, 0), supersedes = '') AS output_reasoning,
    sumIf(ifNull(calls.tool_use_prompt, 0), supersedes = '') AS tool_use_prompt,
    sumIf(ifNull(calls.audio_in, 0), supersedes = '') AS audio_in,
    sumIf(ifNull(calls.audio_out, 0), supersedes = '') AS audio_out,
    sum(ifNull(calls.cost_micro_usd, 0)) - sum(ifNull(calls.superseded_cost_micro_usd, 0)) AS cost_micro_usd,
    sumIf(length(calls.`failed_attempts.status`), supersedes = '') AS failed_attempts,
    sumIf(arraySum(arrayMap(cost -> ifNull(cost, 0), calls.`failed_attempts.cost_micro_usd`)), supersedes = '') AS failed_attempts_cost_micro_usd,
    sumIf(calls.request_bytes, supersedes = '') AS request_bytes,
    sumIf(calls.response_bytes, supersedes = '') AS response_bytes,
    sumIf(calls.tool_call_count, supersedes = '') AS tool_call_count,
    sumIf(calls.duration_ms, supersedes = '') AS duration_ms
FROM calls
GROUP BY hour, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Adds every call to calls_hour, and by how much a correction changes the cost of one';

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_day_view TO calls_day AS
SELECT
    toDate(calls_hour.hour) AS day,
    person_id,
    provider,
    model,
    outcome,
    team_id,
    cost_center,
    agent_id,
    sum(calls_hour.calls) AS calls,
    sum(calls_hour.unpriced_calls) AS unpriced_calls,
    sum(calls_hour.unpriced_tokens) AS unpriced_tokens,
    sum(calls_hour.unpriced_missing_usage_calls) AS unpriced_missing_usage_calls,
    sum(calls_hour.missing_usage_calls) AS missing_usage_calls,
    sum(calls_hour.input_uncached) AS input_uncached,
    sum(calls_hour.cache_read) AS cache_read,
    sum(calls_hour.cache_write_5m) AS cache_write_5m,
    sum(calls_hour.cache_write_1h) AS cache_write_1h,
    sum(calls_hour.output_visible) AS output_visible,
    sum(calls_hour.output_reasoning) AS output_reasoning,
    sum(calls_hour.tool_use_prompt) AS tool_use_prompt,
    sum(calls_hour.audio_in) AS audio_in,
    sum(calls_hour.audio_out) AS audio_out,
    sum(calls_hour.cost_micro_usd) AS cost_micro_usd,
    sum(calls_hour.failed_attempts) AS failed_attempts,
    sum(calls_hour.failed_attempts_cost_micro_usd) AS failed_attempts_cost_micro_usd,
    sum(calls_hour.request_bytes) AS request_bytes,
    sum(calls_hour.response_bytes) AS response_bytes,
    sum(calls_hour.tool_call_count) AS tool_call_count,
    sum(calls_hour.duration_ms) AS duration_ms
FROM calls_hour
GROUP BY day, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Adds to calls_day what calls_hour gets: a tenth of the rows';
