import { Box, Button, Modal, NavLink, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useOwnAccount } from "../identity/account/account-api.ts";
import { isMeant } from "./is-meant.ts";
import { menuFor, type MenuItem } from "./menu.ts";

/** Finds pages by their names and by what people call them otherwise; Ctrl+K or / opens it. */
export function PageSearch() {
  const { t } = useTranslation("common");
  const [isOpen, dialog] = useDisclosure();
  useHotkeys([
    ["mod+K", dialog.open],
    ["/", dialog.open],
  ]);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconSearch size={16} aria-hidden />}
        onClick={dialog.open}
        aria-label={t("search")}
      >
        {/* A phone's head has room for its picture alone. */}
        <Box component="span" visibleFrom="xs">
          {t("search")}
        </Box>
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={t("searchPages")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <SearchForm onDone={dialog.close} />
      </Modal>
    </>
  );
}

function SearchForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(["common", "menu"]);
  const [wanted, setWanted] = useState("");
  const navigate = useNavigate();
  const found = useMatches(wanted);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const [first] = found;
        if (first === undefined) return;
        onDone();
        void navigate(first.to);
      }}
    >
      <TextInput
        label={t("searchFor")}
        data-autofocus
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Stack gap={0} mt="sm" role="status">
        {found.map(({ text, to, icon: MenuIcon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={t(`menu:names.${text}`)}
            leftSection={<MenuIcon size={18} aria-hidden />}
            onClick={onDone}
          />
        ))}
        {found.length === 0 && <Text c="dimmed">{t("nothingFound", { wanted })}</Text>}
      </Stack>
    </form>
  );
}

function useMatches(wanted: string): MenuItem[] {
  const { t } = useTranslation("menu");
  const items = menuFor(useOwnAccount()).flatMap((group) => group.items);
  return items.filter(({ text }) =>
    isMeant(wanted, `${t(`names.${text}`)} ${t(`synonyms.${text}`)}`),
  );
}
