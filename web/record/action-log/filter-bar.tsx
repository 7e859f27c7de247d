import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { appsQuery } from "../../access/apps/app-api.ts";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { ActionSelect } from "./action-select.tsx";
import { EITHER_PART, isNarrowed, periods, type LogFilter } from "./log-filter.ts";
import { TypedFilter } from "./typed-filter.tsx";
import { useLogFilter } from "./use-log-filter.ts";

type Props = { people: readonly { id: string; name: string }[] };

/** What to look for; all of it stands in the page's address. */
export function FilterBar({ people }: Props) {
  const { t } = useTranslation("actionLog");
  const { filter, set, replaceAll } = useLogFilter();
  const [isWide, setWide] = useQueryValue("filters", { isFilter: true });
  const hasMore = isWide === "more";
  return (
    <Stack gap="sm" role="search" aria-label={t("filters")}>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <TypedFilter name="text" label={t("text")} hint={t("textPlaceholder")} />
        <PeriodSelect filter={filter} />
        <ActionSelect value={filter.action ?? ""} onChange={(action) => set({ action })} />
        <NativeSelect
          label={t("outcome")}
          value={filter.outcome ?? ""}
          onChange={(event) => set({ outcome: event.currentTarget.value })}
          data={[
            { value: "", label: t("anyOutcome") },
            ...(["done", "refused", "failed"] as const).map((value) => ({
              value,
              label: t(value),
            })),
          ]}
        />
      </SimpleGrid>
      {filter.when === "custom" && <CustomPeriod filter={filter} />}
      {hasMore && <MoreFilters filter={filter} people={people} />}
      <Group gap="xs">
        <Button
          variant="subtle"
          size="xs"
          aria-expanded={hasMore}
          onClick={() => setWide(hasMore ? null : "more")}
        >
          {hasMore ? t("fewerFilters") : t("moreFilters")}
        </Button>
        {isNarrowed(filter) && (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => replaceAll(filter.view === undefined ? {} : { view: filter.view })}
          >
            {t("clearFilters")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const periodTexts = {
  today: "periodToday",
  yesterday: "periodYesterday",
  "7d": "period7d",
  "30d": "period30d",
  custom: "periodCustom",
} as const;

function PeriodSelect({ filter }: { filter: LogFilter }) {
  const { t } = useTranslation("actionLog");
  const { set } = useLogFilter();
  return (
    <NativeSelect
      label={t("period")}
      value={filter.when ?? ""}
      onChange={(event) => set({ when: event.currentTarget.value, from: null, to: null })}
      data={[
        { value: "", label: t("periodAll") },
        ...periods.map((value) => ({ value, label: t(periodTexts[value]) })),
      ]}
    />
  );
}

function CustomPeriod({ filter }: { filter: LogFilter }) {
  const { t } = useTranslation("actionLog");
  const { set } = useLogFilter();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return (
    <Stack gap={4}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        {(["from", "to"] as const).map((name) => (
          <TextInput
            key={name}
            type="datetime-local"
            label={t(name)}
            value={filter[name] ?? ""}
            onChange={(event) => set({ [name]: event.currentTarget.value }, { isTyping: true })}
          />
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        {t("inYourZone", { zone: timeZone })}
      </Text>
    </Stack>
  );
}

function MoreFilters({ filter, people }: Props & { filter: LogFilter }) {
  const { t } = useTranslation("actionLog");
  const { set } = useLogFilter();
  const { data } = useQuery(appsQuery);
  const apps = [...(data?.owned ?? []), ...(data?.shared ?? [])].map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  const persons = people.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <NativeSelect
        label={t("app")}
        value={filter.app ?? ""}
        onChange={(event) => set({ app: event.currentTarget.value })}
        data={[{ value: "", label: t("anyApp") }, ...withChosen(apps, filter.app)]}
      />
      <NativeSelect
        label={t("person")}
        value={filter.person ?? ""}
        onChange={(event) =>
          set({
            person: event.currentTarget.value,
            ...(event.currentTarget.value === "" && { part: null }),
          })
        }
        data={[{ value: "", label: t("anyPerson") }, ...withChosen(persons, filter.person)]}
      />
      {filter.person !== undefined && (
        <NativeSelect
          label={t("part")}
          value={filter.part ?? ""}
          onChange={(event) => set({ part: event.currentTarget.value })}
          data={[
            { value: "", label: t("partDid") },
            { value: EITHER_PART, label: t("partEither") },
          ]}
        />
      )}
      <TypedFilter
        name={filter.session === undefined ? "credential" : "session"}
        label={t("credential")}
        hint={t("credentialHint")}
      />
      <TypedFilter name="address" label={t("address")} hint={t("addressHint")} />
    </SimpleGrid>
  );
}

/** What is chosen stays among the options, also when it has no name here. */
function withChosen(options: { value: string; label: string }[], chosen: string | undefined) {
  const isKnown = chosen === undefined || options.some(({ value }) => value === chosen);
  return isKnown ? options : [...options, { value: chosen, label: chosen }];
}
