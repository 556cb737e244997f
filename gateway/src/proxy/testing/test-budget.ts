import { Keeper } from "../../budget/keeper.ts";
import type { Authority, Standing } from "../../budget/protocol.ts";
import type { Budget } from "../../contracts/budget.ts";
import { chatAnswer, json, type start } from "./serve.ts";

/** 2026-11-23, a Monday, one in the afternoon in Berlin. */
export const nowMs = Date.UTC(2026, 10, 23, 12);
export const dayStartMs = Date.UTC(2026, 10, 22, 23);

/** Two requests a day in Berlin for each person, changed as told. */
export const budget = (changes: Partial<Budget> = {}): Budget => ({
  id: "each-day",
  scope: "person",
  of: "*",
  unit: "requests",
  limit: 2,
  window: "day",
  timeZone: "Europe/Berlin",
  enforcement: "hard",
  lastCall: "may_overrun",
  unpriced: "refuse",
  contact: "finance@example.com",
  raises: [],
  ...changes,
});

/** Counters that the test can look into. */
export function counters(): {
  authority: Authority;
  standing: (value?: string, id?: string) => Standing;
} {
  const keeper = new Keeper(() => nowMs);
  return {
    authority: { exchange: async (message) => keeper.exchange("test", message) },
    standing: (value = "person-1", id = "each-day") =>
      keeper.standing(`${id}|${dayStartMs}|${value}`),
  };
}

export const clock = { nowMs: () => nowMs };
export const answered: Parameters<typeof start>[0] = (_request, response) => {
  response.writeHead(200, json).end(chatAnswer);
};
