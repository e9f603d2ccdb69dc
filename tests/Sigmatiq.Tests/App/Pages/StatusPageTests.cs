using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sigmatiq.App.Pages;

namespace Sigmatiq.Tests.App.Pages;

public sealed class StatusPageTests
{
    private static readonly string Page = StatusPage.Render(SampleStatus.Waiting(), "token").Markup;

    [Fact]
    public void Text_from_data_is_never_markup()
    {
        const string hostile = "<script>alert(1)</script>\" onload='x' & \u202Egnp.exe";
        StatusView view = SampleStatus.Waiting();
        view = view with
        {
            Operator = hostile,
            Run = view.Run! with { Title = hostile, Pack = hostile, Failure = hostile, Stages = [.. view.Run.Stages.Select(s => s with { Fact = hostile })] },
            Approval = view.Approval! with { DecidedBy = hostile, DecidedUtc = SampleStatus.Now, Reason = hostile, State = Mark.Bad },
        };
        string page = StatusPage.Render(view, hostile).Markup;
        page.Should().NotContain("<script>alert").And.NotContain("onload='x'").And.NotContain("\u202E");
        page.Should().Contain("&lt;script&gt;alert(1)&lt;/script&gt;").And.Contain("\\u202E");
    }

    [Fact]
    public void The_eight_stages_stand_in_order_with_a_word_for_each_state()
    {
        string[] names = [.. Regex.Matches(Page, "<span class=\"nm\">([^<]+)</span>").Select(m => m.Groups[1].Value)];
        names.Should().Equal("Bootstrap", "Data", "Train", "Forecast", "Backtest", "Approve", "Deploy", "Monitor");
        Regex.Matches(Page, "<span class=\"w\"><svg[^>]+>.*?</svg>[^<]+</span>").Count.Should().BeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void Synthetic_data_are_called_so_and_the_planted_effect_is_described()
    {
        Page.Should().Contain("Synthetic data").And.Contain("Planted effect");
        StatusView real = SampleStatus.Waiting() with { Data = SampleStatus.Waiting().Data! with { IsSynthetic = false, PlantedEffect = null } };
        StatusPage.Render(real, "t").Markup.Should().NotContain("Synthetic");
    }

    [Theory]
    [InlineData("Out-of-fold AUC 0.520. The interval holds 0.5: thresholds rank noise.", true)]
    [InlineData("Out-of-fold AUC 0.660. Bars with a higher confidence gained more often.", false)]
    public void The_leaderboard_says_what_its_thresholds_are_worth_and_warns_where_they_rank_noise(string words, bool ranksNoise)
    {
        StatusView view = SampleStatus.Waiting();
        string page = StatusPage.Render(view with { Sweep = view.Sweep! with { Confidence = words, RanksNoise = ranksNoise } }, "t").Markup;
        page.Should().Contain(words);
        Match row = Regex.Match(page, "<p class=\"([^\"]+)\" data-part=\"confidence\">");
        row.Groups[1].Value.Should().Be(ranksNoise ? "row warn" : "row");
    }

    [Fact]
    public void Gates_show_required_and_actual_with_the_failing_ones_first()
    {
        string[] gates = [.. Regex.Matches(Page, "<span class=\"gn\">([^<]+?)( <|</)").Select(m => m.Groups[1].Value)];
        gates[0].Should().Be("Significance");
        Page.Should().Contain("hold-out p below 0.05").And.Contain("0.0712").And.Contain("at least 30");
    }

    [Fact]
    public void All_45_combos_are_on_the_page_with_the_reasons_of_a_fail()
    {
        Regex.Matches(Page, "data-l=\"Rank\">(\\d+)<").Select(m => int.Parse(m.Groups[1].Value)).Should().Equal(Enumerable.Range(1, 45));
        Page.Should().Contain("trades 21 of at least 30");
    }

    [Fact]
    public void Nobody_can_vote_where_nothing_waits()
    {
        Page.Should().Contain("<form");
        StatusView decided = SampleStatus.Waiting() with { Approval = SampleStatus.Approval() with { State = Mark.Ok, DecidedBy = "operator", DecidedUtc = SampleStatus.Now, Reason = "fine", IsSelfApproved = true } };
        string page = StatusPage.Render(decided, "t").Markup;
        page.Should().NotContain("<form").And.Contain("Self approved");
        StatusPage.Render(SampleStatus.Sweeping(), "t").Markup.Should().NotContain("<form").And.Contain("Sweep 62%");
    }

    [Fact]
    public void A_sweep_in_which_nothing_passes_says_that_it_is_a_result()
    {
        StatusView view = SampleStatus.Waiting();
        view = view with { Sweep = view.Sweep! with { Passed = 0, Marginal = 0, Failed = 45 } };
        StatusPage.Render(view, "t").Markup.Should().Contain("No combo passes its gates.");
    }

    [Fact]
    public void The_equity_picture_is_well_formed_and_described_in_words()
    {
        IReadOnlyList<EquityPoint> points = SampleStatus.Waiting().Evidence!.Equity;
        string markup = EquityPicture.Render(points).Markup;
        XElement root = XElement.Parse($"<x>{markup}</x>");
        root.Elements("svg").Should().HaveCount(2);
        root.Descendants("path").Attributes("d").Select(d => d.Value).Should().OnlyContain(d => Regex.IsMatch(d, @"^M[-0-9. LZ]+$"));
        string label = root.Element("svg")!.Attribute("aria-label")!.Value;
        label.Should().Contain("the strategy ended at " + PageText.Return(points[^1].Strategy));
    }

    [Theory]
    [InlineData(0.0, 0.05, 4, new[] { 0, 0.02, 0.04, 0.06 })]
    [InlineData(-0.3, 0.0, 3, new[] { -0.3, -0.2, -0.1, 0 })]
    public void Axis_labels_are_round_numbers(double low, double high, int wanted, double[] expected) =>
        EquityPicture.Ticks(low, high, wanted).Should().BeEquivalentTo(expected, o => o.Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-12)).WhenTypeIs<double>());

    [Fact]
    public void An_equity_of_one_point_or_of_no_change_draws_no_nonsense()
    {
        EquityPicture.Render([new(SampleStatus.Now, 0, 0)]).Markup.Should().Contain("no equity to draw");
        string flat = EquityPicture.Render([new(SampleStatus.Now, 0, null), new(SampleStatus.Now.AddDays(1), 0, null)]).Markup;
        flat.Should().NotContain("NaN").And.NotContain("∞").And.NotContain("Infinity");
    }

    [Fact]
    public void Buy_and_hold_that_moves_much_more_gets_a_scale_of_its_own_and_says_so()
    {
        DateTimeOffset start = SampleStatus.Now;
        EquityPoint[] alike = [new(start, 0, 0), new(start.AddDays(1), 0.02, 0.05), new(start.AddDays(2), 0.01, 0.1)];
        EquityPoint[] dwarfed = [.. alike.Select(p => p with { Strategy = p.Strategy / 10 })];
        EquityPicture.Render(alike).Markup.Should().NotContain("scale of its own");
        EquityPicture.Render(dwarfed).Markup.Should().Contain("Buy and hold, a scale of its own");
    }

    [Fact]
    public void A_trained_combo_is_shown_wherever_it_ranks()
    {
        StatusView view = SampleStatus.Waiting();
        view = view with { Sweep = view.Sweep! with { Rows = [.. view.Sweep.Rows.Select(r => r with { IsSelected = r.Rank == 30 })] } };
        string page = StatusPage.Render(view, "t").Markup;
        page.IndexOf("data-l=\"Rank\">30<", StringComparison.Ordinal).Should().BePositive().And.BeLessThan(page.IndexOf("<details>", StringComparison.Ordinal));
        page.Should().Contain("34 more combos");
    }

    [Theory]
    [InlineData("2024-08-08 to 2026-01-15, 360 sessions", "8 Aug 2024 to 15 Jan 2026, 360 sessions")]
    [InlineData("2024-13-45 and 12024-01-011", "2024-13-45 and 12024-01-011")]
    public void Dates_in_a_text_read_as_dates(string text, string expected) => PageText.Dates(text).Should().Be(expected);

    [Theory]
    [InlineData(0.0198, "+1.98%")]
    [InlineData(-0.0034, "−0.34%")]
    [InlineData(-0.00001, "0.00%")]
    [InlineData(0.0, "0.00%")]
    [InlineData(double.NaN, "n/a")]
    public void A_return_carries_its_sign(double fraction, string text) => PageText.Return(fraction).Should().Be(text);

    [Fact]
    public void A_p_value_is_never_zero() => PageText.Probability(0).Should().Be("under 0.0001");

    [Fact]
    public void The_version_follows_what_is_shown_but_not_the_clock()
    {
        StatusView view = SampleStatus.Waiting();
        StatusPage.Version(view with { NowUtc = SampleStatus.Now.AddMinutes(5) }).Should().Be(StatusPage.Version(view));
        StatusPage.Version(SampleStatus.Sweeping()).Should().NotBe(StatusPage.Version(view));
    }
}
