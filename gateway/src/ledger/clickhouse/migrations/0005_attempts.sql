-- What a call was besides its model and tokens: whose trace, of what kind, and the bills of the
-- attempts that led nowhere. `usage` and `cost` of the row stay those of the last attempt.
ALTER TABLE calls
    ADD COLUMN IF NOT EXISTS auxiliary Bool COMMENT 'Not the person''s own work: token counting, prewarming, listing' AFTER operation,
    ADD COLUMN IF NOT EXISTS trace_id String COMMENT 'W3C trace id that the caller sent; empty when none' CODEC(ZSTD(1)) AFTER auxiliary,
    ADD COLUMN IF NOT EXISTS flags Array(LowCardinality(String)) COMMENT 'What about the figures needs a second look, such as total_mismatch' AFTER price_version,
    ADD COLUMN IF NOT EXISTS `failed_attempts.provider` Array(LowCardinality(String)) COMMENT 'Provider of each attempt before the last one' AFTER attempts,
    ADD COLUMN IF NOT EXISTS `failed_attempts.model` Array(LowCardinality(String)) COMMENT 'Model asked of it' AFTER `failed_attempts.provider`,
    ADD COLUMN IF NOT EXISTS `failed_attempts.status` Array(UInt16) COMMENT 'HTTP status of its answer; 0 when there was none' AFTER `failed_attempts.model`,
    ADD COLUMN IF NOT EXISTS `failed_attempts.error_code` Array(LowCardinality(String)) COMMENT 'Stable code of what went wrong; empty when the provider answered with an error' AFTER `failed_attempts.status`,
    ADD COLUMN IF NOT EXISTS `failed_attempts.duration_ms` Array(Decimal(18, 3)) COMMENT 'How long it took, milliseconds' AFTER `failed_attempts.error_code`,
    ADD COLUMN IF NOT EXISTS `failed_attempts.usage_source` Array(LowCardinality(String)) COMMENT 'As usage_source, of that attempt' AFTER `failed_attempts.duration_ms`,
    ADD COLUMN IF NOT EXISTS `failed_attempts.cost_micro_usd` Array(Nullable(Int64)) COMMENT 'Its cost in millionths of a US dollar; null when unknown' AFTER `failed_attempts.usage_source`,
    ADD COLUMN IF NOT EXISTS `failed_attempts.cost_status` Array(LowCardinality(String)) COMMENT 'priced, unpriced or not_billed' AFTER `failed_attempts.cost_micro_usd`;
ALTER TABLE decisions
    ADD COLUMN IF NOT EXISTS operation LowCardinality(String) COMMENT 'Canonical route, such as chat.completions' AFTER dialect,
    ADD COLUMN IF NOT EXISTS metered Bool COMMENT 'Whether Weir can see tokens and models of the operation' AFTER operation,
    ADD COLUMN IF NOT EXISTS model_requested LowCardinality(String) COMMENT 'Model that the client named, perhaps an alias' AFTER model;
