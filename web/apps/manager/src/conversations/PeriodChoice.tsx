import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import type { Period } from "./conversationView";

const CHOICES = [1, 7, 30, 90] as const;

/** The last days, or from one day to another. */
export function PeriodChoice({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const { t } = useWording();
  const value: DateRangePickerProps.Value = "from" in period ? { type: "absolute", startDate: period.from, endDate: period.to } : { type: "relative", amount: period.days, unit: "day" };
  return (
    <DateRangePicker
      value={value}
      dateOnly
      showClearButton={false}
      placeholder={t.conversations.period}
      relativeOptions={CHOICES.map((amount) => ({ key: String(amount), type: "relative", amount, unit: "day" }))}
      isValidRange={(range) => (range === null ? { valid: false, errorMessage: t.conversations.period } : { valid: true })}
      onChange={({ detail }) => detail.value && onChange(periodOf(detail.value))}
      i18nStrings={{ formatRelativeRange: ({ amount }) => fill(t.conversations.lastDays, { count: amount }) }}
      ariaLabel={t.conversations.period}
    />
  );
}

const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;

function periodOf(value: DateRangePickerProps.Value): Period {
  if (value.type === "absolute") return { from: value.startDate.slice(0, 10), to: value.endDate.slice(0, 10) };
  return { days: Math.max(1, Math.ceil(value.amount * (value.unit in DAYS ? DAYS[value.unit as keyof typeof DAYS] : 1 / 24))) };
}
