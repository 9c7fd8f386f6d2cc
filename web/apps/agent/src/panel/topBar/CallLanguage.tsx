import { fill } from "@sotto/ui";
import type { Contact } from "@sotto/api";
import { useWording } from "../../messages";

/** What the call is spoken in, and what of the service does not know that language. */
export function CallLanguage({ contact: { language, unavailable } }: { contact: Contact }) {
  const { t, locale } = useWording();
  const name = languageName(language, locale);
  const parts = (unavailable ?? []).map((part) => (t.parts as Record<string, string>)[part] ?? part);
  return (
    <>
      <span className="language">{name}</span>
      {parts.length > 0 && <span className="unavailable">{fill(t.unavailable, { language: name, parts: new Intl.ListFormat(locale).format(parts) })}</span>}
    </>
  );
}

/** The name that people use; the tag where the browser knows none, or it is no tag. */
export function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag.split("-")[0] ?? tag) ?? tag;
  } catch {
    return tag;
  }
}
