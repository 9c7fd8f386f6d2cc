import type { Contact } from "@sotto/api";
import { useWording } from "../../messages";
import "./FactRow.css";

/** What the company knows of who calls, as far as the tenant lists it; and where nobody could be chosen, why. */
export function CustomerFacts({ customer }: { customer: NonNullable<Contact["customer"]> }) {
  const { t } = useWording();
  const hint = customer.state === "FOUND" ? "" : t.customerStates[customer.state];
  if (customer.fields.length === 0 && hint === "") return null;
  return (
    <dl className="fact-row customer-facts" aria-label={t.customerFacts} data-customer={customer.state}>
      {customer.fields.map((field) => (
        <div key={field.name}>
          <dt>{field.title}</dt>
          <dd>{field.value}</dd>
        </div>
      ))}
      {hint !== "" && (
        <div>
          <dt className="offscreen">{t.customerFacts}</dt>
          <dd className="quiet">{hint}</dd>
        </div>
      )}
    </dl>
  );
}
