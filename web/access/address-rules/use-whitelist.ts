import { useForm, type UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { useFormAct } from "../../ui/use-act.ts";
import { APPS } from "../apps/app-api.ts";
import { isCovered, type Line } from "./address-text.ts";
import { changeRules, rulesQuery, type AddressRules, type ListOwner } from "./rules-api.ts";

export type Draft = { mode: AddressRules["mode"]; entries: Line[] };
export type DraftForm = UseFormReturnType<Draft>;

/** What the person must know before the list takes effect. */
export type Question =
  | { about: "cut-off"; callers: readonly CutOff[] }
  | { about: "wide"; networks: readonly string[] };

export type CutOff = { address: string; keyId: string; lastSeenAt: string; count: number };

/** A list as it is edited: what was typed, what the server asks about it, and its way there. */
export function useWhitelist(owner: ListOwner, rules: AddressRules) {
  const { t } = useTranslation("whitelist");
  const queryClient = useQueryClient();
  const [question, setQuestion] = useState<Question | null>(null);
  const form: DraftForm = useForm<Draft>({ initialValues: draftOf(rules) });

  useFollow(form, rules);

  const save = async (draft: Draft, isConfirmed: boolean) => {
    const body = { ...draft, entries: withoutBlank(draft.entries) };
    const saved = await changeRules(owner, { ...body, ...(isConfirmed && { confirm: true }) });
    queryClient.setQueryData(rulesQuery(owner).queryKey, saved);
    // Other levels' pages show this list too.
    void queryClient.invalidateQueries({ queryKey: [APPS], refetchType: "none" });
    show(form, saved);
    setQuestion(null);
    notifications.show({
      message: t(saved.revertsAt === null ? "saved" : "savedForNow", { name: owner.name }),
    });
  };

  const act = useFormAct(form, async (draft) => {
    // Rows that are left blank go first, so that the server's pointers meet the rows that are seen.
    form.setFieldValue("entries", withoutBlank(draft.entries));
    try {
      await save(draft, false);
    } catch (error) {
      const asked = questionOf(error, draft);
      if (asked === null) throw error;
      setQuestion(asked);
    }
  });

  /** On from a question, knowingly. The leave that is given skips every check, so the other one is made here. */
  const goOn = async () => {
    const draft = form.getValues();
    const next = question?.about === "wide" ? cutOffBy(draft, rules) : null;
    if (next === null) await save(draft, true);
    else setQuestion(next);
  };

  /** Puts callers on the list and tries again, with every guard rail in place. */
  const addAll = (addresses: readonly string[]) => {
    const { entries } = form.getValues();
    const added = addresses.map((cidr) => ({ cidr, note: t("recentCaller") }));
    form.setFieldValue("entries", [...withoutBlank(entries), ...added]);
    setQuestion(null);
    act.submit();
  };

  return { form, ...act, question, closeQuestion: () => setQuestion(null), goOn, addAll, save };
}

/** What went back, or was changed elsewhere, is shown as it is now; what somebody is typing stays. */
function useFollow(form: DraftForm, rules: AddressRules): void {
  const stored = JSON.stringify(draftOf(rules));
  const follow = useEffectEvent((draft: Draft) => {
    if (form.isDirty()) form.setInitialValues(draft);
    else show(form, draft);
  });
  useEffect(() => follow(JSON.parse(stored) as Draft), [stored]);
}

function show(form: DraftForm, rules: Pick<AddressRules, "mode" | "entries">): void {
  form.setInitialValues(draftOf(rules));
  form.setValues(draftOf(rules));
  form.resetDirty(draftOf(rules));
}

const draftOf = ({ mode, entries }: Pick<AddressRules, "mode" | "entries">): Draft => ({
  mode,
  entries: entries.map(({ cidr, note }) => ({ cidr, note })),
});

const withoutBlank = (entries: readonly Line[]): Line[] =>
  entries.filter(({ cidr, note }) => cidr.trim() !== "" || note.trim() !== "");

/** What a refusal asks the person, or null for one that is none of the two. */
function questionOf(error: unknown, { entries }: Draft): Question | null {
  if (!(error instanceof ApiProblem)) return null;
  if (error.code === "callers-would-be-cut-off")
    return { about: "cut-off", callers: (error.body["callers"] ?? []) as CutOff[] };
  if (error.code !== "network-too-wide") return null;
  const rows = withoutBlank(entries);
  const networks = error.errors.map(({ pointer }) => {
    const row = Number(/^\/entries\/(\d+)\//.exec(pointer)?.[1]);
    return rows[row]?.cidr ?? pointer;
  });
  return { about: "wide", networks };
}

/** Recent callers that an enforced list would refuse, as far as the panel can tell. */
function cutOffBy({ mode, entries }: Draft, { recentCallers }: AddressRules): Question | null {
  if (mode !== "enforce") return null;
  const cidrs = entries.map(({ cidr }) => cidr);
  const callers = recentCallers.filter(
    ({ address, count }) => count > 0 && !isCovered(address, cidrs),
  );
  return callers.length === 0 ? null : { about: "cut-off", callers };
}
