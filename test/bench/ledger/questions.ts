import type { ClickHouseClient } from "@clickhouse/client";
import { readOwnDecision, readOwnDecisions } from "../../../gateway/src/insight/own-decisions.ts";
import { readOwnUsage } from "../../../gateway/src/insight/own-usage.ts";
import { readUnpricedModels } from "../../../gateway/src/insight/unpriced-models.ts";
import { ask } from "../../../gateway/src/insight/ask.ts";
import { percentile } from "../../support/statistics.ts";

export interface QuestionFigures {
  readonly question: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface Question {
  readonly name: string;
  readonly ask: (client: ClickHouseClient, round: number) => Promise<unknown>;
}

const to = "2026-11-22";
const from = "2026-11-09";
const nowMs = Date.UTC(2026, 10, 22, 23);
const timeZone = "Europe/Berlin";
/** The busiest person first: rounds go through busy and quiet ones alike. */
const personOf = (round: number) => `person-${(round * 67) % 2000}`;
const tokens = `sum(input_uncached + cache_read + cache_write_5m + cache_write_1h + output_visible
  + output_reasoning) AS tokens`;

// The first five are what the console's pages ask today; the others are those of the views that the
// design names (console notes), as their SQL will be.
const questions: readonly Question[] = [
  {
    name: "my usage: totals, days, models, latency, 14 days",
    ask: (client, round) =>
      readOwnUsage(client, { personId: personOf(round), query: { from, to, timeZone }, nowMs }),
  },
  {
    name: "my decisions, newest page",
    ask: (client, round) =>
      readOwnDecisions(client, { personId: personOf(round), query: {}, nowMs }),
  },
  {
    name: "my denied decisions, newest page",
    ask: (client, round) =>
      readOwnDecisions(client, { personId: personOf(round), query: { show: "denied" }, nowMs }),
  },
  {
    name: "one decision of mine by id",
    ask: (client, round) =>
      readOwnDecision(client, {
        personId: personOf(round),
        id: "01a207ee-5ffd-7172-8f3e-e0b68d7efcd3",
      }),
  },
  {
    name: "models without a price, everything on record",
    ask: (client) => readUnpricedModels(client, { query: {}, hasPrice: () => false, nowMs }),
  },
  {
    name: "calls and errors a minute, last three hours",
    ask: (client) =>
      ask(
        client,
        `SELECT minute, outcome, sum(calls) AS calls FROM calls_minute
         WHERE minute >= toDateTime('2026-11-22 20:00:00', 'UTC') GROUP BY minute, outcome ORDER BY minute`,
        {},
      ),
  },
  {
    name: "a team's calls, tokens and cost by day and model, 14 days",
    ask: (client, round) =>
      ask(
        client,
        `SELECT day, model, sum(calls) AS calls, ${tokens}, sum(cost_micro_usd) AS cost FROM calls_day
         WHERE team_id = {team:String} AND day BETWEEN {from:Date} AND {to:Date}
         GROUP BY day, model ORDER BY day, model`,
        { team: `team-${round % 40}`, from, to },
      ),
  },
  {
    name: "cost by cost centre and month",
    ask: (client) =>
      ask(
        client,
        `SELECT toStartOfMonth(day) AS month, cost_center, sum(cost_micro_usd) AS cost,
           sum(failed_attempts_cost_micro_usd) AS failed FROM calls_day GROUP BY ALL ORDER BY ALL`,
        {},
      ),
  },
  {
    name: "everybody's decisions by hour and outcome, 24 hours",
    ask: (client) =>
      ask(
        client,
        `SELECT hour, outcome, sum(calls) AS calls FROM calls_hour
         WHERE hour >= toDateTime('2026-11-22 00:00:00', 'UTC') GROUP BY hour, outcome ORDER BY hour`,
        {},
      ),
  },
  {
    name: "active people and calls by day, 14 days",
    ask: (client) =>
      ask(
        client,
        `SELECT day, uniqExact(person_id) AS people, sum(calls) AS calls, ${tokens} FROM calls_day
         WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY day ORDER BY day`,
        { from, to },
      ),
  },
];

/** Asks each question again and again, a different person each time. */
export async function measureQuestions(
  client: ClickHouseClient,
  rounds: number,
): Promise<QuestionFigures[]> {
  const figures: QuestionFigures[] = [];
  for (const question of questions) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const at = performance.now();
      await question.ask(client, round);
      times.push(performance.now() - at);
    }
    figures.push({
      question: question.name,
      p50Ms: percentile(times, 0.5),
      p95Ms: percentile(times, 0.95),
    });
  }
  return figures;
}
