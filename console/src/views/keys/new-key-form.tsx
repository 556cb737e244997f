import { scopeNames, type NewKey } from "@weir/gateway/contracts";
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactElement, useState } from "react";
import { useServices } from "../../services.ts";
import { readModels, scopeWords } from "./key-words.ts";

const dayMs = 86_400_000;
const lifetimes = [
  { value: "90", label: "90 days" },
  { value: "30", label: "30 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];

interface NewKeyFormProps {
  readonly isBusy: boolean;
  readonly onCreate: (key: NewKey) => void;
}

/** Name, lifetime, scopes and models of a key to be made. */
export function NewKeyForm({ isBusy, onCreate }: NewKeyFormProps): ReactElement {
  const { nowMs } = useServices();
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [models, setModels] = useState("");
  const [scopes, setScopes] = useState<string[]>([...scopeNames]);
  const chosen = scopeNames.filter((each) => scopes.includes(each));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const patterns = readModels(models);
    onCreate({
      name: name.trim(),
      ...(days !== "" && { expiresAtMs: nowMs() + Number(days) * dayMs }),
      ...(chosen.length < scopeNames.length && { scopes: chosen }),
      ...(patterns !== undefined && { models: patterns }),
    });
  };
  return (
    <form onSubmit={submit} aria-label="New key">
      <Stack gap={14}>
        <Group align="end" gap={12}>
          <TextInput
            label="What it is for"
            placeholder="laptop"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="It works for"
            data={lifetimes}
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
          <TextInput
            label="Models"
            description="Patterns like gpt-5*, by commas; empty = all of your team's"
            value={models}
            onChange={(event) => setModels(event.currentTarget.value)}
          />
        </Group>
        <Checkbox.Group
          label="It may be used to"
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
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
