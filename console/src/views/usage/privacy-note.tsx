import { LockClosedIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { formatNoun } from "../../format/numbers.ts";
import { useSignedIn } from "../../shell/me-context.ts";
import classes from "./privacy-note.module.css";

/** What is recorded about the reader, who can see it, and for how long. */
export function PrivacyNote(): ReactElement {
  const { retentionDays, contentRetentionDays: contentDays } = useSignedIn();
  return (
    <section className={classes["note"]} aria-labelledby="privacy-title">
      <h2 id="privacy-title">
        <LockClosedIcon aria-hidden /> What Weir records about you
      </h2>
      <div>
        <h3>What</h3>
        <p>
          For each call: when, which key, model, provider and tool names, token counts, cost, how
          long it took, how it ended, what your client says about itself, and the policy decision.{" "}
          {contentDays === null
            ? "Not your prompts, not the answers."
            : "Your prompts and the answers too, sealed, so that nobody without the key can read them."}
        </p>
      </div>
      <div>
        <h3>Who can see it</h3>
        <p>
          In this console only you see your calls; no other person’s view has them. Whoever operates
          the machine that Weir runs on can read its database.
          {contentDays !== null &&
            " Prompts and answers can be read by those who hold the key, whom your platform team names; each look, and its reason, stands under Who looked."}
        </p>
      </div>
      <div>
        <h3>How long</h3>
        <p>
          {formatNoun(retentionDays, "day")}; then a call’s record is deleted. The setting is{" "}
          <code>ledger.retentionDays</code>.
          {contentDays !== null && ` Prompts and answers: ${formatNoun(contentDays, "day")}.`}
        </p>
      </div>
    </section>
  );
}
