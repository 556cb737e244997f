-- What was said in calls, where ledger.content asks for it: sealed by the proxy for the holders of a key.
CREATE TABLE IF NOT EXISTS content
(
    id String COMMENT 'Identifier of the call' CODEC(ZSTD(1)),
    captured_at DateTime64(3, 'UTC') COMMENT 'When the call began' CODEC(DoubleDelta, ZSTD(1)),
    person_id LowCardinality(String) COMMENT 'Whose call it was',
    team_id LowCardinality(String) COMMENT 'Team of the person at that time',
    dialect LowCardinality(String) COMMENT 'Wire format that the client spoke',
    request_bytes UInt64 COMMENT 'Bytes of the whole request body' CODEC(T64, ZSTD(1)),
    response_bytes UInt64 COMMENT 'Bytes of the whole response body' CODEC(T64, ZSTD(1)),
    truncated Bool COMMENT 'Whether only the beginning of a body was kept',
    sealed String COMMENT 'Base64 of an age v1 file with both bodies: JSON, Zstandard' CODEC(ZSTD(1)),
    spool_id String COMMENT 'Spool that the row was shipped from' CODEC(ZSTD(1)),
    spool_epoch UInt64 COMMENT 'When that spool was started from nothing, Unix milliseconds' CODEC(T64, ZSTD(1)),
    spool_sequence UInt64 COMMENT 'Place of the row in that spool' CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(captured_at)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1, min_bytes_for_wide_part = 134217728
COMMENT 'Prompts and answers, sealed; empty unless ledger.content names a recipient';
