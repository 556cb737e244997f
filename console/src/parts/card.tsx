import { Title } from "@mantine/core";
import { type ReactElement, type ReactNode, useId } from "react";
import classes from "./card.module.css";

interface CardProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled region of a view. */
export function Card({ title, description, actions, children }: CardProps): ReactElement {
  const titleId = useId();
  return (
    <section className={classes["card"]} aria-labelledby={titleId}>
      <div className={classes["head"]}>
        <div className={classes["titles"]}>
          <Title order={2} id={titleId} className={classes["title"] ?? ""}>
            {title}
          </Title>
          {description === undefined ? null : (
            <p className={classes["description"]}>{description}</p>
          )}
        </div>
        {actions}
      </div>
      <div className={classes["body"]}>{children}</div>
    </section>
  );
}
