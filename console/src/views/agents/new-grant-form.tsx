import { scopeNames, type NewGrant } from "@weir/gateway/contracts";
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactElement, useState } from "react";
import { useServices } from "../../services.ts";
import { readModels, scopeWords } from "../keys/key-words.ts";

const dayMs = 86_400_000;
const lifetimes = [
  { value: "1", label: "A day" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "365", label: "A year" },
];
const hops = [
  { value: "0", label: "To nobody" },
  { value: "1", label: "To one more agent" },
  { value: "2", label: "Twice" },
  { value: "3", label: "Three times" },
];

interface NewGrantFormProps {
  readonly isBusy: boolean;
  readonly onCreate: (grant: NewGrant) => void;
}

/** Agent, time, scopes, models and tools of a grant to be made. */
export function NewGrantForm({ isBusy, onCreate }: NewGrantFormProps): ReactElement {
  const { nowMs } = useServices();
  const [agent, setAgent] = useState("");
  const [days, setDays] = useState("7");
  const [maxHops, setMaxHops] = useState("0");
  const [models, setModels] = useState("");
  const [tools, setTools] = useState("");
  const [scopes, setScopes] = useState<string[]>(["llm:call"]);
  const chosen = scopeNames.filter((each) => scopes.includes(each));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const modelPatterns = readModels(models);
    const toolPatterns = readModels(tools);
    onCreate({
      agent: agent.trim(),
      scopes: chosen,
      ...(modelPatterns !== undefined && { models: modelPatterns }),
      ...(toolPatterns !== undefined && { tools: toolPatterns }),
      maxHops: Number(maxHops),
      untilMs: nowMs() + Number(days) * dayMs,
    });
  };
  return (
    <form onSubmit={submit} aria-label="New grant">
      <Stack gap={14}>
        <Group align="end" gap={12}>
          <TextInput
            label="Agent"
            description="Like ada/triage, by whose key it is; or a service's id"
            required
            maxLength={191}
            value={agent}
            onChange={(event) => setAgent(event.currentTarget.value)}
          />
          <TextInput
            label="Models"
            description="Patterns by commas; empty = all of yours"
            value={models}
            onChange={(event) => setModels(event.currentTarget.value)}
          />
          <TextInput
            label="Tools"
            description="Patterns by commas; empty = all of yours"
            value={tools}
            onChange={(event) => setTools(event.currentTarget.value)}
          />
          <NativeSelect
            label="It holds for"
            data={lifetimes}
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
          <NativeSelect
            label="It may be handed on"
            data={hops}
            value={maxHops}
            onChange={(event) => setMaxHops(event.currentTarget.value)}
          />
        </Group>
        <Checkbox.Group
          label="The agent may"
          value={scopes}
          onChange={setScopes}
          error={chosen.length === 0 ? "Choose at least one" : undefined}
        >
          <Group gap={16} mt={6}>
            {scopeNames.map((each) => (
              <Checkbox key={each} value={each} label={scopeWords[each]} />
            ))}
          </Group>
        </Checkbox.Group>
        <Group>
          <Button type="submit" loading={isBusy} disabled={chosen.length === 0}>
            Grant
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
