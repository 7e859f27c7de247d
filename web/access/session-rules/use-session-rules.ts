import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { failureText } from "../../api/failure-text.ts";
import { lineAt, toEntries, toText } from "./lines.ts";
import { changeSessionRules, sessionRulesQuery, type SessionRules } from "./session-rules-api.ts";

/** What the person must know before the list holds: it would cut them off, or let nearly everybody in. */
export type Question = { about: "cut-off" | "wide"; named: readonly string[] };

/** The list as it is edited, and its way to the server. */
export function useSessionRules(rules: SessionRules) {
  const { t } = useTranslation("sessionRules");
  const queryClient = useQueryClient();
  const [text, setText] = useState(() => toText(rules.entries));
  const [isOn, setOn] = useState(rules.mode === "enforce");
  const [error, setError] = useState<Error | null>(null);
  const [faults, setFaults] = useState<readonly string[]>([]);
  const [question, setQuestion] = useState<Question | null>(null);
  const [isPending, setPending] = useState(false);

  const save = async (isConfirmed: boolean): Promise<void> => {
    setPending(true);
    setError(null);
    setFaults([]);
    try {
      const saved = await changeSessionRules({
        mode: isOn ? "enforce" : "off",
        entries: toEntries(text),
        ...(isConfirmed && { confirm: true }),
      });
      queryClient.setQueryData(sessionRulesQuery.queryKey, saved);
      setText(toText(saved.entries));
      setQuestion(null);
      notifications.show({ message: t(saved.revertsAt === null ? "saved" : "savedForNow") });
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setPending(false);
    }
  };

  const refuse = (thrown: unknown): void => {
    const asked = questionOf(thrown, text);
    if (asked !== null) return setQuestion(asked);
    if (thrown instanceof ApiProblem && thrown.code === "invalid-request")
      return setFaults(
        thrown.errors.map((failure) => {
          const line = lineAt(text, failure.pointer);
          return line === "" ? failureText(failure) : `${line}: ${failureText(failure)}`;
        }),
      );
    setError(thrown as Error);
  };

  return {
    text,
    setText,
    isOn,
    setOn,
    error,
    faults,
    question,
    closeQuestion: () => setQuestion(null),
    isPending,
    save,
  };
}

function questionOf(thrown: unknown, text: string): Question | null {
  if (!(thrown instanceof ApiProblem)) return null;
  if (thrown.code === "network-too-wide")
    return { about: "wide", named: thrown.errors.map(({ pointer }) => lineAt(text, pointer)) };
  if (thrown.code !== "callers-would-be-cut-off") return null;
  const callers = (thrown.body["callers"] ?? []) as { address: string | null }[];
  return { about: "cut-off", named: callers.map(({ address }) => address ?? "?") };
}
