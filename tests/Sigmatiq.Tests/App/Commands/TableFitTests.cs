using System.Text.RegularExpressions;
using Sigmatiq.App.Commands;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Commands;

public sealed partial class TableFitTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(160)]
    public async Task A_list_on_a_terminal_keeps_to_its_width_breaks_no_word_and_names_the_columns_it_leaves_out(int width)
    {
        string shown = await OnTerminalAsync(width, "indicators", "list");
        string[] lines = shown.Split('\n');
        lines.Should().OnlyContain(l => l.TrimEnd().Length <= width);
        lines.Length.Should().BeLessThan(80, "a catalog of {0} must be readable", IndicatorCatalog.All.Count);
        string[] words = [.. IndicatorCatalog.All.SelectMany(i => i.Meaning.Split(' ').Append(i.Name))];
        shown.Split([' ', '\n', '│', '\r']).Should().Contain(words, "no word of a name or a meaning may be broken");
        shown.Contains("also: ", StringComparison.Ordinal).Should().Be(!shown.Contains("formula │", StringComparison.Ordinal) && !FormulaHeading().IsMatch(shown));
        if (width == 80)
        {
            shown.Replace("\n", " ", StringComparison.Ordinal).Should().Contain("also: group, outputs, warm-up bars, formula; a wider terminal or -o json shows all");
        }
    }

    [Fact]
    public void What_matters_less_gives_way_first_and_of_equals_the_right_one()
    {
        string[] titles = ["detail", "key", "left", "right"];
        string[][] rows = [["dddddddd", "kkkkkkkk", "llllllll", "rrrrrrrr"]];
        Weight[] weights = [Weight.Detail, Weight.Key, Weight.Usual, Weight.Usual];
        int[] Shown(int width) => [.. TableFit.Of(titles, new bool[4], weights, rows, width).Shown];

        // Eleven characters each with its border, and the last border.
        Shown(45).Should().Equal(0, 1, 2, 3);
        Shown(44).Should().Equal(1, 2, 3);
        Shown(33).Should().Equal(1, 2);
        Shown(22).Should().Equal(1);
        Shown(5).Should().Equal([1], "something must be shown");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    public void A_labelled_value_wraps_at_words_below_its_first_line(int width)
    {
        using StringWriter text = new(), error = new();
        string value = string.Join(' ', Enumerable.Repeat("threshold=0.65", 20));
        new Output(new(text, error, OutIsTerminal: true, Columns: width), TimeProvider.System, asJson: false, isQuiet: false).Item("", ("parameters", value), ("digest", Hash));
        string[] lines = [.. Escape().Replace(text.ToString(), "").Split('\n').Select(l => l.TrimEnd())];
        lines.Should().OnlyContain(l => l.Length <= width);
        lines.SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.StartsWith('t')).Should().OnlyContain(w => w == "threshold=0.65").And.HaveCount(20);
        lines[1].Should().StartWith("            threshold", "the label's column stays empty");
        lines.Should().Contain($"digest      {Hash}");
    }

    [Fact]
    public void A_very_long_cell_wraps_at_its_words_while_a_hash_stays_whole()
    {
        string text = string.Join(' ', Enumerable.Repeat("word", 60));
        string[][] rows = [["a", Hash, text], ["b", Hash, "short"]];
        TableFit fit = TableFit.Of(["id", "hash", "note"], new bool[3], new Weight[3], rows, 80);
        fit.Shown.Should().Equal(0, 1, 2);
        fit.WidthOf(1).Should().Be(Hash.Length);
        fit.Shown.Sum(c => fit.WidthOf(c) + 3).Should().BeLessThan(80);
        IReadOnlyList<string> lines = TableFit.Wrap(text, fit.WidthOf(2));
        lines.Should().OnlyContain(l => l.Length <= fit.WidthOf(2));
        lines.SelectMany(l => l.Split(' ')).Should().OnlyContain(w => w == "word").And.HaveCount(60);
    }

    [Fact]
    public void No_word_of_a_shown_column_is_broken_at_any_width()
    {
        Rng rng = Rng.From(11);
        for (int round = 0; round < 300; round++)
        {
            int columns = 1 + rng.NextInt(8), width = 40 + rng.NextInt(140);
            string Text() => string.Join(' ', Enumerable.Range(0, rng.NextInt(9)).Select(_ => new string('x', 1 + rng.NextInt(30))));
            string[][] rows = [.. Enumerable.Range(0, rng.NextInt(12)).Select(_ => Enumerable.Range(0, columns).Select(_ => Text()).ToArray())];
            string[] titles = [.. Enumerable.Range(0, columns).Select(_ => Text())];
            TableFit fit = TableFit.Of(titles, [.. Enumerable.Range(0, columns).Select(_ => rng.NextInt(2) == 0)], [.. Enumerable.Range(0, columns).Select(_ => (Weight)rng.NextInt(3))], rows, width);
            string seed = $"round {round} of seed 11, width {width}";
            fit.Shown.Should().NotBeEmpty(seed);
            (fit.Shown.Sum(c => fit.WidthOf(c) + 3) + 1).Should().BeLessThanOrEqualTo(width, seed);
            if (fit.Shown.Count > 1)
            {
                foreach (int c in fit.Shown)
                {
                    rows.Select(r => r[c]).Append(titles[c]).SelectMany(t => t.Split(' ')).Should().OnlyContain(word => word.Length <= fit.WidthOf(c), seed);
                }
            }
        }
    }

    [Fact]
    public async Task A_refusal_breaks_at_words_on_a_terminal_leaves_a_path_whole_and_is_one_line_in_a_file()
    {
        string path = $"/nowhere/{new string('x', 70)}/bars.parquet";
        string[] args = ["data", "check", path, "--quiet"];
        using StringWriter output = new(), error = new();
        var host = new CommandHost(TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 7), new(output, error, ErrorIsTerminal: true, Columns: 60));
        (await CommandLine.RunAsync(args, host, Token)).Should().NotBe(0);
        string[] lines = error.ToString().TrimEnd().Split('\n');
        lines.Should().HaveCountGreaterThan(1).And.OnlyContain(l => l.Length <= 60 || !l.Contains(' '), error.ToString());
        lines.Should().Contain(l => l.Contains(path), "a path is copied in one piece");
        CommandLineRun file = await CommandLineRun.OfAsync(args, Token);
        file.Error.TrimEnd().Split('\n').Should().ContainSingle().Which.Split(' ').Should().Equal(string.Join(' ', lines).Split(' '), "the words are the same");
    }

    private static async Task<string> OnTerminalAsync(int width, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var host = new CommandHost(TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 7), new(output, error, OutIsTerminal: true, Columns: width));
        (await CommandLine.RunAsync(args, host, Token)).Should().Be(0, error.ToString());
        return Escape().Replace(output.ToString(), "");
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[a-zA-Z]")]
    private static partial Regex Escape();

    [GeneratedRegex(@"│ formula +│")]
    private static partial Regex FormulaHeading();
}
