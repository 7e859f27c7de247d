import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dayOf, endChoices, endOf, type ChosenEnd, type EndChoice } from "./end.ts";
import { fullMoment } from "./end-text.tsx";

type Props = {
  value: ChosenEnd;
  onChange: (value: ChosenEnd) => void;
  label: string;
  /** Read by those who do not see the row that the field stands in. */
  ariaLabel?: string;
  error?: ReactNode;
  /** The giver's own end: nobody gives what lasts longer. */
  latest?: string | null;
};

const isChoice = (text: string): text is EndChoice => endChoices.some((choice) => choice === text);

/** An end: none, a preset, or a day. Says which moment that is where the viewer is. */
export function EndFields({ value, onChange, label, ariaLabel, error, latest = null }: Props) {
  const { t, i18n } = useTranslation("sharing");
  const [now] = useState(() => new Date());
  const end = endOf(value, now);
  const meaning = end === null ? t("endNoneMeaning") : fullMoment(end, i18n.language);
  return (
    <Group gap="xs" align="flex-start" wrap="wrap">
      <NativeSelect
        flex={1}
        miw={170}
        label={label}
        aria-label={ariaLabel}
        description={value.choice === "date" && end === null ? t("endPickDay") : meaning}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={value.choice === "date" ? undefined : error}
        value={value.choice}
        data={endChoices.map((choice) => ({ value: choice, label: t(`endChoices.${choice}`) }))}
        onChange={({ currentTarget: { value: choice } }) => {
          if (isChoice(choice)) onChange({ ...value, choice });
        }}
      />
      {value.choice === "date" && (
        <TextInput
          type="date"
          flex={1}
          miw={150}
          label={t("endDay")}
          description={t("endDayIncluded")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          error={error}
          required
          min={dayOf(now)}
          max={latest === null ? "9999-12-31" : dayOf(new Date(latest))}
          value={value.date}
          onChange={({ currentTarget: { value: date } }) => onChange({ ...value, date })}
        />
      )}
    </Group>
  );
}
