import { Code, Tabs } from "@mantine/core";
import type { ReactElement } from "react";
import { Card } from "../../parts/card.tsx";
import { Snippet } from "../../parts/snippet.tsx";
import { useSignedIn } from "../../shell/me-context.ts";
import classes from "./getting-started.module.css";
import { clientSnippets } from "./snippets.ts";

function FirstCall(): ReactElement {
  const snippets = clientSnippets(useSignedIn());
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List mb="sm" aria-label="Client" className={classes["tabs"] ?? ""}>
        {snippets.map((each) => (
          <Tabs.Tab key={each.id} value={each.id}>
            {each.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map((each) => (
        <Tabs.Panel key={each.id} value={each.id}>
          <Snippet label={each.label} code={each.code} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** For a person who has never made a call: from here to the first figure. */
export function GettingStarted(): ReactElement {
  return (
    <Card
      title="Make your first call"
      description="Nothing has been recorded for you yet. Any OpenAI or Anthropic client works unchanged but for its base URL and key."
    >
      <ol className={classes["steps"]}>
        <li className={classes["step"]}>
          <span className={classes["number"]} aria-hidden>
            1
          </span>
          <div className={classes["words"]}>
            <h3>Take your key</h3>
            <p>
              <Code>npm start</Code> prints a first key. This makes another, which is shown only
              once:
            </p>
            <Snippet inline label="Make a key" code="npm run weir -- key create" />
            <p>Then put it where the snippets below look for it:</p>
            <Snippet inline label="Set the key" code="export WEIR_KEY=weir_…" />
          </div>
        </li>
        <li className={classes["step"]}>
          <span className={classes["number"]} aria-hidden>
            2
          </span>
          <div className={classes["words"]}>
            <h3>Point a client at the gateway</h3>
            <FirstCall />
          </div>
        </li>
        <li className={classes["step"]}>
          <span className={classes["number"]} aria-hidden>
            3
          </span>
          <div className={classes["words"]}>
            <h3>Come back here</h3>
            <p>The call shows on this page within seconds; there is nothing to reload.</p>
          </div>
        </li>
      </ol>
    </Card>
  );
}
