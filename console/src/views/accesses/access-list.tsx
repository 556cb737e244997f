import type { AccessItem } from "@weir/gateway/contracts";
import { Paper } from "@mantine/core";
import type { ReactElement } from "react";
import { formatInstant, formatRelativeDay, formatSeconds } from "../../format/clock.ts";
import { useNow } from "../../parts/use-now.ts";
import classes from "./access-list.module.css";
import { lookerOf, resourceOf, scopeOf } from "./describe-access.ts";

interface AccessRowProps {
  readonly item: AccessItem;
  readonly nowMs: number;
  readonly timeZone: string;
}

/** One look: when, who, why, at what. */
function AccessRow({ item, nowMs, timeZone }: AccessRowProps): ReactElement {
  return (
    <li className={classes["row"]}>
      <time
        className={classes["time"]}
        dateTime={new Date(item.accessedAtMs).toISOString()}
        title={formatInstant(item.accessedAtMs, timeZone)}
      >
        {formatSeconds(item.accessedAtMs, timeZone)}{" "}
        <span className={classes["sub"]}>
          {formatRelativeDay(item.accessedAtMs, nowMs, timeZone)}
        </span>
      </time>
      <div className={classes["who"]}>
        <span className={classes["name"]}>{lookerOf(item)}</span>
        <p className={classes["purpose"]}>
          {item.purpose === "" ? "No purpose was given." : item.purpose}
        </p>
      </div>
      <div className={classes["what"]}>
        {resourceOf(item)} <span className={classes["sub"]}>{scopeOf(item)}</span>
      </div>
    </li>
  );
}

interface AccessListProps {
  readonly items: readonly AccessItem[];
  readonly timeZone: string;
}

export function AccessList({ items, timeZone }: AccessListProps): ReactElement {
  const nowMs = useNow(60_000);
  return (
    <Paper withBorder radius="lg" bg="var(--weir-surface)">
      <ul className={classes["list"]} aria-label="Looks at your data, newest first">
        {items.map((item) => (
          <AccessRow key={item.id} item={item} nowMs={nowMs} timeZone={timeZone} />
        ))}
      </ul>
    </Paper>
  );
}
