/** Where a key moves the line between two regions; null for a key that does not. */
export function stepped(key: string, orientation: "vertical" | "horizontal", value: number, of: { least: number; most: number; step: number; isFar: boolean; isBackward: boolean }): number | null {
  const [less, more] = orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const by = of.step * (of.isFar ? 4 : 1) * (of.isBackward ? -1 : 1);
  if (key === "Home") return of.least;
  if (key === "End") return of.most;
  if (key === more) return Math.min(of.most, Math.max(of.least, value + by));
  if (key === less) return Math.min(of.most, Math.max(of.least, value - by));
  return null;
}
