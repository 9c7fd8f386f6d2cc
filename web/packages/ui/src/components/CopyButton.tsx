import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { copyText } from "../clipboard";

interface Props {
  label: string;
  copiedLabel: string;
  /** Called when the button is pressed. */
  text: () => string;
}

export function CopyButton({ label, copiedLabel, text }: Props) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Button iconName={isCopied ? "check" : "copy"} onClick={() => void copyText(text()).then(setCopied)}>
      {isCopied ? copiedLabel : label}
    </Button>
  );
}
