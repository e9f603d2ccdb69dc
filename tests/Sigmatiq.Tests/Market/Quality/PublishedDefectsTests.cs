using System.Globalization;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;

namespace Sigmatiq.Tests.Market.Quality;

/// <summary>Every shared file of real bars against the published list of its defects, both ways.</summary>
public sealed class PublishedDefectsTests(ITestOutputHelper output)
{
    private static readonly QualityRule[] Listed =
    [
        QualityRule.NullPrice, QualityRule.HighBelowBody, QualityRule.LowAboveBody, QualityRule.DuplicateTime, QualityRule.Jump, QualityRule.Wick, QualityRule.ZeroVolume,
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_findings_in_every_shared_file_are_the_published_ones_and_no_others()
    {
        string root = Checkout.Material("market");
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(root, "bars"), "*.parquet", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        ILookup<string, string> published = File.ReadAllLines(Checkout.Material("market/quality/known_defects.csv")).Skip(1).Select(line => line.Split(',', 5))
            .ToLookup(p => p[0], p => $"{p[1]} {p[2]} {p[3]}");
        published.Select(p => p.Key).Except(files).Should().BeEmpty("every file that the list names is there");

        int compared = 0, broken = 0;
        foreach (string file in files)
        {
            List<QualityReportOf> reports = [.. Read(Path.Combine(root, file))];
            List<string> found = [.. reports.SelectMany(r => r.Findings.Where(f => Listed.Contains(f.Rule)).Select(f => r.Text(f)))];
            List<string> expected = [.. published[file]];
            found.Order(StringComparer.Ordinal).Should().Equal(expected.Order(StringComparer.Ordinal), file);
            compared += expected.Count;

            // Beyond the list no broken fact, but for the one file that SOURCES.md describes in words.
            string[] others = [.. reports.SelectMany(r => r.Findings.Where(f => f.Rule.IsBroken && !Listed.Contains(f.Rule)).Select(f => f.Rule.Name))];
            broken += others.Length;
            if (!file.EndsWith("USDCOP_as_published.parquet", StringComparison.Ordinal))
            {
                others.Should().BeEmpty(file);
            }

            output.WriteLine($"{file}: {expected.Count} listed; apart: {string.Join(" ", reports.SelectMany(r => r.Findings).Where(f => !Listed.Contains(f.Rule)).CountBy(f => f.Rule.Name).Select(c => $"{c.Key}={c.Value}"))}");
        }

        compared.Should().Be(published.Sum(p => p.Count())).And.BeGreaterThan(1000, "an empty comparison proves nothing");
        broken.Should().Be(4301);
    }

    [Fact]
    public void Bogota_time_labelled_UTC_is_found_row_by_row_and_a_night_of_other_bars_is_not_taken_for_it()
    {
        QualityReportOf report = Read(Checkout.Material("market/bars/fx/5min/USDCOP_as_published.parquet")).Should().ContainSingle().Subject;
        QualityFinding[] wrong = [.. report.Findings.Where(f => f.Rule == QualityRule.WrongZone)];
        wrong.Should().HaveCount(4301, "SOURCES.md counts them by the source they came from");
        wrong.Select(f => report.At(f.Bar).TimeOfDay).Should().OnlyContain(time => time >= new TimeSpan(8, 0, 0) && time <= new TimeSpan(12, 55, 0));
        DateOnly night = new(2026, 1, 8);
        wrong.Should().NotContain(f => DateOnly.FromDateTime(report.At(f.Bar).DateTime) == night);
        report.Findings.Count(f => f.Rule == QualityRule.OutsideSession && DateOnly.FromDateTime(report.At(f.Bar).DateTime) == night)
            .Should().Be(145, "the rows of the true feed that lie outside the session");
        Read(Checkout.Material("market/bars/fx/5min/USDCOP.parquet")).SelectMany(r => r.Findings).Should().NotContain(f => f.Rule.IsBroken, "its wrong rows were taken out");
    }

    [Fact]
    public void Series_a_power_of_ten_off_are_found_row_by_row_and_nothing_else_in_any_table()
    {
        string root = Checkout.Material("market/macro");
        Dictionary<string, int> found = [];
        int values = 0;
        foreach (string file in Directory.EnumerateFiles(root, "*.parquet").Where(f => SeriesFile.IsOne(f, new(), Ct)))
        {
            foreach (PublishedSeries series in SeriesFile.Read(file, new(), Ct))
            {
                values += series.Values.Length;
                SeriesReport report = SeriesReport.Of(series);
                report.Findings.Should().NotContain(f => f.Rule != QualityRule.ScaleSlip, file);
                if (report.Findings.Count > 0)
                {
                    found.Add(series.Name, report.Findings.Count);
                    report.Findings.Select(f => report.At(f.Bar)).Should().OnlyContain(at => at >= new DateTimeOffset(2026, 1, 27, 0, 0, 0, TimeSpan.Zero));
                    report.Findings.Should().OnlyContain(f => f.Detail.Contains(series.Name == "usdmxn" ? "10^4" : "10^2", StringComparison.Ordinal));
                    report.Problems([])[0].Code.Should().Be("MKT-2121");
                    report.Problems([QualityWaiver.Of("scale_slip", "known")]).Should().BeEmpty();
                }
            }
        }

        values.Should().BeGreaterThan(60_000);
        found.Should().Equal(new Dictionary<string, int> { ["usdmxn"] = 56, ["usdclp"] = 55 });
    }

    [Fact]
    public void Prices_without_volumes_are_looked_at_as_bars()
    {
        QualityReportOf report = Read(Checkout.Material("market/macro/vix_daily.parquet")).Should().ContainSingle().Subject;
        report.Findings.Count(f => f.Rule == QualityRule.HighBelowBody).Should().Be(20, "SOURCES.md counts them");
        report.Findings.Count(f => f.Rule == QualityRule.LowAboveBody).Should().Be(27);
        report.Findings.Count(f => f.Rule == QualityRule.NoVolume).Should().Be(1);
    }

    private static IEnumerable<QualityReportOf> Read(string path) =>
        BarFile.Read(path, new() { VolumeOptional = true, Unnamed = Sigmatiq.Market.Symbols.Symbol.Parse("VIX") }, Ct)
            .Select(p => new QualityReportOf(p, QualityGates.Check(p.Bars, CheckedMarket.Of(p.Symbol, path: path)).Findings));

    private sealed record QualityReportOf(PublishedBars Published, IReadOnlyList<QualityFinding> Findings)
    {
        public DateTimeOffset At(int t) => Published.Bars.StartUtc(t);

        public string Text(QualityFinding f) => string.Create(CultureInfo.InvariantCulture, $"{Published.Symbol} {At(f.Bar):yyyy-MM-dd HH:mm:ss} {f.Rule.Name}");
    }
}
