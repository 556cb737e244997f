import { once } from "node:events";
import { createServer } from "node:http";
import { type ClickHouseClient, createClient } from "@clickhouse/client";

export interface CannedLedger extends AsyncDisposable {
  readonly client: ClickHouseClient;
  /** Every question so far, in order. */
  readonly questions: string[];
}

/** A ClickHouse that answers every question with the same row: for what is asked, and when. */
export async function createCannedLedger(row: object): Promise<CannedLedger> {
  const questions: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      questions.push(text);
      response.end(`${JSON.stringify(row)}\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it does not listen");
  const client = createClient({ url: `http://127.0.0.1:${address.port}` });
  return {
    client,
    questions,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
