import { credentialDigest } from "../../../gateway/src/simulator/credential.ts";
import type { BilledCall } from "../../../gateway/src/simulator/ledger.ts";
import { tokensOf, type LedgerRow } from "../read-ledger.ts";
import type { Observed } from "./observe.ts";
import { providerKey } from "./provider-key.ts";

/** A call by the run that made it, as its bill or its row tells it. */
export type Entry = Readonly<Record<string, unknown>>;

/** Collects what the simulator billed for calls through Weir, to be held against Weir's rows. */
export class RowBook {
  readonly #bills: { readonly what: string; readonly bill: BilledCall }[] = [];
  /** Answers that clients got: there is to be a row for each. */
  answers = 0;

  /** `what` names the run in what is told of it. */
  add(what: string, through: Observed<unknown>): void {
    for (const bill of through.bills) this.#bills.push({ what, bill });
    this.answers += through.answers.length;
  }

  /** What the rows have to say, in the order of the calls. */
  billed(): readonly Entry[] {
    return this.#bills.map(({ what, bill }) => ({
      what,
      ...endOf(bill),
      stream: bill.stream,
      upstreamStatus: bill.status,
      key: bill.credential.sha256Prefix,
      tokens: isTold(bill) ? bill.reported : null,
    }));
  }

  /** What they do say. */
  recorded(rows: readonly LedgerRow[]): readonly Entry[] {
    const byUpstreamId = new Map(rows.map((row) => [row["upstream_request_id"], row]));
    return this.#bills.map(({ what, bill }) => {
      const row = byUpstreamId.get(bill.id);
      if (row === undefined) return { what, missing: bill.id };
      const { outcome, stream_end: streamEnd, flags, stream } = row;
      const source = bill.end === "complete" ? { usageSource: row["usage_source"] } : {};
      return {
        what,
        outcome,
        streamEnd,
        flags,
        ...source,
        stream,
        upstreamStatus: row["upstream_status"],
        key: credentialDigest(providerKey),
        tokens: isTold(bill) ? tokensOf(row) : null,
      };
    });
  }
}

function isTold(bill: BilledCall): boolean {
  return bill.end === "complete" && bill.reported !== null;
}

function endOf(bill: BilledCall): Entry {
  switch (bill.end) {
    case "complete": {
      const usageSource = bill.reported === null ? "missing" : "provider_final";
      return { outcome: "completed", streamEnd: "complete", flags: [], usageSource };
    }
    case "client_abort":
      return { outcome: "client_abort", streamEnd: "client_abort", flags: [] };
    default:
      return { outcome: "upstream_error", streamEnd: "upstream_error", flags: [] };
  }
}
