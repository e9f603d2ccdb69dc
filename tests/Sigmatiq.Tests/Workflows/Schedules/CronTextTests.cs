using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.Workflows.Schedules;

public sealed class CronTextTests
{
    [Theory]
    [InlineData("0 9 * * 1", CronForm.Unix, "2026-01-05 2026-01-12")]
    [InlineData("0 9 * * 0", CronForm.Unix, "2026-01-04 2026-01-11")]
    [InlineData("0 9 * * 7", CronForm.Unix, "2026-01-04 2026-01-11")]
    [InlineData("0 9 * * 5-7", CronForm.Unix, "2026-01-02 2026-01-03 2026-01-04")]
    [InlineData("0 9 * * sat,Sun", CronForm.Unix, "2026-01-03 2026-01-04")]
    [InlineData("0 9 13 * 5", CronForm.Unix, "2026-01-02 2026-01-09 2026-01-13")]
    [InlineData("0 9 13 * *", CronForm.Unix, "2026-01-13 2026-02-13")]
    [InlineData("0 9 1 feb *", CronForm.Unix, "2026-02-01 2027-02-01")]
    [InlineData("0 0 9 ? * 1", CronForm.Quartz, "2026-01-04 2026-01-11")]
    [InlineData("0 0 9 ? * FRI-MON", CronForm.Quartz, "2026-01-02 2026-01-03 2026-01-04 2026-01-05 2026-01-09")]
    [InlineData("0 0 9 L * ?", CronForm.Quartz, "2026-01-31 2026-02-28")]
    [InlineData("0 0 9 L-3 * ?", CronForm.Quartz, "2026-01-28 2026-02-25")]
    [InlineData("0 0 9 LW * ?", CronForm.Quartz, "2026-01-30 2026-02-27")]
    [InlineData("0 0 9 1W * ?", CronForm.Quartz, "2026-01-01 2026-02-02")]
    [InlineData("0 0 9 31W * ?", CronForm.Quartz, "2026-01-30 2026-03-31")]
    [InlineData("0 0 9 ? * 6L", CronForm.Quartz, "2026-01-30 2026-02-27")]
    [InlineData("0 0 9 ? * FRI#3", CronForm.Quartz, "2026-01-16 2026-02-20")]
    [InlineData("0 0 9 ? * L", CronForm.Quartz, "2026-01-03 2026-01-10")]
    [InlineData("0 0 9 1 1 ? 2027-2029", CronForm.Quartz, "2027-01-01 2028-01-01")]
    public void An_expression_means_these_days(string text, CronForm form, string days)
    {
        (CronExpression? cron, CronFault? fault) = CronText.Parse(text);
        fault.Should().BeNull();
        cron!.Form.Should().Be(form);
        DateOnly[] expected = [.. days.Split(' ').Select(d => DateOnly.Parse(d, System.Globalization.CultureInfo.InvariantCulture))];
        Enumerable.Range(0, 1500).Select(i => new DateOnly(2026, 1, 1).AddDays(i)).Where(cron.FiresOn).Take(expected.Length).Should().Equal(expected);
    }

    [Theory]
    [InlineData("*/30 9-13 * * 1-5", "09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30 13:00 13:30")]
    [InlineData("5,50-55/2 7 * * *", "07:05 07:50 07:52 07:54")]
    [InlineData("0 20/20 7 * * ?", "07:20 07:40")]
    [InlineData("0 0 22-2/2 * * ?", "00:00 02:00 22:00")]
    public void An_expression_means_these_times(string text, string times) =>
        CronText.Parse(text).Cron!.Times.Select(t => t.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)).Should().Equal(times.Split(' '));

    [Theory]
    [InlineData("", 1, "it has 0 fields")]
    [InlineData("@daily", 1, "it has 1 fields")]
    [InlineData("* * * * * * * 9", 15, "it has 8 fields")]
    [InlineData("60 * * * *", 1, "'60' is no minute")]
    [InlineData("0  24 * * *", 4, "'24' is no hour")]
    [InlineData("0 9 0 * *", 5, "'0' is no day of month")]
    [InlineData("0 9 * 13 *", 7, "'13' is no month")]
    [InlineData("0 9 * * 8", 9, "'8' is no day of week")]
    [InlineData("0 9 * * MON-FRY", 13, "'FRY' is no day of week")]
    [InlineData("0,,5 9 * * *", 3, "the minute has an empty item")]
    [InlineData("0 9-5 * * *", 3, "the range '9-5' of the hour runs backwards")]
    [InlineData("*/0 * * * *", 3, "the step '0' of the minute is out of range")]
    [InlineData("*/99999999999 * * * *", 3, "the step '99999999999' of the minute is out of range")]
    [InlineData("5/15 * * * *", 1, "'5/15' has a step without a range")]
    [InlineData("0 9 ? * 1", 5, "'?' is no day of month")]
    [InlineData("0 9 L * *", 5, "'L' is no day of month")]
    [InlineData("0 0 9 * * *", 11, "day of month and day of week say both, or neither, which days count")]
    [InlineData("0 0 9 ? * ?", 11, "day of month and day of week say both, or neither, which days count")]
    [InlineData("0 0 9 ? * 0", 11, "'0' is no day of week")]
    [InlineData("0 0 9 ? * 6#6", 13, "'6' is not the number of a week")]
    [InlineData("0 0 9 L-31 * ?", 7, "'L-31' is no day of month")]
    [InlineData("0 0 9 xW * ?", 7, "'xW' is no day of month")]
    [InlineData("0 0 9 1 1 ? 2300", 13, "'2300' is no year")]
    [InlineData("-1 * * * *", 1, "'' is no minute")]
    public void A_bad_expression_is_refused_with_its_column_and_a_remedy(string text, int column, string message)
    {
        (CronExpression? cron, CronFault? fault) = CronText.Parse(text);
        cron.Should().BeNull();
        (fault!.Column, fault.Message, fault.NeverFires).Should().Be((column, message, false));
        fault.Remedy.Should().EndWith(".");
    }

    [Theory]
    [InlineData("0 0 30 2 *", 5)]
    [InlineData("0 0 31 2,4,6,9,11 *", 5)]
    [InlineData("0 0 0 29 2 ? 2027", 7)]
    [InlineData("0 0 0 30W 2 ?", 7)]
    public void A_day_that_never_comes_is_refused_at_once(string text, int column)
    {
        (CronExpression? cron, CronFault? fault) = CronText.Parse(text);
        cron.Should().BeNull();
        (fault!.Column, fault.NeverFires).Should().Be((column, true));
    }

    [Fact]
    public void The_29th_of_February_comes() => CronText.Parse("0 0 29 2 *").Fault.Should().BeNull();

    // Quartz itself says what its expressions mean.
    [Fact]
    public void Quartz_reads_the_expressions_of_six_fields_alike()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            Rng rng = Rng.From(seed);
            string text = RandomQuartz(rng);
            (CronExpression? cron, CronFault? fault) = CronText.Parse(text);
            if (fault is { NeverFires: true })
            {
                continue;
            }

            fault.Should().BeNull($"seed {seed}: {text}");
            var quartz = new Quartz.CronExpression(text, TimeZoneInfo.Utc);
            var schedule = new Schedule(TimeZoneInfo.Utc, null, [new(cron!, HolidayRule.None)], CatchUp.Skip, null);
            DateTimeOffset from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            DateTimeOffset? theirs = from.AddSeconds(-1);
            foreach (FireTime ours in FireTimes.Between(schedule, from, from.AddYears(6)).Take(30))
            {
                theirs = quartz.GetNextValidTimeAfter(theirs!.Value);
                ours.AtUtc.Should().Be(theirs, $"seed {seed}: {text}");
            }
        }
    }

    [Fact]
    public void Nonsense_is_refused_and_hangs_nobody()
    {
        const string Alphabet = "0123456789 */-,?LW#SUNMOJAN  *****";
        Rng rng = Rng.From(7);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 1 + rng.NextInt(24)).Select(_ => Alphabet[rng.NextInt(Alphabet.Length)]));
            (CronExpression? cron, CronFault? fault) = CronText.Parse(text);
            (cron is null).Should().Be(fault is not null, text);
            fault?.Column.Should().BeInRange(1, text.Length + 1, text);
        }
    }

    private static string RandomQuartz(Rng rng)
    {
        string Some(int min, int max) => rng.NextInt(5) switch
        {
            0 => $"{min + rng.NextInt(max - min + 1)}",
            1 => $"{min + rng.NextInt(3)}-{max - rng.NextInt(3)}",
            2 => $"*/{1 + rng.NextInt(max - min)}",
            3 => $"{min + rng.NextInt(max - min)}/{1 + rng.NextInt(5)}",
            _ => $"{min + rng.NextInt(max - min + 1)},{min + rng.NextInt(max - min + 1)}",
        };
        string ofMonth = rng.NextInt(6) switch { 0 => "L", 1 => $"L-{1 + rng.NextInt(9)}", 2 => "LW", 3 => $"{1 + rng.NextInt(28)}W", _ => Some(1, 28) };
        string ofWeek = rng.NextInt(5) switch { 0 => $"{1 + rng.NextInt(7)}L", 1 => $"{1 + rng.NextInt(7)}#{1 + rng.NextInt(5)}", 2 => "TUE", _ => Some(1, 7) };
        string days = rng.NextInt(2) == 0 ? $"{ofMonth} {(rng.NextInt(2) == 0 ? "*" : Some(1, 12))} ?" : $"? {(rng.NextInt(2) == 0 ? "*" : Some(1, 12))} {ofWeek}";
        return $"{rng.NextInt(60)} {Some(0, 59)} {Some(0, 23)} {days}";
    }
}
