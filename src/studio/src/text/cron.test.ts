import { expect, it } from "vitest";
import { inWords } from "./cron";

it.each([
  ["*/5 8-12 * * 1-5 (unix)", "every 5 min, 8 to 12, Mon to Fri"],
  ["0 8-12 * * 1-5 (unix)", "hourly at :00, 8 to 12, Mon to Fri"],
  ["0 1 * * 0 (unix)", "at 01:00, Sun"],
  ["30 14 * * 5 (unix, preceding)", "at 14:30, Fri, holidays preceding"],
  ["0 13 * * * (unix)", "at 13:00, every day"],
  ["0 1 * * 0 (unix) + 0 2 * * 1 (unix)", "at 01:00, Sun; at 02:00, Mon"],
  ["0 0 1 L * ? (quartz)", "0 0 1 L * ? (quartz)"],
  ["0 1 1 * * (unix)", "0 1 1 * * (unix)"],
])("reads %s", (text, words) => {
  expect(inWords(text)).toBe(words);
});
