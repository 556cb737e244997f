import { CheckCircledIcon, CrossCircledIcon, Pencil1Icon, TimerIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import type { Verdict } from "./describe-decision.ts";
import classes from "./verdict-badge.module.css";

const looks = {
  denied: { label: "Denied", Icon: CrossCircledIcon },
  approval: { label: "Needs approval", Icon: TimerIcon },
  changed: { label: "Changed", Icon: Pencil1Icon },
  allowed: { label: "Allowed", Icon: CheckCircledIcon },
} as const;

/** Text and icon carry the meaning; colour only helps. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict }): ReactElement {
  const { label, Icon } = looks[verdict];
  return (
    <span className={`${classes["badge"]} ${classes[verdict]}`}>
      <Icon aria-hidden /> {label}
    </span>
  );
}
