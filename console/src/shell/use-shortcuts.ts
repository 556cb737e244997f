import { useLocalStorage } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";

const sequenceMs = 1200;

export interface Shortcuts {
  readonly enabled: boolean;
  readonly setEnabled: (enabled: boolean) => void;
}

/** Fields take letters for themselves; so do menus and lists that find by typing. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true], [role=menu], [role=listbox], [role=combobox]",
    ) !== null
  );
}

/**
 * `g u`, `g d` and `?`. They can be switched off, as WCAG 2.1.4 asks of single-character keys.
 * @param openHelp - what `?` does.
 */
export function useShortcuts(openHelp: () => void): Shortcuts {
  const navigate = useNavigate();
  const [enabled, setEnabled] = useLocalStorage({ key: "weir-shortcuts", defaultValue: true });
  const goPressedAt = useRef(Number.NEGATIVE_INFINITY);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) return;
    const follows = event.timeStamp - goPressedAt.current < sequenceMs;
    goPressedAt.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (event.key === "?") openHelp();
    else if (follows && event.key === "u") void navigate({ to: "/usage" });
    else if (follows && event.key === "d") void navigate({ to: "/decisions" });
    else return;
    event.preventDefault();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);

  return { enabled, setEnabled };
}
