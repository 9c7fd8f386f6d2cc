/** Where an article comes from and of when it is, beside what is quoted of it. */
export function Origin({ source, date }: { source?: string | null | undefined; date?: string | null | undefined }) {
  const known = [source, date].filter((each) => each);
  return known.length === 0 ? null : <p className="quiet fine-print origin">{known.join(" · ")}</p>;
}
