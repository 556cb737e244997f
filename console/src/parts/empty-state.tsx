import { Title } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import classes from "./empty-state.module.css";

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  /** The next step. */
  readonly actions?: ReactNode;
}

/** Nothing to show, why, and what to do about it. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps): ReactElement {
  return (
    <div className={classes["empty"]}>
      <span className={classes["icon"]}>{icon}</span>
      <Title order={2} className={classes["title"] ?? ""}>
        {title}
      </Title>
      <p className={classes["text"]}>{children}</p>
      <div className={classes["actions"]}>{actions}</div>
    </div>
  );
}
