/** Entries whose text has every word asked for, those that begin with the first word before the others. */
export function matches<T>(all: readonly T[], asked: string, textOf: (one: T) => string): T[] {
  const words = asked.toLowerCase().split(/\s+/).filter((w) => w !== "");
  if (words.length === 0) return [...all];
  return all
    .map((one, i) => ({ one, i, text: textOf(one).toLowerCase() }))
    .filter((c) => words.every((w) => c.text.includes(w)))
    .sort((a, b) => Number(b.text.startsWith(words[0]!)) - Number(a.text.startsWith(words[0]!)) || a.i - b.i)
    .map((c) => c.one);
}
