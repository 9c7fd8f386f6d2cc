import "./MoodWord.css";

interface Props {
  tone: "good" | "bad" | "even";
  /** Without one there is no arrow. */
  trend?: "rising" | "falling" | "steady";
  /** The mood in a word, as it is seen. */
  word: string;
  /** The same in a sentence, as it is heard: the arrow is not. */
  spoken: string;
}

const ARROW = { rising: "↗", falling: "↘", steady: "→" } as const;

/** A mood in a word and an arrow: colour alone says nothing to many eyes. */
export function MoodWord({ tone, trend, word, spoken }: Props) {
  return (
    <span className={`mood-word ${tone}`} title={spoken}>
      <span aria-hidden="true">
        {word}
        {trend && ` ${ARROW[trend]}`}
      </span>
      <span className="offscreen">{spoken}</span>
    </span>
  );
}
