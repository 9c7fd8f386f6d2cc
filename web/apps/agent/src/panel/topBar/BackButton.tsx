import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import { useEffect, useRef } from "react";
import { useWording } from "../../messages";

/** Takes the focus, which was on the list that has just gone. */
export function BackButton({ onBack }: { onBack: () => void }) {
  const { t } = useWording();
  const button = useRef<ButtonProps.Ref>(null);
  useEffect(() => button.current?.focus(), []);
  return <Button ref={button} variant="icon" iconName="arrow-left" ariaLabel={t.backToCalls} onClick={onBack} />;
}
