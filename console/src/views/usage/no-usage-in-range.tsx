import { Paper } from "@mantine/core";
import { CalendarIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { formatNoun } from "../../format/numbers.ts";
import { useSignedIn } from "../../shell/me-context.ts";
import { addDays, type CalendarDay } from "../../url/calendar-day.ts";
import { type DayRange, formatRange, presetRange } from "../../url/range.ts";

interface NoUsageInRangeProps {
  readonly range: DayRange;
  readonly today: CalendarDay;
}

/** Used before, but not in these days: offers a range that reaches further back. */
export function NoUsageInRange({ range, today }: NoUsageInRangeProps): ReactElement {
  const { retentionDays } = useSignedIn();
  const month = presetRange("30d", today);
  const coversMonth = range.from <= month.from && range.to >= month.to;
  return (
    <Paper withBorder radius="lg" bg="var(--weir-surface)">
      <EmptyState
        icon={<CalendarIcon aria-hidden width={20} height={20} />}
        title="No calls in this range"
        actions={
          coversMonth ? (
            <LinkButton
              to="/usage"
              search={(old) => ({
                ...old,
                range: "custom" as const,
                from: addDays(today, -364),
                to: today,
              })}
            >
              Show the last 365 days
            </LinkButton>
          ) : (
            <LinkButton
              to="/usage"
              search={(old) => ({
                range: "30d" as const,
                ...(old.tz === undefined ? {} : { tz: old.tz }),
              })}
            >
              Show last 30 days
            </LinkButton>
          )
        }
      >
        Your keys made no calls on {formatRange(range)}, but they did at other times. Calls are kept
        for {formatNoun(retentionDays, "day")}.
      </EmptyState>
    </Paper>
  );
}
