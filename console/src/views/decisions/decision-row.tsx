import type { DecisionItem } from "@weir/gateway/contracts";
import { ChevronRightIcon, Pencil1Icon } from "@radix-ui/react-icons";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { formatInstant, formatRelativeDay, formatSeconds } from "../../format/clock.ts";
import classes from "./decision-list.module.css";
import { targetOf, verdictOf, whyOf } from "./describe-decision.ts";
import { describeObligation } from "./describe-obligation.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

interface DecisionRowProps {
  readonly item: DecisionItem;
  readonly nowMs: number;
  readonly timeZone: string;
  /** Its details are open. */
  readonly isOpen: boolean;
}

function Facts({ item }: { readonly item: DecisionItem }): ReactElement {
  return (
    <>
      {item.obligations.length === 0 ? null : (
        <div className={classes["facts"]}>
          {item.obligations.map(describeObligation).map((words) => (
            <span key={words} className={classes["obligation"]}>
              <Pencil1Icon aria-hidden /> {words}
            </span>
          ))}
        </div>
      )}
      <div className={classes["facts"]}>
        {item.rules.map((rule) => (
          <span key={rule.id} className={classes["rule"]}>
            {rule.id}
          </span>
        ))}
      </div>
    </>
  );
}

/** One decision: when, what, why, by which rules, about which model and tools. */
export function DecisionRow({ item, nowMs, timeZone, isOpen }: DecisionRowProps): ReactElement {
  return (
    <li className={classes["row"]} data-open={isOpen || undefined}>
      <time
        className={classes["time"]}
        dateTime={new Date(item.decidedAtMs).toISOString()}
        title={formatInstant(item.decidedAtMs, timeZone)}
      >
        {formatSeconds(item.decidedAtMs, timeZone)}{" "}
        <span className={classes["day"]}>
          {formatRelativeDay(item.decidedAtMs, nowMs, timeZone)}
        </span>
      </time>
      <span className={classes["verdict"]}>
        <VerdictBadge verdict={verdictOf(item)} />
      </span>
      <div className={classes["why"]}>
        <Link
          className={classes["open"]}
          to="/decisions"
          search={(old) => ({ ...old, decision: item.id })}
          resetScroll={false}
          aria-current={isOpen ? "true" : undefined}
        >
          {whyOf(item)}
        </Link>
        <Facts item={item} />
      </div>
      <div className={classes["target"]}>
        {targetOf(item)}{" "}
        <span className={classes["sub"]}>
          {item.toolNames.length === 0 ? "no tools" : `tools: ${item.toolNames.join(", ")}`}
        </span>
      </div>
      <ChevronRightIcon aria-hidden className={classes["chevron"] ?? ""} />
    </li>
  );
}
