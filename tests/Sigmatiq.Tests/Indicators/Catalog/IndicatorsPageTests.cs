using System.Text;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Tests.Indicators.Catalog;

/// <summary><c>docs/indicators.md</c> says what the catalog says.</summary>
public sealed class IndicatorsPageTests
{
    [Fact]
    public void The_page_of_indicators_is_the_catalog()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "indicators.md"));
        string expected = Render();
        string written = Path.Combine(AppContext.BaseDirectory, "indicators.expected.md");
        File.WriteAllText(written, expected);
        page.Contains(expected, StringComparison.Ordinal).Should().BeTrue($"docs/indicators.md must hold the text that is now in {written}");
    }

    [Fact]
    public void Every_indicator_of_the_catalog_is_a_chapter_of_the_page_and_none_is_more()
    {
        string[] chapters = [.. File.ReadLines(Path.Combine(Checkout.Root, "docs", "indicators.md")).Where(l => l.StartsWith("### ", StringComparison.Ordinal)).Select(l => l.Split('`')[1])];
        chapters.Should().Equal(IndicatorCatalog.All.Select(i => i.Name));
    }

    private static string Render()
    {
        StringBuilder page = new();
        foreach (IGrouping<string, IndicatorSpec> group in IndicatorCatalog.All.GroupBy(i => i.Group))
        {
            page.Append($"## {char.ToUpperInvariant(group.Key[0])}{group.Key[1..]}\n\n");
            foreach (IndicatorSpec spec in group)
            {
                string rules = string.Join(", ", PackIndicator.Find(spec.Name)!.RuleNames().Keys.Select(n => $"`{n}`"));
                page.Append($"### {spec.Title}: `{spec.Name}`\n\n{spec.Meaning}\n\n");
                page.Append($"- Formula: {spec.Formula}\n");
                page.Append($"- Outputs: {string.Join(", ", spec.Outputs.Select(o => $"`{o}`"))}; in rules {rules}\n");
                page.Append($"- First value of every output: bar {spec.WarmUpBars(IndicatorSettings.Defaults(spec))}, counted from 0, with the defaults\n");
                page.Append($"- Equals the published values of: {string.Join(", ", spec.Sources)}\n\n");
                page.Append("| Setting | Default | Range | Meaning |\n|---|---|---|---|\n");
                foreach (IndicatorParameter p in spec.Parameters)
                {
                    string range = p.IsChoice ? "one of the words below" : p.IsFlag ? "true, false" : FormattableString.Invariant($"{p.Min} to {p.Max}{(p.IsWhole ? ", whole" : "")}");
                    page.Append($"| `{p.Name}` | {p.Text(p.Default)} | {range} | {p.Help}{(p.IsConstant ? " A constant for rules: changes no value." : "")} |\n");
                }

                page.Append('\n');
                foreach (IndicatorParameter p in spec.Parameters.Where(p => p.IsChoice))
                {
                    foreach (IndicatorChoice choice in p.Choices)
                    {
                        page.Append($"- `{p.Name}: {choice.Name}`: {choice.Meaning}\n");
                    }

                    page.Append('\n');
                }
            }
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }
}
