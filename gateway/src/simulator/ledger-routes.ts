import { chatWire } from "./openai-chat/wire.ts";
import type { Route } from "./route.ts";
import { sendJson } from "./send.ts";

const path = "/simulator/billed";

/** Reads and empties the ledger. */
export const ledgerRoutes: readonly Route[] = [
  {
    method: "GET",
    path,
    wire: chatWire,
    serve: ({ response, query, ledger }) => {
      const after = Number(query.get("after") ?? 0);
      sendJson(response, JSON.stringify({ totals: ledger.totals(), calls: ledger.calls(after) }));
    },
  },
  {
    method: "DELETE",
    path,
    wire: chatWire,
    serve: ({ response, ledger }) => {
      ledger.reset();
      response.writeHead(204).end();
    },
  },
];
