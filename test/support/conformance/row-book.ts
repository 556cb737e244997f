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
      tokens: isMetered(bill) ? bill.reported : null,
    }));
  }

  /** What they do say. */
  recorded(rows: readonly LedgerRow[]): readonly Entry[] {
    const byUpstreamId = new Map(rows.map((row) => [row["upstream_request_id"], row]));
    return this.#bills.map(({ what, bill }) => {
      const row = byUpstreamId.get(bill.id);
      if (row === undefined) return { what, missing: bill.id };
      const { outcome, stream_end: streamEnd, flags, stream } = row;
      const source = isMetered(bill) ? { usageSource: row["usage_source"] } : {};
      const shown = isTimed(bill) ? [] : flags;
      return {
        what,
        outcome,
        streamEnd,
        flags: shown,
        ...source,
        stream,
        upstreamStatus: row["upstream_status"],
        key: credentialDigest(providerKey),
        tokens: isMetered(bill) ? tokensOf(row) : null,
      };
    });
  }
}

/** Billed in tokens, and told so at once: not what is free, nor a batch, nor what runs on later. */
function isMetered({ end, billed, reported }: BilledCall): boolean {
  const isBilled = Object.values(billed ?? {}).some((tokens) => tokens > 0);
  return end === "complete" && isBilled && reported !== null;
}

/** Seconds fit no class of tokens: the row keeps them raw, and flags them. */
function isTimed({ billedSeconds }: BilledCall): boolean {
  return billedSeconds > 0;
}

function endOf(bill: BilledCall): Entry {
  switch (bill.end) {
    case "complete": {
      const source = isMetered(bill) ? { usageSource: "provider_final" } : {};
      return { outcome: "completed", streamEnd: "complete", flags: [], ...source };
    }
    case "client_abort":
      return { outcome: "client_abort", streamEnd: "client_abort", flags: [] };
    default:
      return { outcome: "upstream_error", streamEnd: "upstream_error", flags: [] };
  }
}
