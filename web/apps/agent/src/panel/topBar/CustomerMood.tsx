import { MoodLine, MoodWord } from "@sotto/ui";
import type { Mood } from "@sotto/call";
import { useWording } from "../../messages";

/** How the customer feels, in a word, an arrow and a line. */
export function CustomerMood({ mood }: { mood: Mood | null }) {
  const { t } = useWording();
  if (!mood) return null;
  const { tone, trend, points } = mood;
  const spoken = `${t.sentiment}: ${t.sentimentWords[tone]}, ${t.moodTrends[trend]}`;
  return (
    <span className="mood" title={`${spoken}. ${t.moodScale}`}>
      <span className="word" aria-hidden="true">
        {t.customer}
      </span>
      <MoodWord tone={tone} trend={trend} word={t.sentimentWords[tone]} spoken={spoken} />
      <MoodLine points={points} tone={tone} />
    </span>
  );
}
