import type { ReactNode } from "react";
import "./Disclosure.css";
import { PlainButton } from "./PlainButton";

interface Props {
  isOpen: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** Opens and closes what stands below it. */
export function Disclosure({ isOpen, onToggle, children }: Props) {
  return (
    <PlainButton aria-expanded={isOpen} onClick={onToggle}>
      <span aria-hidden="true" className="disclosure-sign">
        {isOpen ? "▾" : "▸"}
      </span>
      {children}
    </PlainButton>
  );
}
