using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class SqlQueryStepTests
{
    [Fact]
    public async Task Rows_of_a_file_come_into_the_output_with_their_hash_and_the_values_that_were_given()
    {
        await using KindRoom room = await OpenAsync();
        string file = Trades(room, 5);
        RunState state = await room.RunAsync(Yaml("""
            sql: "select side, count(*) as n, sum(net) as net from trades, params where net >= params.least group by side order by side"
            tables: { trades: "{params.file}" }
            values: { least: "{params.least}" }
            """), $$"""{ "file": "{{file}}", "least": 1 }""");
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        JsonNode output = state.Step("ask").Outputs!;
        output["rows"]!.ToJsonString().Should().Be("""[{"side":"long","n":2,"net":6},{"side":"short","n":2,"net":4}]""");
        output["first"]!["net"]!.GetValue<double>().Should().Be(6);
        output["columns"]!.AsArray().Select(c => c!.GetValue<string>()).Should().Equal("side", "n", "net");
        output["file"].Should().BeNull();

        RunState again = await room.RunAsync(Yaml("""
            sql: "select side, count(*) as n, sum(net) as net from trades where net >= 1 group by side order by side"
            tables: { trades: "{params.file}" }
            """).Replace("1.0.0", "1.1.0"), $$"""{ "file": "{{file}}" }""");
        again.Step("ask").Outputs!["result_hash"]!.GetValue<string>().Should().Be(output["result_hash"]!.GetValue<string>(), "the same rows have one hash");
    }

    [Fact]
    public async Task Many_rows_become_a_parquet_file_named_by_its_content()
    {
        await using KindRoom room = await OpenAsync();
        string file = Trades(room, 500);
        RunState state = await room.RunAsync(Yaml("sql: select * from trades where net > 0\ntables: { trades: \"{params.file}\" }"), $$"""{ "file": "{{file}}" }""");
        JsonNode output = state.Step("ask").Outputs!;
        output["row_count"]!.GetValue<long>().Should().Be(499);
        output["rows"]!.AsArray().Should().BeEmpty();
        string path = room.Data.File(output["file"]!.GetValue<string>());
        ParquetFile.CountRows(path, KindRoom.Ct).Should().Be(499);
        ContentHash.OfFile(path).Hex.Should().Be(output["result_hash"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_snapshot_is_a_table_and_one_whose_file_was_changed_gives_no_rows()
    {
        await using KindRoom room = await OpenAsync();
        BarStore bars = new(room.Data, room.Rows, room.Clock, IdSource.FromSeed(room.Clock, 3));
        Symbol symbol = MarketSimulator.Default.Symbols[0];
        AlignedSeries series = await new MarketAlign(bars, [new SimulatorSource(MarketSimulator.Default)]).AlignAsync(symbol, Interval.Day1, room.Clock.GetUtcNow(), KindRoom.Ct);
        string yaml = Yaml("sql: select count(*) as n from bars\ntables: { bars: \"{params.file}\" }");
        RunState state = await room.RunAsync(yaml, $$"""{ "file": "{{series.Snapshot.Id.Hex}}" }""");
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        state.Step("ask").Outputs!["first"]!["n"]!.GetValue<long>().Should().Be(series.Snapshot.Bars);

        string path = room.Data.File(bars.Manifest(series.Snapshot.Id).Files[0].Path);
        byte[] bytes = await File.ReadAllBytesAsync(path, KindRoom.Ct);
        bytes[^20] ^= 1;
        File.Delete(path);
        await File.WriteAllBytesAsync(path, bytes, KindRoom.Ct);
        (await room.RunAsync(yaml, $$"""{ "file": "{{series.Snapshot.Id.Hex}}" }""")).Step("ask").Instances[0].Problem!.Code.Should().Be("STO-3003");
    }

    [Theory]
    [InlineData("sql: select * from read_csv('/etc/passwd')\ntables: {}", "STO-2007", true)]
    [InlineData("sql: drop table x\ntables: {}", "STO-2007", true)]
    [InlineData("sql: select * from bar\ntables: { bars: trades.parquet }", "STO-2007", true)]
    [InlineData("sql: select 1; select 2\ntables: {}", "STO-2007", true)]
    [InlineData("sql: selct 1\ntables: {}", "STO-2002", true)]
    [InlineData("sql: select 1\ntables: { t: ../outside.parquet }", WorkflowCodes.BadValue)]
    [InlineData("sql: select 1\ntables: { t: /etc/passwd }", WorkflowCodes.BadValue)]
    [InlineData("sql: select 1\ntables: { t: sigmatiq.db }", WorkflowCodes.BadValue)]
    [InlineData("sql: select 1\ntables: { t: link.parquet }", WorkflowCodes.BadValue)]
    [InlineData("sql: select 1\ntables: { t: linked/trades.parquet }", WorkflowCodes.BadValue)]
    [InlineData("sql: select 1\ntables: { \"t\\\" as select 1; --\": trades.parquet }", WorkflowCodes.BadValue, true)]
    [InlineData("sql: select 1\ntables: {}\nvalues: { a: [1] }", WorkflowCodes.BadValue, true)]
    [InlineData("sql: select 1\ntables: {}\nvalues: { \"A b\": 1 }", WorkflowCodes.BadValue, true)]
    [InlineData("sql: select 1\ntables: {}\ntime: soon", WorkflowCodes.BadValue, true)]
    [InlineData("sql: select 1\ntables: {}\nmemory_mb: 8", WorkflowCodes.BadValue, true)]
    [InlineData("sql: select * from range(1001)\ntables: {}\nto: output", WorkflowCodes.BadValue)]
    [InlineData("sql: select * from range(10)\ntables: {}\nrows_max: 9", "STO-2009")]
    [InlineData("sql: select 1\ntables: { params: trades.parquet }\nvalues: { a: 1 }", "STO-2007", true)]
    [InlineData("sql: select 1\ntables: { t: \"0000000000000000000000000000000000000000000000000000000000000000\" }", "STO-3001")]
    public async Task What_is_no_table_no_value_or_no_select_is_refused(string with, string code, bool atLoad = false)
    {
        await using KindRoom room = await OpenAsync();
        Trades(room, 5);
        string elsewhere = Path.Combine(Path.GetTempPath(), $"sigmatiq-elsewhere-{Guid.NewGuid():N}");
        Directory.CreateDirectory(elsewhere);
        File.Copy(Path.Combine(room.Data.Root, "trades.parquet"), Path.Combine(elsewhere, "trades.parquet"));
        File.CreateSymbolicLink(Path.Combine(room.Data.Root, "link.parquet"), Path.Combine(elsewhere, "trades.parquet"));
        Directory.CreateSymbolicLink(Path.Combine(room.Data.Root, "linked"), elsewhere);
        (await KindRoom.RefusalAsync(room.Kinds, Yaml(with), "ask")).Code.Should().Be(code);
        if (atLoad)
        {
            WorkflowYaml.Parse(Yaml(with), "test.yaml", room.Kinds).Problems.Select(p => p.Code).Should().Equal([code], "what stands in the file is refused on loading");
        }
        else
        {
            (await room.RunAsync(Yaml(with))).Step("ask").Instances[0].Problem!.Code.Should().Be(code);
        }

        Directory.Delete(elsewhere, recursive: true);
    }

    private static string Trades(KindRoom room, int count)
    {
        ParquetFile.Write(room.Data.File("trades.parquet"), new(
            Column.Of("net", [.. Enumerable.Range(0, count).Select(i => (double)i)]), Column.Of("side", [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? "long" : "short")])), KindRoom.Ct);
        return "trades.parquet";
    }

    private static Task<KindRoom> OpenAsync() =>
        KindRoom.OpenAsync(room => [new SqlQueryStep(room.Data, new(room.Data, room.Rows, room.Clock, IdSource.FromSeed(room.Clock, 2)), TimeProvider.System)]);

    private static string Yaml(string with) => $$"""
        workflow: asks
        version: 1.0.0
        summary: Asks
        parameters: { file: { type: text, default: trades.parquet }, least: { type: number, default: 0 } }
        steps:
          ask:
            uses: sql.query
            with:
              {{with.Replace("\n", "\n      ")}}
        """;
}
