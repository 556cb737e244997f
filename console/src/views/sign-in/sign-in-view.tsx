import { Button, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactElement } from "react";
import { Snippet } from "../../parts/snippet.tsx";
import { Logo } from "../../shell/logo.tsx";
import classes from "./sign-in-view.module.css";

interface SignInViewProps {
  /** Asks again who is signed in: the link may have been opened in another tab. */
  readonly onCheck: () => void;
  readonly checking: boolean;
}

/** How to get in: there is no password to ask for, only a link to open. */
export function SignInView({ onCheck, checking }: SignInViewProps): ReactElement {
  useDocumentTitle("Sign in · Weir");
  return (
    <main className={classes["page"]}>
      <div className={classes["card"]}>
        <div className={classes["brand"]}>
          <Logo /> Weir
        </div>
        <Title order={1} className={classes["title"] ?? ""}>
          Sign in with a one-time link
        </Title>
        <p className={classes["text"]}>
          You are not signed in, or your session has ended. In the folder that Weir runs from, ask
          for a new link:
        </p>
        <Snippet inline label="Ask for a login link" code="npm run weir -- login-link" />
        <p className={classes["text"]}>
          Open the link that it prints in this browser. <code>npm start</code> prints one as well.
        </p>
        <Button onClick={onCheck} loading={checking} fullWidth>
          I have opened the link
        </Button>
        <p className={classes["hint"]}>
          A link works once and only for a few minutes. If it says that it is used or expired, ask
          for another.
        </p>
      </div>
    </main>
  );
}
