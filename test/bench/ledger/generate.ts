import type { ClickHouseClient } from "@clickhouse/client";

const people = 2_000;
const model = "['gpt-5', 'gpt-5-mini', 'claude-sonnet-4-5', 'gemini-2.5-pro'][1 + rand(2) % 4]";
// Some people call a hundred times as often as others.
const person = `toUInt32(${people} * pow(rand(1) / 4294967296, 3))`;

/** Calls of one UTC day, made by ClickHouse itself: as varied as real ones, and far faster. */
function callsOfDay(day: string, rows: number): string {
  return `INSERT INTO calls (id, started_at, person_id, principal_id, principal_kind, team_id,
      cost_center, roles, key_id, assurance, asserted_user_agent, dialect, operation, trace_id,
      provider, model_requested, model_resolved, model_used, stream, decision_id, effect, rule_ids,
      policy_revision, policy_eval_us, outcome, status, upstream_status, upstream_request_id,
      attempts, input_uncached, cache_read, cache_write_5m, cache_write_1h, output_visible,
      output_reasoning, tool_use_prompt, audio_in, audio_out, usage_source, stream_end,
      cost_micro_usd, cost_status, price_version, request_bytes, response_bytes, duration_ms,
      time_to_first_byte_ms, overhead_ms, message_count, tool_call_count, spool_id, spool_epoch,
      spool_sequence)
    SELECT toString(dateTimeToUUIDv7(toDateTime(at, 'UTC'))), at, who, who, 'person', 'team-' || toString(p % 40),
      'cc-' || toString(p % 12), ['employee'], 'key-' || toString(p), 'api_key',
      'OpenAI/JS 7.57.0', 'openai-chat', 'chat.completions', lower(hex(randomFixedString(16))),
      'openai', m, m, m || '-2026-08-01', rand(3) % 2, toString(dateTimeToUUIDv7(toDateTime(at, 'UTC'))),
      if(denied, 'deny', 'allow'), if(denied, ['models.denied'], ['models.allowed']), 'a3f0c1d2',
      40 + rand(4) % 60, if(denied, 'denied', 'completed'), if(denied, 403, 200),
      if(denied, 0, 200), 'req_' || lower(hex(randomFixedString(12))), if(denied, 0, 1),
      if(denied, NULL, rand(5) % 20000), if(denied, NULL, rand(6) % 40000), 0, 0,
      if(denied, NULL, rand(7) % 2000), if(denied, NULL, rand(8) % 500), 0, 0, 0,
      if(denied, 'missing', 'provider_final'), 'complete', if(denied, NULL, rand(9) % 100000),
      if(denied, 'not_billed', 'priced'), '2026-11-01', 2000 + rand(10) % 100000,
      500 + rand(11) % 20000, (rand(12) % 20000000) / 1000, (rand(13) % 1000000) / 1000,
      (rand(14) % 1000) / 1000, rand(15) % 40, rand(16) % 4, 'bench', 1, number
    FROM (
      SELECT number, toDateTime64('${day} 00:00:00', 3, 'UTC') + (rand(17) % 86400000) / 1000 AS at,
        ${person} AS p, 'person-' || toString(p) AS who, ${model} AS m, rand(18) % 50 = 0 AS denied
      FROM numbers(${rows})
    )`;
}

/** The decisions on them. */
function decisionsOfDay(day: string): string {
  return `INSERT INTO decisions (id, call_id, decided_at, point, effect, decision_effect, person_id,
      principal_id, principal_kind, team_id, cost_center, roles, key_id, assurance, dialect,
      operation, metered, provider, model, model_requested, stream, request_bytes, rule_ids,
      rule_reasons, rule_owners, obligations, policy_revision, policy_eval_us, input_digest,
      spool_id, spool_epoch, spool_sequence)
    SELECT decision_id, id, started_at, 'llm_call', effect, effect, person_id, principal_id,
      principal_kind, team_id, cost_center, roles, key_id, assurance, dialect, operation, true,
      provider, model_resolved, model_requested, stream, request_bytes, rule_ids,
      ['The team may use the model.'], ['platform'], '[]', policy_revision, policy_eval_us,
      lower(hex(randomFixedString(32))), 'bench', 2, spool_sequence
    FROM calls WHERE toDate(started_at) = '${day}'`;
}

/**
 * Fills the ledger with calls over 14 days, and as many decisions; the views fill the roll-ups.
 * @returns the days, oldest first.
 */
export async function generateLedger(
  client: ClickHouseClient,
  calls: number,
  log: (line: string) => void,
): Promise<string[]> {
  const lastDay = Date.UTC(2026, 10, 22);
  const days = Array.from({ length: 14 }, (_, index) =>
    new Date(lastDay - (13 - index) * 86_400_000).toISOString().slice(0, 10),
  );
  for (const day of days) {
    const rows = Math.round(calls / days.length);
    await client.command({ query: callsOfDay(day, rows) });
    await client.command({ query: decisionsOfDay(day) });
    log(`${day}: ${rows} calls and their decisions`);
  }
  return days;
}
