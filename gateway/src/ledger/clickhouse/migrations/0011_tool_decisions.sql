-- Which tool a decision is about: rows of the points tool_call, tool_list and tool_result.
ALTER TABLE decisions
    ADD COLUMN IF NOT EXISTS tool_via LowCardinality(String) COMMENT 'Where the tool call was seen: model, mcp or action; empty when the point has no tool',
    ADD COLUMN IF NOT EXISTS tool_server LowCardinality(String) COMMENT 'MCP server that has the tool; empty for one that the client runs itself',
    ADD COLUMN IF NOT EXISTS tool_name LowCardinality(String) COMMENT 'Name of the tool',
    ADD COLUMN IF NOT EXISTS tool_schema_digest String COMMENT 'SHA-256 in hex of the tool''s schema in canonical form; empty when it has none' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS tool_args_digest String COMMENT 'SHA-256 in hex of the arguments in canonical form; empty where they are no JSON object' CODEC(ZSTD(1));
