import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { FilterName } from "./log-filter.ts";
import { useLogFilter } from "./use-log-filter.ts";

/** The log is asked once somebody pauses typing, ms. */
const PAUSE_MS = 350;

/** A filter that is typed: the field follows each key at once, the page's address when one pauses. */
export function TypedFilter({
  name,
  label,
  hint,
}: {
  name: FilterName;
  label: string;
  hint: string;
}) {
  const { filter, set } = useLogFilter();
  const value = filter[name] ?? "";
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const send = useDebouncedCallback((text: string) => {
    sent.current = text.trim();
    set({ [name]: text.trim() }, { isTyping: true });
  }, PAUSE_MS);
  useEffect(() => {
    // Somebody else changed the address: Back, a kept filter, "clear all".
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={hint}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
