import type { AuditStatus, OutboxStatus } from "@weir/gateway/contracts";
import { Table } from "@mantine/core";
import type { ReactElement } from "react";
import { formatInstant } from "../../format/clock.ts";
import { formatCount, formatNoun } from "../../format/numbers.ts";
import { Card } from "../../parts/card.tsx";
import { FactRow } from "./fact-row.tsx";

const states = { open: "Open", unavailable: "Not writable" } as const;

/** The log that proves that no decision, change or access was altered since. */
export function AuditTable({
  audit,
  outbox,
  timeZone,
}: {
  readonly audit: AuditStatus;
  readonly outbox: OutboxStatus;
  readonly timeZone: string;
}): ReactElement {
  const { head, secondPlaces } = audit;
  return (
    <Card
      title="The log that proves it"
      description="Every decision, change and access is an entry of a signed log. Check it with: weir audit verify"
    >
      <Table verticalSpacing={8} aria-label="State of the audit log">
        <Table.Tbody>
          <FactRow name="Audit log">{states[audit.state]}</FactRow>
          <FactRow name="Entries">{formatCount(audit.leaves)}</FactRow>
          <FactRow name="Newest signed head">
            {head === null
              ? "None yet"
              : `${formatInstant(head.timeMs, timeZone)}, over ${formatNoun(head.size, "entry", "entries")}`}
          </FactRow>
          <FactRow name="Entries that no head covers yet">
            {formatCount(audit.unsignedLeaves)}
          </FactRow>
          <FactRow name="Changes on their way into it">
            {outbox.unpublishedChanges === 0 ? "None" : formatCount(outbox.unpublishedChanges)}
          </FactRow>
          <FactRow name="Heads kept elsewhere too">
            {secondPlaces.length === 0
              ? "Nowhere: set audit.publishTo"
              : secondPlaces.map(({ place }) => place).join(", ")}
          </FactRow>
        </Table.Tbody>
      </Table>
    </Card>
  );
}
