import { CrossCircledIcon, ExclamationTriangleIcon, InfoCircledIcon } from "@radix-ui/react-icons";
import type { ReactElement, ReactNode } from "react";
import classes from "./notice.module.css";

interface NoticeProps {
  readonly tone: "info" | "warning" | "error";
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** `alert` interrupts a screen reader: only for what has just gone wrong. */
  readonly role?: "alert" | "note" | "status";
}

const icons = {
  info: InfoCircledIcon,
  warning: ExclamationTriangleIcon,
  error: CrossCircledIcon,
} as const;

/** A strip that tells the reader something about the page they are on. */
export function Notice({
  tone,
  title,
  children,
  action,
  role = "note",
}: NoticeProps): ReactElement {
  const Icon = icons[tone];
  return (
    <div className={`${classes["notice"]} ${classes[tone]}`} role={role}>
      <Icon aria-hidden />
      <div className={classes["text"]}>
        <span className={classes["title"]}>{title}</span>{" "}
        <span className={classes["detail"]}>{children}</span>
      </div>
      {action}
    </div>
  );
}
