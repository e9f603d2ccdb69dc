using System.Globalization;

namespace Sigmatiq.Workflows.Schedules;

/// <summary>What is wrong with a cron expression.</summary>
/// <param name="Message">What, as a clause.</param>
/// <param name="Column">Where in the expression, from 1.</param>
/// <param name="Remedy">What to write instead, as a sentence.</param>
/// <param name="NeverFires">Whether it can be read, but names no day that exists.</param>
public sealed record CronFault(string Message, int Column, string Remedy, bool NeverFires = false);

/// <summary>Reads cron expressions: five fields as Unix, six or seven as Quartz.</summary>
public sealed class CronText
{
    /// <summary>No expression is longer.</summary>
    public const int LengthMax = 200;

    private static readonly string[] MonthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] DayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly Field Second = new("second", 0, 59), Minute = new("minute", 0, 59), Hour = new("hour", 0, 23), DayOfMonth = new("day of month", 1, 31),
        Month = new("month", 1, 12, MonthNames), UnixDay = new("day of week", 0, 7, DayNames), QuartzDay = new("day of week", 1, 7, DayNames),
        Year = new("year", CronExpression.YearMin, CronExpression.YearMax);

    private readonly CronForm form;
    private CronFault? fault;

    private CronText(CronForm form) => this.form = form;

    /// <summary>Reads an expression.</summary>
    /// <returns>The expression, or what is wrong with it: one of the two.</returns>
    public static (CronExpression? Cron, CronFault? Fault) Parse(string text)
    {
        if (text.Length > LengthMax)
        {
            return (null, new($"it has {text.Length} characters", LengthMax, $"Use at most {LengthMax}, or several expressions."));
        }

        List<Part> parts = Split(text);
        if (parts.Count is < 5 or > 7)
        {
            return (null, new($"it has {parts.Count} fields", parts.Count > 7 ? parts[7].Column : 1,
                "Write 5 fields (minute hour day-of-month month day-of-week) or, as Quartz, 6 or 7 (second first, year last)."));
        }

        CronForm form = parts.Count == 5 ? CronForm.Unix : CronForm.Quartz;
        var reader = new CronText(form);
        if (reader.Read(parts) is not { } fields)
        {
            return (null, reader.fault);
        }

        var cron = new CronExpression(text, form, fields);
        return cron.FirstDate() is not null
            ? (cron, null)
            : (null, new("no such day exists", parts[form == CronForm.Unix ? 2 : 3].Column, "Name a day that its month has, in a year to come.", NeverFires: true));
    }

    private static List<Part> Split(string text)
    {
        List<Part> parts = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is ' ' or '\t')
            {
                continue;
            }

            int start = i;
            while (i < text.Length && text[i] is not (' ' or '\t'))
            {
                i++;
            }

            parts.Add(new(text[start..i], start + 1));
        }

        return parts;
    }

    private CronFields? Read(List<Part> parts)
    {
        int first = form == CronForm.Unix ? 0 : 1;
        SortedSet<int> seconds = form == CronForm.Unix ? [0] : Set(Second, parts[0]);
        SortedSet<int> minutes = Set(Minute, parts[first]), hours = Set(Hour, parts[first + 1]);
        Part ofMonth = parts[first + 2], ofWeek = parts[first + 4];
        List<CronDay>? daysOfMonth = SaysNothing(ofMonth) ? null : Days(ofMonth, DayOfMonth, DayOfMonthItem);
        SortedSet<int> months = Set(Month, parts[first + 3]);
        List<CronDay>? daysOfWeek = SaysNothing(ofWeek) ? null : Days(ofWeek, form == CronForm.Unix ? UnixDay : QuartzDay, DayOfWeekItem);
        if (form == CronForm.Quartz && ofMonth.Text == "?" == (ofWeek.Text == "?"))
        {
            Refuse("day of month and day of week say both, or neither, which days count", ofWeek.Column, "Write ? in exactly one of the two.");
        }

        SortedSet<int>? years = parts.Count == 7 && parts[6].Text != "*" ? Set(Year, parts[6]) : null;
        return fault is null ? new(seconds, minutes, hours, daysOfMonth, months, daysOfWeek, years) : null;
    }

    // What says nothing leaves the choice to the other day field. '*/1' is the long form of '*'.
    private bool SaysNothing(Part part) => part.Text is "*" or "*/1" || (form == CronForm.Quartz && part.Text == "?");

    private List<CronDay> Days(Part part, Field field, Func<Part, CronDay?> special)
    {
        List<CronDay> days = [];
        SortedSet<int> plain = [];
        foreach (Part item in Items(part, field))
        {
            if (form == CronForm.Quartz && special(item) is { } found)
            {
                days.Add(found);
            }
            else if (fault is null)
            {
                Add(plain, field, item);
            }
        }

        if (plain.Count > 0)
        {
            days.Add(field == DayOfMonth
                ? new CronDay.OfMonth(plain)
                : new CronDay.OfWeek(plain.Select(day => WeekdayOf(day)).ToHashSet()));
        }

        return days;
    }

    private DayOfWeek WeekdayOf(int number) => (DayOfWeek)(form == CronForm.Unix ? number % 7 : number - 1);

    private CronDay? DayOfMonthItem(Part item)
    {
        string text = item.Text.ToUpperInvariant();
        bool weekday = text.EndsWith('W');
        string body = weekday ? text[..^1] : text;
        if (body.StartsWith('L'))
        {
            int before = 0;
            if (body.Length > 1 && (body[1] != '-' || !IsNumber(body[2..], out before) || before is < 1 or > 30))
            {
                Refuse($"'{item.Text}' is no day of month", item.Column, "Write L, LW, or L-n with n from 1 to 30.");
                return null;
            }

            return new CronDay.BeforeLast(before, weekday);
        }

        if (!weekday)
        {
            return null;
        }

        if (!IsNumber(body, out int day) || day is < 1 or > 31)
        {
            Refuse($"'{item.Text}' is no day of month", item.Column, "Write W after one day from 1 to 31, as in 15W.");
            return null;
        }

        return new CronDay.NearestWeekday(day);
    }

    private CronDay? DayOfWeekItem(Part item)
    {
        string text = item.Text.ToUpperInvariant();
        if (text == "L")
        {
            return new CronDay.OfWeek(new HashSet<DayOfWeek> { DayOfWeek.Saturday });
        }

        if (text.Split('#') is [var day, var nth])
        {
            if (ValueOf(QuartzDay, item with { Text = day }) is not { } weekday)
            {
                return null;
            }

            if (!IsNumber(nth, out int number) || number is < 1 or > 5)
            {
                Refuse($"'{nth}' is not the number of a week", item.Column + day.Length + 1, "Write 1 to 5 after #, as in 6#3.");
                return null;
            }

            return new CronDay.NthOfWeek(WeekdayOf(weekday), number);
        }

        return text.Length > 1 && text.EndsWith('L') && ValueOf(QuartzDay, item with { Text = text[..^1] }) is { } last
            ? new CronDay.LastOfWeek(WeekdayOf(last))
            : null;
    }

    private SortedSet<int> Set(Field field, Part part)
    {
        SortedSet<int> values = [];
        foreach (Part item in Items(part, field))
        {
            Add(values, field, item);
        }

        return values;
    }

    private IEnumerable<Part> Items(Part part, Field field)
    {
        int column = part.Column;
        foreach (string item in part.Text.Split(','))
        {
            if (item.Length == 0)
            {
                Refuse($"the {field.Name} has an empty item", column, "Write a value on both sides of each comma.");
            }

            if (fault is not null)
            {
                yield break;
            }

            yield return new(item, column);
            column += item.Length + 1;
        }
    }

    // *  */n  a  a-b  a-b/n, and as Quartz also a/n and ranges that pass the end.
    private void Add(SortedSet<int> values, Field field, Part item)
    {
        int slash = item.Text.IndexOf('/');
        Part body = slash < 0 ? item : item with { Text = item.Text[..slash] };
        int step = 1;
        if (slash >= 0 && (!IsNumber(item.Text[(slash + 1)..], out step) || step < 1 || step > field.Max - field.Min))
        {
            Refuse($"the step '{item.Text[(slash + 1)..]}' of the {field.Name} is out of range", item.Column + slash + 1, $"Use 1 to {field.Max - field.Min}.");
            return;
        }

        int from = field.Min, to = field == UnixDay ? 6 : field.Max;
        if (body.Text != "*")
        {
            int dash = body.Text.IndexOf('-');
            if (ValueOf(field, dash < 0 ? body : body with { Text = body.Text[..dash] }) is not { } low)
            {
                return;
            }

            from = low;
            if (dash >= 0)
            {
                if (ValueOf(field, new(body.Text[(dash + 1)..], body.Column + dash + 1)) is not { } high)
                {
                    return;
                }

                to = high;
            }
            else if (slash < 0)
            {
                to = low;
            }
            else if (form == CronForm.Unix)
            {
                Refuse($"'{item.Text}' has a step without a range", item.Column, $"Write {body.Text}-{to}/{step}.");
                return;
            }
        }

        if (to < from && (form == CronForm.Unix || field == Year))
        {
            Refuse($"the range '{body.Text}' of the {field.Name} runs backwards", body.Column, "Write the smaller value first, or two ranges.");
            return;
        }

        int count = field.Max - field.Min + 1;
        for (int value = from; value <= (to < from ? to + count : to); value += step)
        {
            values.Add(value > field.Max ? value - count : value);
        }
    }

    private int? ValueOf(Field field, Part item)
    {
        int named = Array.FindIndex(field.Names ?? [], n => n.Equals(item.Text, StringComparison.OrdinalIgnoreCase));
        if (named >= 0)
        {
            // Month and Quartz day numbers begin with 1, Unix day numbers with 0: the name stands where the number would.
            return named + field.Min;
        }

        if (IsNumber(item.Text, out int value) && value >= field.Min && value <= field.Max)
        {
            return value;
        }

        string names = field.Names is null ? "" : $" or {field.Names[0]} to {field.Names[^1]}";
        string forms = form == CronForm.Unix && item.Text.IndexOfAny(['?', 'L', 'W', '#']) >= 0 ? " The signs ? L W # need the 6 fields of Quartz, seconds first." : "";
        Refuse($"'{item.Text}' is no {field.Name}", item.Column, $"Use {field.Min} to {field.Max}{names}.{forms}");
        return null;
    }

    private void Refuse(string message, int column, string remedy) => fault ??= new(message, column, remedy);

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private sealed record Field(string Name, int Min, int Max, string[]? Names = null);

    private sealed record Part(string Text, int Column);
}
