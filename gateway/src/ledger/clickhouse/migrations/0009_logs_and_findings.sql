-- What is kept of those who run Weir and look into it. Rows of both logs are leaves of the audit log.
CREATE TABLE IF NOT EXISTS admin_log
(
    id String COMMENT 'Identifier of the change; UUIDv7' CODEC(ZSTD(1)),
    changed_at DateTime64(3, 'UTC') COMMENT 'When it was made' CODEC(DoubleDelta, ZSTD(1)),
    actor LowCardinality(String) COMMENT 'person:<id>, command-line or weir',
    action LowCardinality(String) COMMENT 'entity.verb, for example key.revoke or policy.publish',
    entity_id String COMMENT 'What was changed' CODEC(ZSTD(1)),
    before String COMMENT 'What it was, JSON without secrets; empty when it was not there' CODEC(ZSTD(1)),
    after String COMMENT 'What it is now, likewise' CODEC(ZSTD(1)),
    spool_id String COMMENT 'Spool that the row was shipped from' CODEC(ZSTD(1)),
    spool_epoch UInt64 COMMENT 'When that spool was started from nothing, Unix milliseconds' CODEC(T64, ZSTD(1)),
    spool_sequence UInt64 COMMENT 'Place of the row in that spool' CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(changed_at)
ORDER BY (changed_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1, min_bytes_for_wide_part = 134217728
COMMENT 'Every change to the control plane: who, what, when';

CREATE TABLE IF NOT EXISTS access_log
(
    id String COMMENT 'Identifier of the access; UUIDv7' CODEC(ZSTD(1)),
    accessed_at DateTime64(3, 'UTC') COMMENT 'When it was asked for, before it was answered' CODEC(DoubleDelta, ZSTD(1)),
    actor LowCardinality(String) COMMENT 'person:<id>, command-line or weir',
    person_id LowCardinality(String) COMMENT 'Whose data was read; * for that of everybody',
    resource LowCardinality(String) COMMENT 'What was read, for example ledger.export',
    purpose String COMMENT 'Why, in the words of the one who read it' CODEC(ZSTD(1)),
    question String COMMENT 'The question that was asked, JSON: tables, days, filters' CODEC(ZSTD(1)),
    spool_id String COMMENT 'Spool that the row was shipped from' CODEC(ZSTD(1)),
    spool_epoch UInt64 COMMENT 'When that spool was started from nothing, Unix milliseconds' CODEC(T64, ZSTD(1)),
    spool_sequence UInt64 COMMENT 'Place of the row in that spool' CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(accessed_at)
ORDER BY (person_id, accessed_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1, min_bytes_for_wide_part = 134217728
COMMENT 'Every look at the data of another person; that person can see it';

CREATE TABLE IF NOT EXISTS findings
(
    id String COMMENT 'Identifier of the finding; UUIDv7' CODEC(ZSTD(1)),
    supersedes String COMMENT 'Identifier of the row that this one takes the place of; empty for a first one' CODEC(ZSTD(1)),
    found_at DateTime64(3, 'UTC') COMMENT 'When it was found' CODEC(DoubleDelta, ZSTD(1)),
    person_id LowCardinality(String) COMMENT 'Whom it is about',
    kind LowCardinality(String) COMMENT 'waste or compromise',
    detectors Array(String) COMMENT 'Detectors that agree' CODEC(ZSTD(1)),
    reasons Array(String) COMMENT 'Why, in sentences that the person is shown' CODEC(ZSTD(1)),
    window_start DateTime64(3, 'UTC') COMMENT 'Start of the time looked at' CODEC(DoubleDelta, ZSTD(1)),
    window_end DateTime64(3, 'UTC') COMMENT 'End of the time looked at' CODEC(DoubleDelta, ZSTD(1)),
    evidence String COMMENT 'Counts and digests, JSON; no text of anybody and no score' CODEC(ZSTD(1)),
    state LowCardinality(String) COMMENT 'State of the finding'
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(found_at)
ORDER BY (person_id, found_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1, min_bytes_for_wide_part = 134217728
COMMENT 'What detectors found, shown to the person first';
