import { Button } from "@mantine/core";
import type { ReactElement } from "react";
import { Snippet } from "../../parts/snippet.tsx";
import classes from "./sign-in-view.module.css";

interface LinkInstructionsProps {
  readonly onCheck: () => void;
  readonly checking: boolean;
  /** False where an identity provider is the usual way. */
  readonly isOnlyWay: boolean;
}

/** How to get a one-time link, for those who can run commands where Weir is installed. */
export function LinkInstructions({
  onCheck,
  checking,
  isOnlyWay,
}: LinkInstructionsProps): ReactElement {
  return (
    <>
      <p className={classes["text"]}>
        {isOnlyWay
          ? "You are not signed in, or your session has ended. In the folder that Weir runs from, ask for a new link:"
          : "Or by a one-time link. In the folder that Weir runs from, ask for one:"}
      </p>
      <Snippet inline label="Ask for a login link" code="npm run weir -- login-link" />
      <p className={classes["text"]}>
        Open the link that it prints in this browser. <code>npm start</code> prints one as well.
      </p>
      <Button
        onClick={onCheck}
        loading={checking}
        fullWidth
        variant={isOnlyWay ? "filled" : "default"}
      >
        I have opened the link
      </Button>
      <p className={classes["hint"]}>
        A link works once and only for a few minutes. If it says that it is used or expired, ask for
        another.
      </p>
    </>
  );
}
