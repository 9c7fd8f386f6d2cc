import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";

interface Props {
  /** h1 where nothing else is on the page. */
  level?: "h1" | "h2";
  title: string;
  /** What would be here, and how it comes. */
  text: string;
  /** What can be done about it. */
  action?: string;
  href?: string;
  onAction?: () => void;
}

/** Instead of nothing: what would be here, and how it comes. */
export function Empty({ level = "h2", title, text, action, href, onAction }: Props) {
  return (
    <Box textAlign="center" padding={{ vertical: "xxl", horizontal: "l" }}>
      <SpaceBetween size="xs">
        <Box variant={level}>{title}</Box>
        <Box variant="p" color="text-body-secondary">
          {text}
        </Box>
        {action !== undefined && (
          <Button {...(href === undefined ? {} : { href })} {...(onAction ? { onClick: onAction } : {})}>
            {action}
          </Button>
        )}
      </SpaceBetween>
    </Box>
  );
}
