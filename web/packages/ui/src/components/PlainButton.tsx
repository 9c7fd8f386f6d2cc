import type { ButtonHTMLAttributes } from "react";
import "./PlainButton.css";

/** A button that looks like text. */
export function PlainButton({ className, ...attributes }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="button" className={className === undefined ? "plain" : `plain ${className}`} {...attributes} />;
}
