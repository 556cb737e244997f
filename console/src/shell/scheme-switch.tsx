import {
  ActionIcon,
  type MantineColorScheme,
  SegmentedControl,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { DesktopIcon, MoonIcon, QuestionMarkCircledIcon, SunIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import classes from "./scheme-switch.module.css";

const schemes = [
  { value: "light", label: "Light", Icon: SunIcon },
  { value: "dark", label: "Dark", Icon: MoonIcon },
  { value: "auto", label: "As the system", Icon: DesktopIcon },
] as const satisfies readonly { readonly value: MantineColorScheme; [key: string]: unknown }[];

/** Light, dark or as the system has it; and the way to the keyboard help. */
export function SchemeSwitch({ onHelp }: { readonly onHelp: () => void }): ReactElement {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={classes["row"]}>
      <SegmentedControl
        size="xs"
        aria-label="Colour scheme"
        value={colorScheme}
        onChange={(value) => setColorScheme(value)}
        data={schemes.map(({ value, label, Icon }) => ({
          value,
          label: (
            <span title={label} style={{ display: "grid", placeItems: "center", height: 18 }}>
              <Icon aria-hidden />
              <VisuallyHidden>{label}</VisuallyHidden>
            </span>
          ),
        }))}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={32}
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
        onClick={onHelp}
      >
        <QuestionMarkCircledIcon aria-hidden color="var(--mantine-color-dimmed)" />
      </ActionIcon>
    </div>
  );
}
