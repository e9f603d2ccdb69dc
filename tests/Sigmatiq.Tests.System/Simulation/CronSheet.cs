using System.Globalization;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>A cron line written out: which minutes of a day, which seconds, which dates. Reads both dialects on its own.</summary>
internal sealed class CronSheet
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private readonly bool isQuartz;
    private readonly string ofMonth, ofWeek;
    private readonly bool[] months, years;

    public CronSheet(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        isQuartz = fields.Length > 5;
        int first = isQuartz ? 1 : 0;
        Seconds = isQuartz ? [.. Numbers(Values(fields[0], 0, 59))] : [0];
        bool[] minutes = Values(fields[first], 0, 59), hours = Values(fields[first + 1], 0, 23);
        Minutes = new bool[1440];
        for (int m = 0; m < 1440; m++)
        {
            Minutes[m] = hours[m / 60] && minutes[m % 60];
        }

        (ofMonth, ofWeek) = (fields[first + 2], fields[first + 4]);
        months = Values(Named(fields[first + 3], Months, 1), 1, 12);
        years = fields.Length == 7 ? Values(fields[6], 1970, 2199) : Values("*", 1970, 2199);
    }

    /// <summary>Seconds of a minute that count.</summary>
    public int[] Seconds { get; }

    /// <summary>Minutes of a day that count.</summary>
    public bool[] Minutes { get; }

    public bool CountsOn(DateTime date)
    {
        if (!months[date.Month] || !years[date.Year])
        {
            return false;
        }

        bool isAnyDay = ofMonth is "*" or "*/1" or "?", isAnyWeekday = ofWeek is "*" or "*/1" or "?";
        bool byMonth = ofMonth.Split(',').Any(item => MonthDay(item, date)), byWeek = ofWeek.Split(',').Any(item => Weekday(item, date));
        return (isAnyDay, isAnyWeekday) switch
        {
            (true, true) => true,
            (true, false) => byWeek,
            (false, true) => byMonth,
            _ => byMonth || byWeek,
        };
    }

    /// <summary>Whether there is any such date; a line without one is refused by the product.</summary>
    public bool CountsEver()
    {
        for (DateTime date = new(1970, 1, 1); date.Year < 2200; date = date.AddDays(1))
        {
            if (CountsOn(date))
            {
                return true;
            }
        }

        return false;
    }

    private bool MonthDay(string item, DateTime date)
    {
        int last = date.AddMonths(1).AddDays(-date.AddMonths(1).Day).Day;
        item = item.ToUpperInvariant();
        if (!isQuartz || !(item.Contains('L') || item.Contains('W')))
        {
            return item != "?" && Values(item, 1, 31)[date.Day];
        }

        bool isWorkday = item.EndsWith('W');
        string body = item.TrimEnd('W');
        int day = body == "L" ? last : body.StartsWith("L-", StringComparison.Ordinal) ? last - Number(body[2..]) : Number(body);
        if (day < 1 || day > last)
        {
            return false;
        }

        return date.Day == (isWorkday ? Workday(date, day, last) : day);
    }

    // The closest of Monday to Friday within the month: look one day, then two, to either side, the day before first.
    private static int Workday(DateTime month, int day, int last)
    {
        foreach (int step in (int[])[0, -1, 1, -2, 2])
        {
            int candidate = day + step;
            if (candidate >= 1 && candidate <= last && new DateTime(month.Year, month.Month, candidate).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                return candidate;
            }
        }

        return 0;
    }

    private bool Weekday(string item, DateTime date)
    {
        int today = (int)date.DayOfWeek;
        if (!isQuartz)
        {
            bool[] unix = Values(Named(item, Days, 0), 0, 7, wildEnd: 6);
            return unix[today] || (today == 0 && unix[7]);
        }

        item = Named(item.ToUpperInvariant(), Days, 1);
        if (item is "?")
        {
            return false;
        }

        if (item == "L")
        {
            return date.DayOfWeek == DayOfWeek.Saturday;
        }

        if (item.EndsWith('L'))
        {
            return today + 1 == Number(item[..^1]) && date.AddDays(7).Month != date.Month;
        }

        if (item.Split('#') is [var day, var nth])
        {
            return today + 1 == Number(day) && date.AddDays(-7 * (Number(nth) - 1)).Month == date.Month && date.AddDays(-7 * Number(nth)).Month != date.Month;
        }

        return Values(item, 1, 7)[today + 1];
    }

    private static string Named(string field, string[] names, int first)
    {
        for (int i = 0; i < names.Length; i++)
        {
            field = field.Replace(names[i], (i + first).ToString(CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);
        }

        return field;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<int> Numbers(bool[] flags) => Enumerable.Range(0, flags.Length).Where(i => flags[i]);

    // Steps forward from the start of each range, round the end where the range passes it.
    private static bool[] Values(string field, int min, int max, int? wildEnd = null)
    {
        bool[] flags = new bool[max + 1];
        foreach (string item in field.Split(','))
        {
            string[] halves = item.Split('/');
            string[] ends = halves[0].Split('-');
            int step = halves.Length == 2 ? Number(halves[1]) : 1;
            int from = halves[0] is "*" ? min : Number(ends[0]);
            int to = halves[0] is "*" ? wildEnd ?? max : ends.Length == 2 ? Number(ends[1]) : halves.Length == 2 ? max : from;
            int length = to >= from ? to - from : to - from + (max - min + 1);
            for (int walked = 0; walked <= length; walked += step)
            {
                flags[min + ((from - min + walked) % (max - min + 1))] = true;
            }
        }

        return flags;
    }
}
