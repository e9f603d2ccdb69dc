using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sigmatiq.Backtest.Pictures;

namespace Sigmatiq.Tests.Backtest.Pictures;

public sealed class ReliabilityPictureTests
{
    // Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001): with z = 1.96, 5 of 10 has (0.2366, 0.7634), 0 of 10 (0, 0.2775).
    [Theory]
    [InlineData(0.5, 10, 0.2366, 0.7634)]
    [InlineData(0.0, 10, 0.0, 0.2775)]
    [InlineData(1.0, 10, 0.7225, 1.0)]
    public void A_bins_interval_is_wilsons(double share, int n, double low, double high)
    {
        (double Low, double High) interval = ReliabilityPicture.Interval(share, n);
        interval.Low.Should().BeApproximately(low, 5e-5);
        interval.High.Should().BeApproximately(high, 5e-5);
    }

    [Fact]
    public void It_shows_both_tables_with_their_scores_and_the_same_report_gives_the_same_text()
    {
        string svg = ReliabilityPicture.Draw("swing <on> MKT.SYN", Report())!;
        svg.Should().Be(ReliabilityPicture.Draw("swing <on> MKT.SYN", Report()));
        XElement root = XDocument.Parse(svg).Root!;
        XNamespace ns = root.Name.Namespace;
        root.Elements(ns + "circle").Should().HaveCount(3, "two bins before and one after have rows");
        string words = string.Join('\n', root.Elements(ns + "text").Select(t => t.Value));
        words.Should().Contain("swing <on> MKT.SYN").And.Contain("40 hold-out rows, Brier score 0.2600 before calibration, 0.2400 after");
        svg.Should().NotContain("NaN");
    }

    [Fact]
    public void Nothing_is_drawn_of_nothing()
    {
        ReliabilityPicture.Draw("a refit", null).Should().BeNull();
        JsonObject empty = Report();
        empty["reliability_after"] = new JsonArray([.. empty["reliability_after"]!.AsArray().Select(b => Bin(b!["from"]!.GetValue<double>(), 0, null, null))]);
        ReliabilityPicture.Draw("a refit", empty).Should().BeNull();
    }

    private static JsonObject Report() => new()
    {
        ["brier_before"] = 0.26, ["brier_after"] = 0.24,
        ["reliability_before"] = Table((4, 25, 0.45, 0.56), (5, 15, 0.52, 0.4)), ["reliability_after"] = Table((4, 40, 0.47, 0.5)),
    };

    private static JsonArray Table(params (int Bin, int Count, double Said, double Came)[] full) => new(
    [
        .. Enumerable.Range(0, 10).Select(b => full.FirstOrDefault(f => f.Bin == b) is { Count: > 0 } f ? Bin(b / 10.0, f.Count, f.Said, f.Came) : Bin(b / 10.0, 0, null, null)),
    ]);

    private static JsonObject Bin(double from, int count, double? said, double? came) =>
        new() { ["from"] = from, ["to"] = from + 0.1, ["count"] = count, ["mean_probability"] = said, ["share_of_gains"] = came };
}
