import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import type { LogEntry } from "./log-api.ts";
import { useSentences } from "./sentence.ts";

/** Where an entry leads: what else its session, person, address or request did; and "this wasn't me". */
export function EntryLinks({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation("actionLog");
  const own = useOwnAccount();
  const isOwn = entry.actor.accountId === own.id && entry.credential?.kind === "session";
  return (
    <>
      <Stack gap={4} component="nav" aria-label={t("narrow")}>
        <Title order={3} size="h5">
          {t("narrow")}
        </Title>
        {useLinks(entry).map(({ text, filter }) => (
          <Anchor key={text} component={Link} to={paths.actionLog({ ...filter, view: "all" })}>
            {text}
          </Anchor>
        ))}
      </Stack>
      {isOwn && (
        <Stack gap={4}>
          <Anchor component={Link} to={paths.sessions()} fw={600}>
            {t("wasntMe")}
          </Anchor>
          <Text size="sm" c="dimmed">
            {t("wasntMeExplained")}
          </Text>
        </Stack>
      )}
    </>
  );
}

function useLinks({ credential, actor, app, address, requestId }: LogEntry) {
  const { t } = useTranslation("actionLog");
  const { nameOf } = useSentences();
  const own = useOwnAccount();
  const links: { text: string; filter: Record<string, string> }[] = [];
  if (credential?.kind === "session")
    links.push({ text: t("whatSessionDid"), filter: { session: credential.id } });
  if (credential?.kind.endsWith("key") === true)
    links.push({ text: t("whatKeyDid"), filter: { credential: credential.id } });
  if (actor.accountId !== null)
    links.push({
      text: t("onlyPerson", {
        name: actor.accountId === own.id ? t("you").toLowerCase() : nameOf(actor),
      }),
      filter: { person: actor.accountId },
    });
  if (app?.name !== undefined)
    links.push({ text: t("onlyApp", { name: app.name }), filter: { app: app.id } });
  if (address !== null) links.push({ text: t("onlyAddress", { address }), filter: { address } });
  links.push({ text: t("sameRequest"), filter: { request: requestId } });
  return links;
}
