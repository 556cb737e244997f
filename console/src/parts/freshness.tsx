import { Button } from "@mantine/core";
import { PauseIcon, PlayIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { formatClock } from "../format/clock.ts";
import { formatAgo } from "../format/duration.ts";
import classes from "./freshness.module.css";
import { useNow } from "./use-now.ts";

interface FreshnessProps {
  /** Up to when the server's figures go. */
  readonly asOfMs: number;
  /** When they were last read. */
  readonly updatedAtMs: number;
  readonly timeZone: string;
  readonly paused: boolean;
  readonly onPausedChange: (paused: boolean) => void;
}

/** `As of 12:03 · updated 8 s ago · Pause`. Not a live region: it would never stop talking. */
export function Freshness(props: FreshnessProps): ReactElement {
  const now = useNow(1000);
  const { asOfMs, updatedAtMs, timeZone, paused, onPausedChange } = props;
  return (
    <span className={classes["freshness"]}>
      <span>As of {formatClock(asOfMs, timeZone)}</span>
      <span aria-hidden>·</span>
      <span>{paused ? "updates paused" : `updated ${formatAgo(now - updatedAtMs)}`}</span>
      <Button
        variant="subtle"
        size="compact-xs"
        h={24}
        leftSection={paused ? <PlayIcon aria-hidden /> : <PauseIcon aria-hidden />}
        aria-label={paused ? "Resume updates" : "Pause updates"}
        onClick={() => onPausedChange(!paused)}
      >
        {paused ? "Resume" : "Pause"}
      </Button>
    </span>
  );
}
