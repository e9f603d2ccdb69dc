using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>A time zone as its compiled file says (RFC 8536), read without the platform's own notion of zones: distances from UTC by
/// instant, after the last listed change by the rule in the file's footer.</summary>
internal sealed class ZoneFile
{
    private const string Folder = "/usr/share/zoneinfo";
    private const int FirstYear = 1900, LastYear = 2110;

    private readonly long[] fromSeconds;
    private readonly int[] offsetSeconds;

    private ZoneFile(List<(long From, int Offset)> pieces, bool changesOutsideTheDay)
    {
        ChangesOutsideTheDay = changesOutsideTheDay;
        fromSeconds = [.. pieces.Select(p => p.From)];
        offsetSeconds = [.. pieces.Select(p => p.Offset)];
    }

    /// <summary>Every name of the IANA list that this machine has.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Where(name => !name.StartsWith("posix/", StringComparison.Ordinal) && !name.StartsWith("right/", StringComparison.Ordinal)
                && name is not ("localtime" or "posixrules") && IsZone(Path.Combine(Folder, name)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether its footer names a time before 0:00 or after 23:59 of a day: the platform misreads those.</summary>
    public bool ChangesOutsideTheDay { get; }

    public static ZoneFile Read(string name)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(Path.Combine(Folder, name));
        // The first block repeats the second with 32-bit instants.
        int start = 44 + BlockLength(bytes, 4);
        ReadOnlySpan<byte> block = bytes[(start + 44)..];
        int timeCount = Count(bytes[start..], 32), typeCount = Count(bytes[start..], 36);
        ReadOnlySpan<byte> types = block[(timeCount * 9)..];
        int OffsetOf(ReadOnlySpan<byte> of, int type) => BinaryPrimitives.ReadInt32BigEndian(of[(type * 6)..]);
        List<(long From, int Offset)> pieces = [(long.MinValue / 4, OffsetOf(types, 0))];
        for (int i = 0; i < timeCount; i++)
        {
            pieces.Add((BinaryPrimitives.ReadInt64BigEndian(block[(i * 8)..]), OffsetOf(types, block[(timeCount * 8) + i])));
        }

        string footer = Encoding.ASCII.GetString(bytes[(start + 44 + BlockLength(bytes[start..], 8))..]).Trim('\n');
        long last = pieces[^1].From;
        PosixRule? rule = footer.Length > 0 ? PosixRule.Read(footer) : null;
        pieces.AddRange((rule?.Changes(FirstYear, LastYear) ?? []).Where(change => change.From > last));

        // What changes only the name or the daylight flag is no change.
        List<(long From, int Offset)> real = [pieces[0]];
        real.AddRange(pieces.Where((piece, i) => i > 0 && piece.Offset != pieces[i - 1].Offset));
        return new(real, rule?.LeavesTheDay == true);
    }

    /// <summary>The stretches of one distance from UTC that cover <c>[from, to)</c>, in seconds.</summary>
    public IEnumerable<(long From, long To, int OffsetSeconds)> Between(long from, long to)
    {
        for (int i = 0; i < fromSeconds.Length; i++)
        {
            long begin = Math.Max(from, fromSeconds[i]), end = Math.Min(to, i + 1 < fromSeconds.Length ? fromSeconds[i + 1] : long.MaxValue);
            if (begin < end)
            {
                yield return (begin, end, offsetSeconds[i]);
            }
        }
    }

    private static bool IsZone(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[5];
        return file.ReadAtLeast(magic, 5, throwOnEndOfStream: false) == 5 && magic[..4].SequenceEqual("TZif"u8) && magic[4] >= (byte)'2';
    }

    private static int Count(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt32BigEndian(header[at..]);

    private static int BlockLength(ReadOnlySpan<byte> header, int timeBytes) =>
        (Count(header, 32) * (timeBytes + 1)) + (Count(header, 36) * 6) + Count(header, 40) + (Count(header, 28) * (timeBytes + 4)) + Count(header, 24) + Count(header, 20);

    /// <summary>The footer: <c>EST5EDT,M3.2.0,M11.1.0</c>.</summary>
    private sealed class PosixRule
    {
        private readonly string text;
        private int at;
        private int standard, summer;
        private (string Day, int Seconds)? begin, end;

        private PosixRule(string text) => this.text = text;

        public bool LeavesTheDay => begin?.Seconds is < 0 or >= 86_400 || end?.Seconds is < 0 or >= 86_400;

        public static PosixRule Read(string text)
        {
            var rule = new PosixRule(text);
            rule.Name();
            rule.standard = -rule.Time();
            if (rule.at < text.Length)
            {
                rule.Name();
                rule.summer = rule.at < text.Length && text[rule.at] != ',' ? -rule.Time() : rule.standard + 3600;
                rule.begin = rule.Date();
                rule.end = rule.Date();
            }

            return rule;
        }

        public IEnumerable<(long From, int Offset)> Changes(int fromYear, int toYear)
        {
            if (begin is not { } b || end is not { } e)
            {
                return [];
            }

            List<(long From, int Offset)> changes = [];
            for (int year = fromYear; year <= toYear; year++)
            {
                changes.Add((DayOf(year, b.Day) + b.Seconds - standard, summer));
                changes.Add((DayOf(year, e.Day) + e.Seconds - summer, standard));
            }

            return changes.OrderBy(c => c.From);
        }

        private static long DayOf(int year, string day)
        {
            DateTime january = new(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            if (day[0] != 'M')
            {
                int number = int.Parse(day.TrimStart('J'), CultureInfo.InvariantCulture);
                bool skipsLeapDay = day[0] == 'J' && DateTime.IsLeapYear(year) && number >= 60;
                return Seconds(january.AddDays(day[0] == 'J' ? number - 1 + (skipsLeapDay ? 1 : 0) : number));
            }

            int[] parts = [.. day[1..].Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
            DateTime found = new(year, parts[0], 1, 0, 0, 0, DateTimeKind.Utc);
            while ((int)found.DayOfWeek != parts[2])
            {
                found = found.AddDays(1);
            }

            for (int week = 1; week < parts[1] && found.AddDays(7).Month == parts[0]; week++)
            {
                found = found.AddDays(7);
            }

            return Seconds(found);
        }

        private static long Seconds(DateTime day) => (day.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

        private void Name()
        {
            if (text[at] == '<')
            {
                at = text.IndexOf('>', at) + 1;
                return;
            }

            while (at < text.Length && char.IsAsciiLetter(text[at]))
            {
                at++;
            }
        }

        private (string Day, int Seconds) Date()
        {
            int from = ++at;
            while (at < text.Length && text[at] is not (',' or '/'))
            {
                at++;
            }

            string day = text[from..at];
            int seconds = 2 * 3600;
            if (at < text.Length && text[at] == '/')
            {
                at++;
                seconds = Time();
            }

            return (day, seconds);
        }

        private int Time()
        {
            int sign = text[at] == '-' ? -1 : 1;
            at += text[at] is '-' or '+' ? 1 : 0;
            int seconds = 0, unit = 3600;
            while (true)
            {
                int from = at;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                {
                    at++;
                }

                seconds += unit * int.Parse(text.AsSpan(from, at - from), CultureInfo.InvariantCulture);
                unit /= 60;
                if (at == text.Length || text[at] != ':')
                {
                    return sign * seconds;
                }

                at++;
            }
        }
    }
}
