import type { OwnUsage } from "@weir/gateway/contracts";
import type { ReactElement } from "react";
import { ChartCard } from "../../charts/chart-card.tsx";
import { prepareCaveats } from "../../charts/prepare/caveats.ts";
import { prepareModels } from "../../charts/prepare/models.ts";
import { prepareSpendOverTime } from "../../charts/prepare/spend-over-time.ts";
import { prepareStats } from "../../charts/prepare/stats.ts";
import { prepareTokenMix } from "../../charts/prepare/token-mix.ts";
import { prepareTokensOverTime } from "../../charts/prepare/tokens-over-time.ts";
import { Notice } from "../../parts/notice.tsx";
import { useSignedIn } from "../../shell/me-context.ts";
import type { CalendarDay } from "../../url/calendar-day.ts";
import { ModelsCard } from "./models-card.tsx";
import { StatCard } from "./stat-card.tsx";
import { TokenMixCard } from "./token-mix-card.tsx";
import classes from "./usage-figures.module.css";

interface UsageFiguresProps {
  readonly usage: OwnUsage;
  readonly today: CalendarDay;
  /** The figures are still those of the range before. */
  readonly isUpdating: boolean;
}

/** Cards, charts and models of one answer. */
export function UsageFigures({ usage, today, isUpdating }: UsageFiguresProps): ReactElement {
  const { retentionDays } = useSignedIn();
  return (
    <div
      className={`${classes["figures"]} ${isUpdating ? classes["updating"] : ""}`}
      aria-busy={isUpdating}
    >
      {prepareCaveats(usage, today, retentionDays).map((caveat) => (
        <Notice key={caveat.id} tone={caveat.tone} title={`${caveat.title}.`}>
          {caveat.detail}
        </Notice>
      ))}
      <ul className={classes["stats"]} aria-label="Totals">
        {prepareStats(usage).map((stat) => (
          <StatCard key={stat.id} stat={stat} />
        ))}
      </ul>
      <TokenMixCard mix={prepareTokenMix(usage.totals.tokens)} />
      <div className={classes["charts"]}>
        <ChartCard chart={prepareTokensOverTime(usage, today)} />
        <ChartCard chart={prepareSpendOverTime(usage, today)} />
      </div>
      <ModelsCard models={prepareModels(usage)} />
    </div>
  );
}
