using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Symbols;

public sealed class SymbolTests
{
    [Theory]
    [InlineData("spy", "SPY")]
    [InlineData(" BRK.B ", "BRK.B")]
    [InlineData("BF-B", "BF-B")]
    [InlineData("MKT.SYN", "MKT.SYN")]
    public void A_ticker_is_read_in_upper_case(string text, string symbol) => Symbol.Parse(text).Value.Should().Be(symbol);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".A")]
    [InlineData("A/B")]
    [InlineData("A B")]
    [InlineData("../etc")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU")]
    [InlineData("É")]
    public void What_is_no_ticker_is_refused(string text) => Code(() => Symbol.Parse(text)).Should().Be("MKT-1001");

    [Fact]
    public void Any_ticker_that_is_read_is_safe_in_a_path_and_reads_as_itself()
    {
        int read = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            Rng rng = Rng.From(seed);
            string text = string.Concat(Enumerable.Range(0, rng.NextInt(6)).Select(_ => (char)(32 + rng.NextInt(95))));
            try
            {
                Symbol symbol = Symbol.Parse(text);
                read++;
                symbol.Value.Should().NotContainAny(["/", "\\", "..", " ", "*", "?"], $"seed {seed}");
                Symbol.Parse(symbol.Value).Should().Be(symbol, $"seed {seed}");
            }
            catch (ProblemException e)
            {
                e.Problem.Code.Should().Be("MKT-1001", $"seed {seed}");
            }
        }

        read.Should().BeGreaterThan(50);
    }

    [Fact]
    public void An_interval_is_read_as_it_is_written_and_nothing_else_is_one()
    {
        foreach (Interval interval in Enum.GetValues<Interval>())
        {
            Intervals.Parse(interval.Text()).Should().Be(interval);
        }

        Code(() => Intervals.Parse("2h")).Should().Be("MKT-1002");
    }

    [Theory]
    [InlineData("SPY", "equity", "NYSE")]
    [InlineData("MKT.SYN", "synthetic", "NYSE")]
    [InlineData("USDCOP", "fx", "COLOMBIA")]
    [InlineData("COPUSD", "fx", "COLOMBIA")]
    [InlineData("EURUSD", "fx", "NYSE")]
    [InlineData("ABCDEF", "equity", "NYSE")]
    [InlineData("SPX", "index", "NYSE")]
    [InlineData("SPX500_CFD", "cfd", "NYSE")]
    public void A_symbol_knows_its_class_and_its_calendar(string symbol, string assetClass, string calendar)
    {
        Instrument instrument = Instrument.Of(Symbol.Parse(symbol));
        (instrument.AssetClass, instrument.Calendar.Id).Should().Be((assetClass, calendar));
    }

    private static string Code(Action act) => act.Should().Throw<ProblemException>().Which.Problem.Code;
}
