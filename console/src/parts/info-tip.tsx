import { ActionIcon, Popover } from "@mantine/core";
import { InfoCircledIcon } from "@radix-ui/react-icons";
import type { ReactElement, ReactNode } from "react";

interface InfoTipProps {
  /** `What spend means` */
  readonly label: string;
  readonly children: ReactNode;
}

/** A definition behind a button: works with pointer, keyboard and touch alike. */
export function InfoTip({ label, children }: InfoTipProps): ReactElement {
  return (
    <Popover width={280} position="top" withArrow shadow="md" withRoles={false}>
      <Popover.Target>
        <ActionIcon variant="transparent" color="gray" size={24} aria-label={label}>
          <InfoCircledIcon aria-hidden width={14} height={14} color="var(--mantine-color-dimmed)" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown fz="sm" role="note" aria-label={label}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
