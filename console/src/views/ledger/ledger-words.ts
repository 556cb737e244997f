import type { LedgerReport } from "@weir/gateway/contracts";

export interface LedgerNotice {
  readonly tone: "info" | "warning" | "error";
  readonly title: string;
  readonly advice: string;
}

/** Older than this, what waits is more than the pause between two batches. */
const lateMs = 60_000;

/** What a reader has to know of the ledger's state, and what to do; null when all is well. */
export function noticeOf(status: LedgerReport): LedgerNotice | null {
  const { audit, outbox } = status;
  if (audit.state === "unavailable") {
    return {
      tone: "error",
      title: "The audit log cannot be written: nothing is shipped until it can.",
      advice: `Calls go on and are kept in the spool. ${audit.lastError}`,
    };
  }
  if (!outbox.isAccepting) {
    return {
      tone: "error",
      title: "Changes are refused, for they could not be recorded.",
      advice: `Usually the disk is full. ${outbox.lastError}`,
    };
  }
  if (status.state === "unavailable") {
    return {
      tone: "error",
      title: "ClickHouse cannot be reached.",
      advice:
        "Calls go on and are kept in the spool, which has a bound. Look at ClickHouse and at `weir doctor`.",
    };
  }
  if (status.state === "opening") {
    return { tone: "info", title: "ClickHouse is being opened.", advice: "Calls go on meanwhile." };
  }
  if (status.lastError !== "") {
    return {
      tone: "warning",
      title: "The last attempt to ship failed; it is tried again by itself.",
      advice: status.lastError,
    };
  }
  if (status.deadRows > 0) {
    return {
      tone: "warning",
      title: "ClickHouse would not take some rows.",
      advice: "They are kept: `weir ledger dead-letters list` shows them and why.",
    };
  }
  const place = audit.secondPlaces.find(({ lastError }) => lastError !== "");
  if (place !== undefined) {
    return {
      tone: "warning",
      title: `Signed heads do not reach ${place.place}.`,
      advice: `They stand in the log here, and are sent again: ${place.lastError}`,
    };
  }
  if (status.oldestUnshippedAgeMs > lateMs) {
    return {
      tone: "warning",
      title: "Rows wait longer than they should.",
      advice: "See whether ClickHouse keeps up: `weir ledger status`.",
    };
  }
  return null;
}
