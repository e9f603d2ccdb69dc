using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>A schedule as somebody might write it.</summary>
/// <param name="Zone">Its clock.</param>
/// <param name="Calendar">Its calendar; null without.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="CatchUp">Its policy.</param>
internal sealed record ScheduleText(string Zone, string? Calendar, IReadOnlyList<(string Cron, string Holiday)> Lines, string CatchUp)
{
    private static readonly string[] Names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Policies = ["skip", "latest", "all", "window(1)", "window(3)", "window(20)", "window(90m)", "window(6h)", "window(2d)"];

    /// <summary>Draws a schedule.</summary>
    public static ScheduleText Draw(Rng rng, string zone)
    {
        string? calendar = rng.NextInt(4) switch { 0 => null, 1 => "COLOMBIA", 2 => "NYSE", _ => rng.NextInt(2) == 0 ? "NYSE" : "COLOMBIA" };
        string[] rules = ["skip", "following", "preceding", "none"];
        List<(string, string)> lines = [];
        for (int i = rng.NextInt(3); i >= 0; i--)
        {
            lines.Add((DrawLine(rng), calendar is null ? "none" : rules[Math.Min(3, rng.NextInt(7) / 2)]));
        }

        return new(zone, calendar, lines, Policies[rng.NextInt(Policies.Length)]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Zone} {Calendar} {CatchUp} [{string.Join("] [", Lines.Select(l => $"{l.Cron} {l.Holiday}"))}]";

    private static string DrawLine(Rng rng)
    {
        if (rng.NextInt(4) == 0)
        {
            // Where clocks are set: early on Sundays of spring and autumn.
            return $"{(rng.NextInt(2) == 0 ? "*/30" : "15,45")} 0-{2 + rng.NextInt(2)} * {(rng.NextInt(2) == 0 ? "3,4,9-11" : "MAR,OCT-NOV")} {(rng.NextInt(2) == 0 ? "0" : "6-7")}";
        }

        string time = rng.NextInt(6) switch
        {
            0 => $"*/{15 + (15 * rng.NextInt(3))} {rng.NextInt(3)}-{3 + rng.NextInt(2)}",
            1 => $"{rng.NextInt(60)},{rng.NextInt(60)} {rng.NextInt(24)}",
            2 => $"{rng.NextInt(60)} */{6 + rng.NextInt(10)}",
            3 => $"0-30/{10 + rng.NextInt(20)} {rng.NextInt(4)}",
            _ => $"{rng.NextInt(60)} {(rng.NextInt(2) == 0 ? rng.NextInt(4) : rng.NextInt(24))}",
        };
        string months = rng.NextInt(5) switch { 0 => "3,10,11", 1 => $"{Months[rng.NextInt(6)]}-{Months[6 + rng.NextInt(6)]}", 2 => $"{1 + rng.NextInt(12)}", _ => "*" };
        if (rng.NextInt(2) == 0)
        {
            string day = rng.NextInt(8) switch
            {
                0 => "29 2 *",
                1 => $"{1 + rng.NextInt(31)} {months} *",
                2 => $"{1 + rng.NextInt(28)} {months} {rng.NextInt(8)}",
                3 => $"* {months} {Names[rng.NextInt(7)]}",
                4 => $"* {months} {(rng.NextInt(2) == 0 ? "7" : "0")}",
                5 => $"* {months} 1-5",
                6 => $"*/{5 + rng.NextInt(20)} {months} *",
                _ => $"* {months} {rng.NextInt(4)}-{4 + rng.NextInt(4)}/{1 + rng.NextInt(3)}",
            };
            return $"{time} {day}";
        }

        string quartz = rng.NextInt(12) switch
        {
            0 => "29 2 ?",
            1 => $"L {months} ?",
            2 => $"L-{1 + rng.NextInt(5)} {months} ?",
            3 => $"{(rng.NextInt(2) == 0 ? "LW" : "L-2W")} {months} ?",
            4 => $"{1 + rng.NextInt(31)}W {months} ?",
            5 => $"? {months} {1 + rng.NextInt(7)}L",
            6 => $"? {months} {1 + rng.NextInt(7)}#{1 + rng.NextInt(5)}",
            7 => $"? {months} {Names[3 + rng.NextInt(4)]}-{Names[rng.NextInt(3)]}",
            8 => $"{1 + rng.NextInt(10)}/{7 + rng.NextInt(9)} {months} ?",
            9 => $"1,15,L {months} ?",
            10 => $"? {months} {Names[rng.NextInt(7)]},{1 + rng.NextInt(7)}",
            _ => $"* {months} ?",
        };
        string seconds = rng.NextInt(4) switch { 0 => "59", 1 => "0,30", 2 => $"{rng.NextInt(60)}", _ => "0" };
        string years = rng.NextInt(6) switch { 0 => " 2000-2040", 1 => " */2", _ => "" };
        return $"{seconds} {time} {quartz}{years}";
    }
}
