import { Button, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useLocation } from "@tanstack/react-router";
import type { SignInOptions } from "@weir/gateway/contracts";
import type { ReactElement, ReactNode } from "react";
import { useSignInOptions } from "../../api/queries/use-sign-in-options.ts";
import { Logo } from "../../shell/logo.tsx";
import { ShellSkeleton } from "../../shell/shell-skeleton.tsx";
import { LinkInstructions } from "./link-instructions.tsx";
import classes from "./sign-in-view.module.css";

interface SignInViewProps {
  /** Asks again who is signed in: the link may have been opened in another tab. */
  readonly onCheck: () => void;
  readonly checking: boolean;
}

// Also what is shown when Weir does not say what there is: a link then is the way that needs least.
const linksOnly: SignInOptions = { provider: null, localLinks: true, contact: "" };
export const signedOutPath = "/signed-out";

function titleOf(hasProvider: boolean, isSignedOut: boolean): string {
  if (isSignedOut) return "You are signed out";
  return hasProvider ? "Sign in" : "Sign in with a one-time link";
}

/** How to get in: there is no password to ask for here. */
export function SignInView({ onCheck, checking }: SignInViewProps): ReactElement {
  useDocumentTitle("Sign in · Weir");
  const { pathname, href } = useLocation();
  const options = useSignInOptions();
  if (options.isPending) return <ShellSkeleton />;
  const { provider, localLinks, contact } = options.data ?? linksOnly;
  const isSignedOut = pathname === signedOutPath;
  return (
    <Frame title={titleOf(provider !== null, isSignedOut)}>
      {provider === null ? null : (
        <>
          <p className={classes["text"]}>
            {isSignedOut
              ? "Your session here has ended. On a machine that is not yours, close the browser too."
              : "You are not signed in, or your session has ended."}
          </p>
          <Button component="a" href={signInPath(isSignedOut ? "/" : href)} fullWidth size="md">
            Sign in with {provider.name}
          </Button>
        </>
      )}
      {localLinks ? (
        <LinkInstructions onCheck={onCheck} checking={checking} isOnlyWay={provider === null} />
      ) : null}
      {contact === "" ? null : (
        <p className={classes["hint"]}>If you cannot get in, ask {contact}.</p>
      )}
    </Frame>
  );
}

function signInPath(returnTo: string): string {
  return `/auth/sign-in?${new URLSearchParams({ returnTo }).toString()}`;
}

function Frame({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <main className={classes["page"]}>
      <div className={classes["card"]}>
        <div className={classes["brand"]}>
          <Logo /> Weir
        </div>
        <Title order={1} className={classes["title"] ?? ""}>
          {title}
        </Title>
        {children}
      </div>
    </main>
  );
}
