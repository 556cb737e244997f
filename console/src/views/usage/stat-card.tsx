import type { ReactElement } from "react";
import type { Stat } from "../../charts/prepare/stats.ts";
import { InfoTip } from "../../parts/info-tip.tsx";
import { LinkText } from "../../parts/link-button.tsx";
import classes from "./stat-card.module.css";

/** One figure, with what it means a click away. */
export function StatCard({ stat }: { readonly stat: Stat }): ReactElement {
  const leadsToDenied = stat.id === "denied" && stat.value !== "0";
  return (
    <li className={classes["stat"]}>
      <div className={classes["head"]}>
        <span className={classes["label"]}>{stat.label}</span>
        <InfoTip label={`What “${stat.label}” means`}>{stat.meaning}</InfoTip>
      </div>
      <div className={classes["value"]} title={stat.exact}>
        {stat.value}
      </div>
      <div className={classes["note"]}>
        {stat.note}
        {leadsToDenied ? (
          <>
            {" · "}
            <LinkText to="/decisions" search={{ show: "denied" }} fz="inherit" underline="always">
              why
            </LinkText>
          </>
        ) : null}
      </div>
    </li>
  );
}
