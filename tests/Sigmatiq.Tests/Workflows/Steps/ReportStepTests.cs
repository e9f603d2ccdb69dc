using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class ReportStepTests
{
    private const string With = """
        title: "Sweep of {params.ticker}"
        text: |
          Made by **{run.workflow}** as of `{run.as_of}`.

          ## Best

          [[best]]

          - first
          - second
        figures: { passed: true, sharpe: 1.25, none: null, ticker: "{params.ticker}" }
        tables:
          best: [{ combo: 3, note: "a|b" }, { combo: 12, note: "{params.note}", extra: 1 }]
          rest: []
        format: FORMAT
        """;

    [Fact]
    public async Task A_report_shows_its_text_figures_and_tables_and_is_named_by_its_content()
    {
        await using KindRoom room = await OpenAsync();
        RunState state = await room.RunAsync(Yaml("markdown"), """{ "note": "[x](http://evil) <script>" }""");
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        JsonNode output = state.Step("write").Outputs!;
        string file = room.Data.File(output["file"]!.GetValue<string>());
        (await File.ReadAllTextAsync(file, KindRoom.Ct)).Should().Be("""
            # Sweep of MKT.SYN

            Made by **reports** as of `2026-03-02T15:00:00Z`.

            ## Best

            | combo | note | extra |
            | --: | --- | --: |
            | 3 | a\|b | – |
            | 12 | \[x\](http://evil) &lt;script&gt; | 1 |

            - first
            - second

            | figure | value |
            | --- | --: |
            | passed | yes |
            | sharpe | 1.25 |
            | none | – |
            | ticker | MKT.SYN |

            ## rest

            (no rows)

            """);
        ContentHash.OfFile(file).Hex.Should().Be(output["report_hash"]!.GetValue<string>());
        RunState again = await room.RunAsync(Yaml("markdown"), """{ "note": "[x](http://evil) <script>" }""", state.Request.AsOfUtc);
        again.Step("write").Outputs!.ToJsonString().Should().Be(output.ToJsonString());
    }

    [Fact]
    public async Task As_a_page_it_loads_nothing_and_no_output_becomes_markup()
    {
        await using KindRoom room = await OpenAsync();
        RunState state = await room.RunAsync(Yaml("html"), """{ "note": "<script>alert(1)</script><img src=x onerror=y>" , "ticker": "A&B" }""");
        string page = await File.ReadAllTextAsync(room.Data.File(state.Step("write").Outputs!["file"]!.GetValue<string>()), KindRoom.Ct);
        page.Should().Contain("<h1>Sweep of A&amp;B</h1>").And.Contain("<strong>reports</strong>").And.Contain("<code>2026-03-02T15:00:00Z</code>").And.Contain("<h2>Best</h2>")
            .And.Contain("<td class=\"n\">12</td><td>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;</td>").And.Contain("<ul>\n<li>first</li>\n<li>second</li>\n</ul>");
        page.Should().NotContain("<script").And.NotContain("<img").And.NotContain("http://").And.Contain("default-src 'none'");
    }

    [Fact]
    public async Task A_table_that_is_not_given_or_too_long_is_refused()
    {
        await using KindRoom room = await OpenAsync();
        (await room.RunAsync(Yaml("markdown").Replace("[[best]]", "[[beast]]"))).Step("write").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.UnknownField);
        string rows = string.Join(", ", Enumerable.Repeat("{ a: 1 }", 10_001));
        (await room.RunAsync(Yaml("markdown").Replace("rest: []", $"rest: [{rows}]").Replace("1.0.0", "1.1.0"))).Step("write").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.BadValue);
    }

    private static Task<KindRoom> OpenAsync() => KindRoom.OpenAsync(room => [new ReportStep(room.Data)]);

    private static string Yaml(string format) => $$"""
        workflow: reports
        version: 1.0.0
        summary: Reports
        parameters: { ticker: { type: text, default: MKT.SYN }, note: { type: text, default: plain } }
        steps:
          write:
            uses: report
            with:
              {{With.Replace("FORMAT", format).Replace("\n", "\n      ")}}
        """;
}
