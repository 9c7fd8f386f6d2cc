import Badge from "@cloudscape-design/components/badge";
import Tabs from "@cloudscape-design/components/tabs";
import type { OpenChat, OpenChats } from "@sotto/call";
import { fill, plural } from "@sotto/ui";
import { useSyncExternalStore } from "react";
import { useWording } from "../../messages";
import "./ChatTabs.css";

interface Props {
  chats: OpenChats;
  current: string | null;
  onOpen: (contactId: string) => void;
}

/** The chats that the agent has at once, those with guidance that nobody has looked at first. One alone needs no tab. */
export function ChatTabs({ chats, current, onOpen }: Props) {
  const { t, locale } = useWording();
  const open = useSyncExternalStore(chats.watch, chats.snapshot);
  if (open.length === 0 || (open.length === 1 && open[0]?.contact.contactId === current)) return null;
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const name = ({ contact }: OpenChat) => contact.caller ?? contact.reason ?? fill(t.chats.since, { time: time.format(contact.mediaStartedAtMs) });
  return (
    <nav className="chat-tabs" aria-label={t.chats.title}>
      <Tabs
        ariaLabel={t.chats.title}
        activeTabId={current ?? ""}
        onChange={({ detail }) => onOpen(detail.activeTabId)}
        disableContentPaddings
        tabs={open.map((chat) => ({
          id: chat.contact.contactId,
          label: (
            <span className="chat-tab">
              {name(chat)}
              {chat.unread > 0 && (
                <Badge color={chat.isGrave ? "severity-critical" : "blue"}>
                  <span aria-hidden="true">{chat.unread}</span>
                  <span className="offscreen">{plural(t.chats.unread, chat.unread, locale)}</span>
                </Badge>
              )}
            </span>
          ),
        }))}
      />
    </nav>
  );
}
