import { type Client, models } from "./client.ts";
import type { KeyAsked } from "./stage.ts";

/** What a client is put through. */
export const scenarios = [
  "plain",
  "tool",
  "denied",
  "allowed after",
  "provider fails once",
] as const;
export type Scenario = (typeof scenarios)[number];

export interface Turn {
  readonly client: Client;
  readonly scenario: Scenario;
}

/**
 * The home and the key of a turn, by name: an allowed call after a denial has those of the denied
 * one, for a client may have put the key aside.
 */
export function accountOf({ client, scenario }: Turn): string {
  return `${client.name} ${scenario === "allowed after" ? "denied" : scenario}`;
}

/** What that key may do, and how its denials are answered. */
export function keyFor({ client, scenario }: Turn): KeyAsked {
  const isClosed = scenario === "denied" || scenario === "allowed after";
  return { may: isClosed ? "plain" : "all", soft: isClosed && client.soft === true };
}

const asked: Readonly<Record<Scenario, string>> = {
  plain: models.plain,
  tool: models.tool,
  denied: models.denied,
  "allowed after": models.plain,
  "provider fails once": models.flaky,
};

/** The model to ask for; "" = whatever the client chooses. */
export function modelOf({ client, scenario }: Turn): string {
  const isOwnChoice = client.choosesModel && (scenario === "plain" || scenario === "denied");
  return isOwnChoice ? "" : asked[scenario];
}
