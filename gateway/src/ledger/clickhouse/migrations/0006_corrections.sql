-- Corrections of cost. A correction is a row of its own with the call's values and another price,
-- whose `supersedes` names the row that it takes the place of. The call is in the roll-ups already:
-- the views of calls take originals only, and views of their own add what a correction changes.
-- The views are made anew: after MODIFY QUERY they give their blocks other identities once the
-- server has restarted, and a batch that is sent again would be added twice.
ALTER TABLE calls
    ADD COLUMN IF NOT EXISTS superseded_cost_micro_usd Nullable(Int64) DEFAULT NULL COMMENT 'Cost in the row that this one supersedes; null for an original, and when that row had no price' CODEC(T64, ZSTD(1)),
    ADD COLUMN IF NOT EXISTS superseded_cost_status LowCardinality(String) DEFAULT '' COMMENT 'Cost status in the row that this one supersedes; empty for an original';

ALTER TABLE calls_hour MODIFY COLUMN unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose model has no price: their cost is unknown, not 0' CODEC(T64, ZSTD(1));

ALTER TABLE calls_day MODIFY COLUMN unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Calls whose model has no price: their cost is unknown, not 0' CODEC(T64, ZSTD(1));

DROP VIEW IF EXISTS calls_hour_view;

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
WHERE supersedes = ''
GROUP BY hour, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Adds every original call to calls_hour; corrections have a view of their own';

DROP VIEW IF EXISTS calls_day_view;

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
WHERE supersedes = ''
GROUP BY day, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Adds every original call to calls_day; corrections have a view of their own';

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_hour_corrections_view TO calls_hour AS
SELECT
    toStartOfHour(calls.started_at) AS hour,
    calls.person_id AS person_id,
    calls.provider AS provider,
    if(calls.model_resolved != '', calls.model_resolved, calls.model_requested) AS model,
    calls.outcome AS outcome,
    calls.team_id AS team_id,
    calls.cost_center AS cost_center,
    calls.agent_id AS agent_id,
    toInt64(countIf(cost_status = 'unpriced')) - toInt64(countIf(superseded_cost_status = 'unpriced')) AS unpriced_calls,
    sum(ifNull(calls.cost_micro_usd, 0)) - sum(ifNull(calls.superseded_cost_micro_usd, 0)) AS cost_micro_usd
FROM calls
WHERE supersedes != ''
GROUP BY hour, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Adds to calls_hour by how much a correction changes the cost of a call, which is in there already';

CREATE MATERIALIZED VIEW IF NOT EXISTS calls_day_corrections_view TO calls_day AS
SELECT
    toDate(calls.started_at) AS day,
    calls.person_id AS person_id,
    calls.provider AS provider,
    if(calls.model_resolved != '', calls.model_resolved, calls.model_requested) AS model,
    calls.outcome AS outcome,
    calls.team_id AS team_id,
    calls.cost_center AS cost_center,
    calls.agent_id AS agent_id,
    toInt64(countIf(cost_status = 'unpriced')) - toInt64(countIf(superseded_cost_status = 'unpriced')) AS unpriced_calls,
    sum(ifNull(calls.cost_micro_usd, 0)) - sum(ifNull(calls.superseded_cost_micro_usd, 0)) AS cost_micro_usd
FROM calls
WHERE supersedes != ''
GROUP BY day, person_id, provider, model, outcome, team_id, cost_center, agent_id
COMMENT 'Adds to calls_day by how much a correction changes the cost of a call, which is in there already';
