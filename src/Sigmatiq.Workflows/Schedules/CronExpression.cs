namespace Sigmatiq.Workflows.Schedules;

/// <summary>How the fields of a cron expression are read (08 §8.4).</summary>
public enum CronForm
{
    /// <summary>Five fields: minute, hour, day of month, month, day of week, with 0 and 7 = Sunday; a day counts when its day of month
    /// <i>or</i> its day of week fits, where both are set.</summary>
    Unix,

    /// <summary>Six or seven fields: second, minute, hour, day of month, month, day of week, year, with 1 = Sunday, <c>?</c>, <c>L</c>,
    /// <c>W</c> and <c>#</c>.</summary>
    Quartz,
}

/// <summary>A cron expression, read and known to fire on some day. It speaks of local dates and times; what a clock makes of them is
/// the business of <see cref="FireTimes"/>.</summary>
public sealed class CronExpression
{
    /// <summary>First and last year in which a schedule can fire.</summary>
    public const int YearMin = 1970, YearMax = 2199;

    private readonly CronFields fields;

    internal CronExpression(string text, CronForm form, CronFields fields)
    {
        Text = text;
        Form = form;
        this.fields = fields;
        Times =
        [
            .. from hour in fields.Hours from minute in fields.Minutes from second in fields.Seconds
               select new TimeOnly(hour, minute, second),
        ];
    }

    /// <summary>The expression as written.</summary>
    public string Text { get; }

    /// <summary>How it was read.</summary>
    public CronForm Form { get; }

    /// <summary>Local times of a day on which it fires, in order.</summary>
    public IReadOnlyList<TimeOnly> Times { get; }

    /// <summary>Whether it fires on a local date.</summary>
    public bool FiresOn(DateOnly date)
    {
        if (!fields.Months.Contains(date.Month) || (fields.Years is { } years && !years.Contains(date.Year)))
        {
            return false;
        }

        bool ofMonth = fields.DaysOfMonth is null || fields.DaysOfMonth.Any(rule => rule.Holds(date));
        bool ofWeek = fields.DaysOfWeek is null || fields.DaysOfWeek.Any(rule => rule.Holds(date));
        return fields is { DaysOfMonth: not null, DaysOfWeek: not null } ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The first local date on which it fires; null where there is none until <see cref="YearMax"/>.</summary>
    internal DateOnly? FirstDate()
    {
        // Dates and weekdays come round alike within the years a schedule can fire in, so this search is the whole truth.
        for (int year = YearMin; year <= YearMax; year++)
        {
            if (fields.Years is { } years && !years.Contains(year))
            {
                continue;
            }

            foreach (int month in fields.Months)
            {
                for (int day = 1; day <= DateTime.DaysInMonth(year, month); day++)
                {
                    if (FiresOn(new(year, month, day)))
                    {
                        return new(year, month, day);
                    }
                }
            }
        }

        return null;
    }
}

/// <summary>The fields of an expression as sets.</summary>
/// <param name="Seconds">0 to 59.</param>
/// <param name="Minutes">0 to 59.</param>
/// <param name="Hours">0 to 23.</param>
/// <param name="DaysOfMonth">Null where the field says nothing: <c>*</c> or <c>?</c>.</param>
/// <param name="Months">1 to 12.</param>
/// <param name="DaysOfWeek">Null where the field says nothing.</param>
/// <param name="Years">Null takes every year.</param>
internal sealed record CronFields(
    IReadOnlyCollection<int> Seconds, IReadOnlyCollection<int> Minutes, IReadOnlyCollection<int> Hours, IReadOnlyList<CronDay>? DaysOfMonth,
    IReadOnlySet<int> Months, IReadOnlyList<CronDay>? DaysOfWeek, IReadOnlySet<int>? Years);
