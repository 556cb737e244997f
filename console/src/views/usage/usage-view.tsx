import type { OwnUsage } from "@weir/gateway/contracts";
import { useSearch } from "@tanstack/react-router";
import { type ReactElement, useState } from "react";
import { useOwnBudgets } from "../../api/queries/use-own-budgets.ts";
import { useOwnUsage } from "../../api/queries/use-own-usage.ts";
import { PageHeader } from "../../parts/page-header.tsx";
import { Freshness } from "../../parts/freshness.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useNow } from "../../parts/use-now.ts";
import { useServices } from "../../services.ts";
import { dayIn } from "../../url/calendar-day.ts";
import { formatRange } from "../../url/range.ts";
import { resolveUsageRange } from "../../url/usage-search.ts";
import { BudgetsCard } from "./budgets-card.tsx";
import { CopyUsageLink } from "./copy-usage-link.tsx";
import { GettingStarted } from "./getting-started.tsx";
import { NoUsageInRange } from "./no-usage-in-range.tsx";
import { PrivacyNote } from "./privacy-note.tsx";
import { RangePicker } from "./range-picker.tsx";
import { UsageFigures } from "./usage-figures.tsx";
import { UsageSkeleton } from "./usage-skeleton.tsx";

const isQuiet = ({ totals }: OwnUsage): boolean =>
  totals.requests === 0 && totals.denied === 0 && totals.errors === 0;

/** What the signed-in person has used, in a range that the address holds. */
export function UsageView(): ReactElement {
  const search = useSearch({ from: "/usage" });
  const { ownTimeZone } = useServices();
  const timeZone = search.tz ?? ownTimeZone;
  // Every minute, so that "today" moves on at midnight in a tab that stays open.
  const today = dayIn(timeZone, useNow(60_000));
  const range = resolveUsageRange(search, today);
  const [paused, setPaused] = useState(false);
  const budgets = useOwnBudgets(paused);
  const usage = useOwnUsage({ ...range, timeZone }, paused);
  return (
    <>
      <PageHeader
        title="My usage"
        description={`${formatRange(range)} · days in ${timeZone.replaceAll("_", " ")}`}
        aside={
          <>
            {usage.data === undefined ? null : (
              <Freshness
                asOfMs={usage.data.asOfMs}
                updatedAtMs={usage.dataUpdatedAt}
                timeZone={timeZone}
                paused={paused}
                onPausedChange={setPaused}
              />
            )}
            <CopyUsageLink range={range} timeZone={timeZone} />
          </>
        }
      />
      <RangePicker search={search} range={range} today={today} timeZone={timeZone} />
      <Panel
        query={usage}
        skeleton={<UsageSkeleton />}
        renderEmpty={(data) => {
          if (!data.everUsed) return <GettingStarted />;
          return isQuiet(data) ? <NoUsageInRange range={range} today={today} /> : null;
        }}
      >
        {(data) => <UsageFigures usage={data} today={today} isUpdating={usage.isPlaceholderData} />}
      </Panel>
      <Panel query={budgets} skeleton={null}>
        {(data) => <BudgetsCard budgets={data.budgets} timeZone={timeZone} />}
      </Panel>
      <PrivacyNote />
    </>
  );
}
