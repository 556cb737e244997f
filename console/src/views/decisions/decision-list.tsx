import type { DecisionItem } from "@weir/gateway/contracts";
import { Paper } from "@mantine/core";
import type { ReactElement } from "react";
import { useNow } from "../../parts/use-now.ts";
import classes from "./decision-list.module.css";
import { DecisionRow } from "./decision-row.tsx";

interface DecisionListProps {
  readonly items: readonly DecisionItem[];
  readonly timeZone: string;
  readonly openId: string | undefined;
}

export function DecisionList({ items, timeZone, openId }: DecisionListProps): ReactElement {
  const nowMs = useNow(60_000);
  return (
    <Paper withBorder radius="lg" bg="var(--weir-surface)">
      <ul className={classes["list"]} aria-label="Decisions, newest first">
        {items.map((item) => (
          <DecisionRow
            key={item.id}
            item={item}
            nowMs={nowMs}
            timeZone={timeZone}
            isOpen={item.id === openId}
          />
        ))}
      </ul>
    </Paper>
  );
}
