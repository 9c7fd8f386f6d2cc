import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useWording } from "../messages";

const MOST = 500;

/** Asks at Enter: each question is noted in the audit trail, and half a word is none. */
export function WordField({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const { t } = useWording();
  const [text, setText] = useState(words);
  return (
    <form
      role="search"
      className="words"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <Input
        type="search"
        value={text}
        placeholder={t.conversations.search}
        ariaLabel={t.conversations.search}
        clearAriaLabel={t.conversations.clearSearch}
        nativeInputAttributes={{ maxLength: MOST }}
        onChange={({ detail }) => {
          setText(detail.value);
          if (detail.value === "" && words !== "") onSearch("");
        }}
      />
    </form>
  );
}
