import { ActionIcon, Select, SegmentedControl } from "@mantine/core";
import { ChevronLeftIcon, ChevronRightIcon, GlobeIcon } from "@radix-ui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, useMemo } from "react";
import { useServices } from "../../services.ts";
import type { CalendarDay } from "../../url/calendar-day.ts";
import { type DayRange, isRangePreset, rangePresets, shiftRange } from "../../url/range.ts";
import { timeZoneChoices } from "../../url/time-zone.ts";
import { chosenPreset, type UsageSearch } from "../../url/usage-search.ts";
import { CustomRange } from "./custom-range.tsx";
import classes from "./range-picker.module.css";

interface RangePickerProps {
  readonly search: UsageSearch;
  readonly range: DayRange;
  readonly today: CalendarDay;
  readonly timeZone: string;
}

/** Which days, counted in which zone. All of it lives in the address. */
export function RangePicker({ search, range, today, timeZone }: RangePickerProps): ReactElement {
  const navigate = useNavigate({ from: "/usage" });
  const { ownTimeZone } = useServices();
  const zones = useMemo(() => timeZoneChoices(ownTimeZone), [ownTimeZone]);
  const zone = search.tz === undefined ? {} : { tz: search.tz };
  const show = (next: UsageSearch): void => void navigate({ to: "/usage", search: next });
  const showDays = ({ from, to }: DayRange): void => show({ range: "custom", from, to, ...zone });
  const preset = chosenPreset(search);
  return (
    <section className={classes["picker"]} aria-label="Range">
      <div className={classes["scroll"]}>
        <SegmentedControl
          size="sm"
          classNames={{ label: classes["preset"] ?? "" }}
          aria-label="Days"
          value={preset}
          onChange={(value) => {
            if (isRangePreset(value)) show({ range: value, ...zone });
          }}
          data={rangePresets.map(({ id, label }) => ({ value: id, label }))}
        />
      </div>
      <ActionIcon.Group>
        <ActionIcon
          variant="default"
          size={34}
          aria-label="Earlier days"
          onClick={() => showDays(shiftRange(range, -1))}
        >
          <ChevronLeftIcon aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={34}
          aria-label="Later days"
          disabled={range.to >= today}
          onClick={() => showDays(shiftRange(range, 1))}
        >
          <ChevronRightIcon aria-hidden />
        </ActionIcon>
      </ActionIcon.Group>
      <CustomRange
        key={`${range.from}/${range.to}`}
        range={range}
        today={today}
        active={preset === "custom"}
        onApply={showDays}
      />
      <span className={classes["spring"]} />
      <Select
        className={classes["zone"] ?? ""}
        aria-label="Time zone"
        data={zones}
        value={timeZone}
        searchable
        limit={60}
        allowDeselect={false}
        leftSection={<GlobeIcon aria-hidden />}
        nothingFoundMessage="No such time zone"
        onChange={(value) => {
          if (value === null) return;
          const { tz: _, ...rest } = search;
          show(value === ownTimeZone ? rest : { ...rest, tz: value });
        }}
      />
    </section>
  );
}
