using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Pages;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Tests.App.Pages;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What stands in the request for a vote is what stands on the page: put into words, never computed anew.</summary>
public sealed class EvidenceReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_figures_of_the_request_are_put_into_words()
    {
        using var folder = new TemporaryFolder();
        EvidenceView shown = new EvidenceReader(new DataDirectory(folder.Path)).Read(Request(folder), RunStagesTests.SomeRun(), Token);
        shown.Window.Should().StartWith("8 Aug 2024 to 15 Jan 2026, 360 sessions, never used");
        shown.Figures.Should().Equal(
            new FigureView("Return", "+0.45%", "selection +1.52%, buy and hold −23.40%"), new FigureView("Sharpe", "1.89", "−0.89 to 4.67"),
            new FigureView("Win rate", "76.2%", "of 21 trades"), new FigureView("Max drawdown", "0.19%"),
            new FigureView("p-value", "0.0712", "not below 0.05"));
        shown.Gates.Should().Equal(
            new GateView("Minimum trades", "at least 30 on the selection window, n 80", "80", Mark.Ok, false, "a count"),
            new GateView("Max drawdown", "at most 25.00% on the selection window, n 400", "0.34%", Mark.Ok, true, "damage only"),
            new GateView("Significance (p<0.05)", "below 0.05 on the hold-out, n 21", "0.0712", Mark.Bad, false, "5%"));
        shown.Cautions.Should().Equal("The combo is the best of 45 trials.", "Deflated Sharpe and the probability of overfitting are not computed.");
    }

    [Fact]
    public void A_request_that_says_its_deflated_sharpe_has_no_doubt_that_it_was_not_computed()
    {
        JsonObject metrics = JsonNode.Parse("""{"cautions":["Deflated Sharpe cannot be said."],"deflated_sharpe":null}""")!.AsObject();
        EvidenceReader.Cautions(metrics).Should().Equal("Deflated Sharpe cannot be said.");
    }

    [Fact]
    public void The_equity_starts_at_zero_beside_the_same_money_held()
    {
        using var folder = new TemporaryFolder();
        EvidenceReader reader = new(new DataDirectory(folder.Path));
        IReadOnlyList<EquityPoint> points = reader.Read(Request(folder), RunStagesTests.SomeRun(), Token).Equity;
        points.Select(p => p.Strategy).Should().Equal(0, (10_100 / 10_000.0) - 1, (9_900 / 10_000.0) - 1);
        points.Select(p => p.Benchmark!.Value).Should().Equal(0, (10_500 / 10_000.0) - 1, 0);
        points[0].At.Should().Be(new DateTimeOffset(2024, 8, 8, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Evidence_whose_equity_file_is_broken_still_opens_without_a_picture()
    {
        using var folder = new TemporaryFolder();
        Approval request = Request(folder);
        File.WriteAllText(folder["equity.parquet"], "not parquet");
        new EvidenceReader(new DataDirectory(folder.Path)).Read(request, RunStagesTests.SomeRun(), Token).Equity.Should().BeEmpty();
    }

    [Fact]
    public void What_is_missing_reads_as_not_available()
    {
        using var folder = new TemporaryFolder();
        EvidenceView shown = new EvidenceReader(new DataDirectory(folder.Path)).Read(Some.Approval(SampleStatus.Now), RunStagesTests.SomeRun(), Token);
        shown.Figures.Select(f => f.Value).Should().OnlyContain(v => v == "n/a");
        shown.Gates.Should().BeEmpty();
        shown.Equity.Should().BeEmpty();
    }

    [Fact]
    public void The_content_of_a_request_is_listed_with_its_whole_digest()
    {
        ApprovalView shown = ApprovalReader.Read(Some.Approval(SampleStatus.Now));
        shown.Digest.Should().HaveLength(64);
        shown.State.Should().Be(Mark.Waiting);
        shown.Recommendation.Should().Be("REVIEW");
        shown.Content.Should().Contain(new FigureView("Parameters", "threshold 0.5")).And.Contain(new FigureView("Target", "paper"));
    }

    private static Approval Request(TemporaryFolder folder)
    {
        ParquetFile.Write(folder["equity.parquet"], new ColumnSet(
            Column.Of("date", [new DateOnly(2024, 8, 8), new DateOnly(2024, 8, 9), new DateOnly(2024, 8, 12)]),
            Column.Of("equity", [10_000.0, 10_100, 9_900]), Column.Of("buy_and_hold", [10_000.0, 10_500, 10_000])), Token);
        JsonArray gates = JsonNode.Parse("""
            [ {"gate":"min_trades","label":"Minimum trades","window":"selection","comparator":">=","threshold":30,"value":80,"passed":true,"critical":false,"sample":80,"false_pass":null},
              {"gate":"max_drawdown_pct","label":"Max drawdown","window":"selection","comparator":"<=","threshold":25,"value":0.34,"passed":true,"critical":true,"sample":400,"false_pass":null},
              {"gate":"statistical_significance","label":"Significance (p<0.05)","window":"holdout","comparator":"<","threshold":0.05,"value":0.0712,"passed":false,"critical":false,"sample":21,"false_pass":0.05} ]
            """)!.AsArray();
        JsonObject metrics = JsonNode.Parse("""
            { "return_pct":0.45,"selection_return_pct":1.52,"sharpe":1.89,"sharpe_low":-0.89,"sharpe_high":4.67,"win_rate_pct":76.19,"trades":21,"max_dd_pct":0.19,
              "buy_and_hold_return_pct":-23.4,"p_value":0.0712,"window":"2024-08-08 to 2026-01-15, 360 sessions","cautions":["The combo is the best of 45 trials."] }
            """)!.AsObject();
        return Some.Approval(SampleStatus.Now, [new("equity.parquet", ContentHash.OfFile(folder["equity.parquet"]).Hex)]) with { Gates = gates, Metrics = metrics };
    }
}
