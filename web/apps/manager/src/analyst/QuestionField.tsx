import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useWording } from "../messages";

const LONGEST = 300;

interface Props {
  /** What the address holds; another one is another field. */
  asked: string;
  isAsking: boolean;
  followsOn: boolean;
  onAsk: (question: string) => void;
}

export function QuestionField({ asked, isAsking, followsOn, onAsk }: Props) {
  const { t } = useWording();
  const [text, setText] = useState(asked);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onAsk(text.trim().slice(0, LONGEST));
      }}
    >
      <FormField
        label={t.analyst.question}
        description={followsOn ? t.analyst.followUp : t.analyst.questionHint}
        stretch
        secondaryControl={
          <Button variant="primary" formAction="submit" loading={isAsking}>
            {t.analyst.ask}
          </Button>
        }
      >
        <Input type="search" value={text} placeholder={t.analyst.placeholder} onChange={({ detail }) => setText(detail.value)} clearAriaLabel={t.analyst.clear} />
      </FormField>
    </form>
  );
}
