import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import type { FormPeriod } from "./figureForm";

const CHOICES = [1, 7, 28, 90] as const;
const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;

/** The last days, or from one day to another; in UTC, as figures are counted. */
export function PeriodField({ period, onChange }: { period: FormPeriod; onChange: (period: FormPeriod) => void }) {
  const { t } = useWording();
  const value: DateRangePickerProps.Value = "days" in period ? { type: "relative", amount: period.days, unit: "day" } : { type: "absolute", startDate: period.first, endDate: period.last };
  return (
    <DateRangePicker
      value={value}
      dateOnly
      showClearButton={false}
      placeholder={t.figures.period}
      relativeOptions={CHOICES.map((amount) => ({ key: String(amount), type: "relative", amount, unit: "day" }))}
      isValidRange={(range) => (range === null ? { valid: false, errorMessage: t.figures.period } : { valid: true })}
      onChange={({ detail }) => detail.value && onChange(periodOf(detail.value))}
      i18nStrings={{ formatRelativeRange: ({ amount }) => (amount === 1 ? t.figures.today : fill(t.conversations.lastDays, { count: amount })) }}
      ariaLabel={t.figures.period}
    />
  );
}

function periodOf(value: DateRangePickerProps.Value): FormPeriod {
  if (value.type === "absolute") return { first: value.startDate.slice(0, 10), last: value.endDate.slice(0, 10) };
  return { days: Math.max(1, Math.ceil(value.amount * (value.unit in DAYS ? DAYS[value.unit as keyof typeof DAYS] : 1 / 24))) };
}
