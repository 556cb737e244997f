import type { ReactElement } from "react";
import { CopyAction } from "./copy-action.tsx";
import classes from "./snippet.module.css";

interface SnippetProps {
  /** Names the code for screen readers and above a block. */
  readonly label: string;
  readonly code: string;
  readonly inline?: boolean;
}

/** Code to copy and paste: a block, or a single command with `inline`. */
export function Snippet({ label, code, inline = false }: SnippetProps): ReactElement {
  // Scrollable text must be reachable by keyboard (WCAG 2.1.1).
  const text = (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes["code"]} tabIndex={0} aria-label={label}>
      <pre>
        <code>{code}</code>
      </pre>
    </section>
  );
  const copy = <CopyAction value={code} label="Copy" size="compact-sm" variant="subtle" />;
  if (inline) {
    return (
      <div className={`${classes["snippet"]} ${classes["line"]}`}>
        {text}
        {copy}
      </div>
    );
  }
  return (
    <div className={classes["snippet"]}>
      <div className={classes["head"]}>
        <span>{label}</span>
        {copy}
      </div>
      {text}
    </div>
  );
}
