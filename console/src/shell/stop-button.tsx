import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { StopIcon } from "@radix-ui/react-icons";
import { type FormEvent, type ReactElement, useState } from "react";
import { useStopChanges, useStops } from "../api/queries/use-stops.ts";
import { Notice } from "../parts/notice.tsx";
import { describeError } from "../parts/problem-words.ts";
import { allChoices, ownChoices } from "./stop-words.ts";

/** The red button: what, which and why, and then at once. */
export function StopButton(): ReactElement {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        color="red"
        fullWidth
        leftSection={<StopIcon aria-hidden />}
        onClick={dialog.open}
        aria-haspopup="dialog"
      >
        Stop…
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title="Stop at once"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <StopForm onDone={dialog.close} />
      </Modal>
    </>
  );
}

function StopForm({ onDone }: { readonly onDone: () => void }): ReactElement {
  const stops = useStops();
  const { set } = useStopChanges();
  const isOwn = stops.data?.permissions.set !== true;
  const choices = isOwn ? ownChoices : allChoices;
  const [kind, setKind] = useState(choices[0]?.value ?? "agent");
  const [target, setTarget] = useState("");
  const [reason, setReason] = useState("");
  const choice = choices.find(({ value }) => value === kind);
  const hint = choice?.hint ?? "";
  const isReady = reason.trim() !== "" && (hint === "" || target.trim() !== "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const named = hint === "" ? "" : target.trim();
    set.mutate({ isOwn, kind, target: named, reason: reason.trim() }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} aria-label="What to stop">
      <Stack gap={14}>
        {set.error === null ? null : (
          <Notice tone="error" role="alert" title={describeError(set.error).title}>
            {describeError(set.error).detail}
          </Notice>
        )}
        <NativeSelect
          label="What"
          data={choices.map(({ value, label }) => ({ value, label }))}
          value={kind}
          onChange={({ currentTarget: { value } }) =>
            setKind(choices.find((each) => each.value === value)?.value ?? kind)
          }
        />
        {hint === "" ? null : (
          <TextInput
            label="Which"
            description={hint}
            required
            maxLength={256}
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Why"
          description="The stopped client is shown it, and it goes into the audit log"
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Text size="sm">
          Calls are refused and those under way are cut within a second, until somebody lifts the
          stop.
        </Text>
        <Group>
          <Button type="submit" color="red" loading={set.isPending} disabled={!isReady}>
            Stop now
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
