import { Button, Group, Title } from "@mantine/core";
import { CrossCircledIcon, ReloadIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { CopyAction } from "./copy-action.tsx";
import classes from "./error-panel.module.css";
import { describeError } from "./problem-words.ts";

interface ErrorPanelProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly retrying?: boolean;
}

/** What went wrong, the id to quote, and the way to try again. */
export function ErrorPanel({ error, onRetry, retrying = false }: ErrorPanelProps): ReactElement {
  const { title, detail, requestId, code } = describeError(error);
  return (
    <div className={classes["panel"]} role="alert">
      <span className={classes["icon"]}>
        <CrossCircledIcon aria-hidden width={22} height={22} />
      </span>
      <Title order={2} className={classes["title"] ?? ""}>
        {title}
      </Title>
      <p className={classes["detail"]}>{detail}</p>
      <p className={classes["facts"]}>
        {code === "" ? null : (
          <span>
            Code <code>{code}</code>
          </span>
        )}
        {requestId === "" ? null : (
          <span>
            Request <code>{requestId}</code>
          </span>
        )}
      </p>
      <Group gap="xs" justify="center">
        <Button onClick={onRetry} loading={retrying} leftSection={<ReloadIcon aria-hidden />}>
          Retry
        </Button>
        {requestId === "" ? null : <CopyAction value={requestId} label="Copy request id" />}
      </Group>
    </div>
  );
}
