import type { FigureFormInput } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useCallback, useEffect, useState } from "react";
import { useWording } from "../messages";
import { type FigureState, askedFigure } from "./figure";
import { figureIn } from "./localised";

const LOADING: FigureState = { state: "loading" };

/** The answer to a form, asked anew when the form changes; null asks nothing. When `asOf` changes it is asked again, and the old answer stays until then. */
export function useFigure(graphql: Requests, form: FigureFormInput | null, asOf = 0): FigureState & { readonly again: () => void } {
  const [found, setFound] = useState<{ readonly key: string; readonly answer: FigureState }>({ key: "", answer: LOADING });
  const [round, setRound] = useState(0);
  const { locale } = useWording();
  const asked = form === null ? null : JSON.stringify(form);
  const key = `${round} ${asked}`;
  useEffect(() => {
    if (asked === null) return;
    let isWanted = true;
    void askedFigure(graphql, JSON.parse(asked) as FigureFormInput).then((answer) => isWanted && setFound({ key, answer: answer.state === "loaded" ? { ...answer, figure: figureIn(locale, answer.figure) } : answer }));
    return () => {
      isWanted = false;
    };
  }, [graphql, asked, key, asOf, locale]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { ...(found.key === key ? found.answer : LOADING), again };
}
