import { Button, CopyButton } from "@mantine/core";
import { CheckIcon, CopyIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";

interface CopyActionProps {
  readonly value: string;
  readonly label: string;
  readonly size?: "compact-sm" | "compact-xs" | "xs" | "sm";
  readonly variant?: "default" | "subtle";
}

/** Copies `value`, and says so in the button and to screen readers. */
export function CopyAction({
  value,
  label,
  size = "sm",
  variant = "default",
}: CopyActionProps): ReactElement {
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          variant={variant}
          size={size}
          onClick={copy}
          leftSection={copied ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
        >
          <span aria-live="polite">{copied ? "Copied" : label}</span>
        </Button>
      )}
    </CopyButton>
  );
}
