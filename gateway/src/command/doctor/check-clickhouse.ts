import { createClient } from "@clickhouse/client";
import type { Config } from "../../config/schema.ts";
import { bad, type DoctorFinding, good, reasonOf } from "./finding.ts";

const ANSWER_WITHIN_MS = 5_000;

/** Whether the server answers, or else the embedded ClickHouse can be loaded on this machine. */
export function checkClickHouse({ ledger }: Pick<Config, "ledger">): Promise<DoctorFinding> {
  return ledger.clickhouseUrl === "" ? checkEmbedded() : checkServer(ledger.clickhouseUrl);
}

async function checkEmbedded(): Promise<DoctorFinding> {
  try {
    await import("chdb");
    return good("ClickHouse", "the embedded library can be loaded");
  } catch (error) {
    const remedy =
      "It is made for Linux (glibc) and macOS. Delete node_modules and run `npm start`, or name a server in ledger.clickhouseUrl.";
    return bad("ClickHouse", `the embedded library cannot be loaded: ${reasonOf(error)}`, remedy);
  }
}

async function checkServer(url: string): Promise<DoctorFinding> {
  const client = createClient({ url, request_timeout: ANSWER_WITHIN_MS });
  try {
    const ping = await client.ping();
    if (ping.success) return good("ClickHouse", "the server answers");
    const remedy = "Check ledger.clickhouseUrl and that the server runs.";
    return bad("ClickHouse", `the server does not answer: ${ping.error.message}`, remedy);
  } finally {
    await client.close();
  }
}
