import { Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactElement, ReactNode } from "react";
import classes from "./page-header.module.css";

interface PageHeaderProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly aside?: ReactNode;
}

/** A view's heading, which is also the page's title. */
export function PageHeader({ title, description, aside }: PageHeaderProps): ReactElement {
  useDocumentTitle(`${title} · Weir`);
  return (
    <div className={classes["header"]}>
      <div className={classes["titles"]}>
        <Title order={1} className={classes["title"] ?? ""}>
          {title}
        </Title>
        <p className={classes["description"]}>{description}</p>
      </div>
      {aside === undefined ? null : <div className={classes["aside"]}>{aside}</div>}
    </div>
  );
}
