import { ActionIcon, Indicator } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconBell } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { queryClient } from "../../api/query-client.ts";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import { usePageVisible } from "../../ui/use-page-visible.ts";
import { followInbox } from "./follow-inbox.ts";
import { readInboxAnew, UNREAD_KEY } from "../notice-api.ts";

/** More than so many is "many": the inbox says how many. */
const MAX_SHOWN = 99;

/** The way to the inbox from every page, with the number of what is unread there, as it comes. */
export function Bell() {
  const { t } = useTranslation("notices");
  const unread = useUnread();
  return (
    <Indicator
      label={unread > MAX_SHOWN ? `${MAX_SHOWN}+` : unread}
      disabled={unread === 0}
      size={18}
      offset={6}
      color="red.8"
    >
      <ActionIcon
        component={Link}
        to={paths.inbox()}
        variant="subtle"
        size="lg"
        aria-label={unread === 0 ? t("bellNone") : t("bell", { count: unread })}
      >
        <IconBell size={24} aria-hidden />
      </ActionIcon>
    </Indicator>
  );
}

/** Followed while the page is looked at. */
function useUnread(): number {
  const { id } = useOwnAccount();
  const { data } = useQuery<number>({
    queryKey: UNREAD_KEY,
    queryFn: () => 0,
    enabled: false,
    initialData: 0,
  });
  const isVisible = usePageVisible();
  useEffect(() => {
    if (!isVisible) return undefined;
    const left = new AbortController();
    let newest: string | null | undefined;
    followInbox(id, {
      signal: left.signal,
      onState: (state) => {
        queryClient.setQueryData(UNREAD_KEY, state.unread);
        // The first says what is there: pages have read it themselves.
        if (newest !== undefined && newest !== state.newest) void readInboxAnew();
        ({ newest } = state);
      },
    });
    return () => left.abort();
  }, [id, isVisible]);
  return data;
}
