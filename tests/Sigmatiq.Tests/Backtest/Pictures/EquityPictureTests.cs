using System.Xml.Linq;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Pictures;
using Sigmatiq.Tests.Backtest.Evidence;

namespace Sigmatiq.Tests.Backtest.Pictures;

public sealed class EquityPictureTests
{
    private static readonly WindowResult Window = EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic)).Holdout;

    [Fact]
    public void Every_mark_and_word_of_the_picture_lies_inside_it()
    {
        XElement svg = XElement.Parse(EquityPicture.Draw("A & B <swing>", "Hold-out", Window));
        double width = (double)svg.Attribute("width")!, height = (double)svg.Attribute("height")!;
        (width, height).Should().Be((1200, 640));
        XNamespace ns = svg.Name.Namespace;
        XElement[] words = [.. svg.Elements(ns + "text")];
        words.Should().HaveCountGreaterThan(12);
        foreach (XElement word in words)
        {
            double x = (double)word.Attribute("x")!, y = (double)word.Attribute("y")!, length = word.Value.Length * 0.62 * (double)word.Attribute("font-size")!;
            double left = (string?)word.Attribute("text-anchor") switch { "end" => x - length, "middle" => x - (length / 2), _ => x };
            left.Should().BeGreaterThanOrEqualTo(0, word.Value);
            (left + length).Should().BeLessThanOrEqualTo(width, word.Value);
            y.Should().BeInRange(12, height - 4, word.Value);
        }

        foreach (XElement path in svg.Elements(ns + "path"))
        {
            foreach (string point in ((string)path.Attribute("d")!).Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries))
            {
                double[] xy = [.. point.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
                xy[0].Should().BeInRange(0, width);
                xy[1].Should().BeInRange(0, height);
            }
        }

        words.Select(w => w.Value).Should().Contain("A & B <swing>").And.Contain("Strategy").And.Contain("Buy and hold");
    }

    [Fact]
    public void A_strategy_that_moves_far_less_than_its_instrument_has_a_panel_of_its_own()
    {
        double[] moved = [.. Window.Result.Equity.Select((e, t) => t % 7 == 3 ? 1.5 * e : e)];
        EquityPicture.Draw("x", "Hold-out", Window).Should().Contain("on a scale of its own");
        EquityPicture.Draw("x", "Hold-out", Window with { Result = Window.Result with { Equity = moved } }).Should().NotContain("on a scale of its own");
    }

    [Fact]
    public void The_same_result_draws_the_same_picture() => EquityPicture.Draw("x", "Hold-out", Window).Should().Be(EquityPicture.Draw("x", "Hold-out", Window));

    [Fact]
    public void A_png_is_made_where_rsvg_convert_is_present_and_a_broken_picture_fails_nothing()
    {
        PngPicture.FromSvg("no picture").Should().BeNull();
        byte[]? png = PngPicture.FromSvg(EquityPicture.Draw("x", "Hold-out", Window));
        Assert.SkipWhen(png is null, "needs rsvg-convert");
        png![..8].Should().Equal(0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10);
    }
}
