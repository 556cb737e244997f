import { Code } from "@mantine/core";
import type { ReactElement } from "react";
import { Notice } from "../parts/notice.tsx";
import { useSignedIn } from "./me-context.ts";

/** Says that no real model answers, and how to change that. */
export function SimulatorBanner(): ReactElement | null {
  const { simulator } = useSignedIn();
  if (!simulator) return null;
  return (
    <Notice tone="info" title="The built-in simulator answers.">
      No provider is configured, so tokens and costs are made up. Set <Code>OPENAI_API_KEY</Code>,{" "}
      <Code>ANTHROPIC_API_KEY</Code> or <Code>GEMINI_API_KEY</Code>, or name providers in{" "}
      <Code>weir.yaml</Code>, and start Weir again.
    </Notice>
  );
}
