import type { LedgerStatus } from "@weir/gateway/contracts";
import { Table } from "@mantine/core";
import type { ReactElement } from "react";
import { formatInstant } from "../../format/clock.ts";
import { formatMs } from "../../format/duration.ts";
import { formatBytes, formatCount } from "../../format/numbers.ts";
import { Card } from "../../parts/card.tsx";
import { FactRow as Row } from "./fact-row.tsx";

const states = { ready: "Ready", opening: "Opening", unavailable: "Not reachable" } as const;

/** How far the ledger is behind the calls, and what has gone wrong. */
export function LedgerTable({
  status,
  timeZone,
}: {
  readonly status: LedgerStatus;
  readonly timeZone: string;
}): ReactElement {
  const { lastShippedAtMs, pendingRows, pendingBytes, oldestUnshippedAgeMs } = status;
  return (
    <Card
      title="From the spool to ClickHouse"
      description="A call is on record once its row is in the spool of its proxy. From there rows go to ClickHouse, each exactly once."
    >
      <Table verticalSpacing={8} aria-label="State of the ledger">
        <Table.Tbody>
          <Row name="ClickHouse">{states[status.state]}</Row>
          <Row name="Rows waiting">
            {pendingRows === 0
              ? "None"
              : `about ${formatCount(pendingRows)} (${formatBytes(pendingBytes)})`}
          </Row>
          <Row name="Oldest waiting row">
            {oldestUnshippedAgeMs === 0 ? "None" : formatMs(oldestUnshippedAgeMs)}
          </Row>
          <Row name="Last shipped">
            {lastShippedAtMs === null
              ? "Not since Weir was started"
              : formatInstant(lastShippedAtMs, timeZone)}
          </Row>
          <Row name="Rows shipped">{formatCount(status.shippedRows)}</Row>
          <Row name="Dead letters">{formatCount(status.deadRows)}</Row>
          <Row name="Failed attempts since the start">{formatCount(status.failures)}</Row>
        </Table.Tbody>
      </Table>
    </Card>
  );
}
