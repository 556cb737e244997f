import { type FSWatcher, watch } from "node:fs";

const debounceMs = 40;
// Network file systems and replaced folders send no events: look all the same.
const pollIntervalMs = 2000;

/** Calls `onChange` soon after something in the folder has changed, and now and then without cause. */
export function watchDirectory(directory: string, onChange: () => void): { close: () => void } {
  let debounce: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const notice = () => {
    clearTimeout(debounce);
    debounce = setTimeout(onChange, debounceMs);
  };
  const poll = setInterval(() => {
    watcher ??= startWatcher();
    onChange();
  }, pollIntervalMs);
  const startWatcher = (): FSWatcher | undefined => {
    try {
      const started = watch(directory, { recursive: true }, notice);
      started.on("error", () => {
        started.close();
        watcher = undefined;
      });
      return started;
    } catch {
      return undefined;
    }
  };
  watcher = startWatcher();
  return {
    close: () => {
      clearTimeout(debounce);
      clearInterval(poll);
      watcher?.close();
    },
  };
}
