import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { CalendarIcon } from "@radix-ui/react-icons";
import { type FormEvent, type ReactElement, useState } from "react";
import type { CalendarDay } from "../../url/calendar-day.ts";
import { type DayRange, formatRange, rangeProblem } from "../../url/range.ts";

interface CustomRangeProps {
  readonly range: DayRange;
  readonly today: CalendarDay;
  readonly active: boolean;
  readonly onApply: (range: DayRange) => void;
}

/** Any first and last day, by the browser's own date fields. */
export function CustomRange({ range, today, active, onApply }: CustomRangeProps): ReactElement {
  const [opened, setOpened] = useState(false);
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const [problem, setProblem] = useState<string | null>(null);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    const found = rangeProblem(from, to);
    setProblem(found);
    if (found !== null) return;
    setOpened(false);
    onApply({ from, to });
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus shadow="md" position="bottom-start">
      <Popover.Target>
        <Button
          variant={active ? "light" : "default"}
          size="sm"
          h={34}
          px={12}
          leftSection={<CalendarIcon aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {active ? formatRange(range) : "Custom"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Custom range">
        <form onSubmit={apply} noValidate>
          <Stack gap="sm">
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <TextInput
                type="date"
                label="First day"
                value={from}
                max={today}
                data-autofocus
                onChange={(event) => setFrom(event.currentTarget.value)}
              />
              <TextInput
                type="date"
                label="Last day"
                value={to}
                max={today}
                onChange={(event) => setTo(event.currentTarget.value)}
              />
            </Group>
            <div role="alert" style={{ color: "var(--mantine-color-error)", fontSize: 13 }}>
              {problem}
            </div>
            <Button type="submit">Show these days</Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
