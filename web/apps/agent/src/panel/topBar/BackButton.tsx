import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import { useEffect, useRef } from "react";
import { useWording } from "../../messages";

/** `takesFocus`: it was on the list that has just gone. */
export function BackButton({ onBack, takesFocus }: { onBack: () => void; takesFocus: boolean }) {
  const { t } = useWording();
  const button = useRef<ButtonProps.Ref>(null);
  useEffect(() => {
    if (takesFocus) button.current?.focus();
  }, [takesFocus]);
  return <Button ref={button} variant="icon" iconName="arrow-left" ariaLabel={t.backToCalls} onClick={onBack} />;
}
