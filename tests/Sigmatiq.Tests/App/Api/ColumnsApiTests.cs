using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Leaderboards, trades, accounts and bars by column: the same figures as row by row, as JSON and as Parquet.</summary>
public sealed class ColumnsApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_columns_of_a_leaderboard_say_what_its_rows_say()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode table = await GetAsync(swept, "leaderboard");
        JsonArray rows = (await swept.Browser.GetFromJsonAsync<JsonNode>($"/api/sweeps/{swept.Sweep.SweepId}/results", Ct))!["leaderboard"]!.AsArray();
        table["rows"]!.GetValue<int>().Should().Be(30).And.Be(rows.Count);
        foreach ((string column, string key) in ((string, string)[])
            [("rank", "rank"), ("combo_id", "combo_id"), ("sharpe_ratio", "sharpe"), ("total_return", "return"), ("total_trades", "trades"), ("max_drawdown", "max_drawdown"), ("gate", "gate"),
                ("duplicate_of", "duplicate_of"), ("config_hash", "config_hash"), ("deflated_sharpe", "deflated_sharpe"), ("break_even_bps", "break_even_bps"), ("selected", "selection_checkbox")])
        {
            Column(table, column).Select(Text).Should().Equal(rows.Select(r => Text(r![key])), column);
        }

        Column(table, "near_duplicate_of").Select(Text).Should().Equal(rows.Select(r => Text(r!["near_duplicate_of"])));
        Column(table, "gate_reasons").Select(r => r?.GetValue<string>() ?? "").Should().Equal(rows.Select(r => string.Join(' ', r!["gate_reasons"]!.AsArray().Select(w => w!.GetValue<string>()))));
        Column(table, "threshold").Select(Text).Should().Equal(rows.Select(r => Text(r!["config"]!["threshold"])), "a parameter is a column of numbers");
        table["about"]!["parameters"]!.AsArray().Select(p => p!.GetValue<string>()).Should().Equal("threshold", "position_size_pct", "stop_loss_pct");
        Column(table, "deflated_sharpe").Should().OnlyContain(d => d != null, "every row of this sweep has returns that vary");
        (table["about"]!["evaluated"]!.GetValue<int>(), table["about"]!["ticker"]!.GetValue<string>()).Should().Be((30, "MKT.SYN"));
        table["about"]!["trials"]!["different"]!.GetValue<int>().Should().BePositive();
        table["types"]!["sharpe_ratio"]!.GetValue<string>().Should().Be("double");
        int ticked = rows[4]!["combo_id"]!.GetValue<int>();
        (await swept.Browser.PatchAsJsonAsync($"/api/sweeps/{swept.Sweep.SweepId}/results/{ticked}", new { selection_checkbox = true }, Ct)).EnsureSuccessStatusCode();
        Column(await GetAsync(swept, "leaderboard?columns=selected"), "selected").Select(s => s!.GetValue<bool>()).Should().Equal(Enumerable.Range(0, 30).Select(i => i == 4));
    }

    [Fact]
    public async Task Rows_that_differ_in_size_alone_are_one_group_named_by_its_best()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode table = await GetAsync(swept, "leaderboard");
        int[] combos = [.. Column(table, "combo_id").Select(c => c!.GetValue<int>())], groups = [.. Column(table, "size_group").Select(c => c!.GetValue<int>())];
        string[] settings = [.. Column(table, "threshold").Zip(Column(table, "stop_loss_pct"), (t, s) => $"{Text(t)} {Text(s)}")];
        for (int i = 0; i < combos.Length; i++)
        {
            int best = Array.IndexOf(settings, settings[i]);
            groups[i].Should().Be(combos[best], "the first by rank with the same threshold and stop");
        }

        groups.Distinct().Should().HaveCount(15, "3 thresholds and 5 stops");
        JsonNode few = await GetAsync(swept, "leaderboard?limit=4&columns=combo_id,size_group,deflated_sharpe");
        few["rows"]!.GetValue<int>().Should().Be(4);
        Column(few, "size_group").Select(Text).Should().Equal(Column(table, "size_group").Take(4).Select(Text));
        Column(few, "deflated_sharpe").Select(Text).Should().Equal(Column(table, "deflated_sharpe").Take(4).Select(Text));
    }

    [Fact]
    public async Task A_leaderboard_as_csv_has_a_line_a_combo_and_taking_it_is_noted()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/sweeps/{swept.Sweep.SweepId}/leaderboard?columns=combo_id,threshold,sharpe_ratio,gate,selected,near_duplicate_of");
        request.Headers.Accept.Add(new(ColumnsAnswer.Csv));
        using HttpResponseMessage answer = await swept.Browser.SendAsync(request, Ct);
        answer.Content.Headers.ContentType!.MediaType.Should().Be(ColumnsAnswer.Csv);
        string[] lines = (await answer.Content.ReadAsStringAsync(Ct)).TrimEnd('\n').Split('\n');
        lines[0].Should().Be("combo_id,threshold,sharpe_ratio,gate,selected,near_duplicate_of");
        JsonNode table = await GetAsync(swept, "leaderboard");
        lines[1..].Should().Equal(Enumerable.Range(0, 30).Select(i => string.Join(',', new[] { "combo_id", "threshold", "sharpe_ratio", "gate", "selected", "near_duplicate_of" }
            .Select(c => Column(table, c)[i] is { } value ? value.ToString() : ""))));
        JsonArray audit = (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/audit?limit=5", Ct))!;
        audit.Should().ContainSingle(e => e!["action"]!.GetValue<string>() == "sweep.export" && e["subject"]!.GetValue<string>() == $"sweep:{swept.Sweep.SweepId}");
    }

    [Fact]
    public async Task Sparklines_are_the_accounts_at_even_distances()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode lines = await GetAsync(swept, "sparklines?combos=7,1,31"), equity = await GetAsync(swept, "combos/7/equity");
        Column(lines, "combo_id").Select(Text).Should().Equal(["1", "7"], "31 is not there");
        double[] worth = [1, .. Column(equity, "equity").Select(e => e!.GetValue<double>())];
        for (int p = 0; p < 32; p++)
        {
            Column(lines, $"p{p}")[1]!.GetValue<double>().Should().BeApproximately(worth[(worth.Length - 1) * p / 31], 1e-12);
        }

        foreach (string wrong in (string[])["", "0", "1,x", string.Join(',', Enumerable.Range(1, 201))])
        {
            using HttpResponseMessage refused = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/sparklines?combos={wrong}", Ct);
            (await refused.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2014", wrong);
        }
    }

    [Fact]
    public async Task The_bars_of_a_sweep_end_with_its_selection_window()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode bars = await GetAsync(swept, "bars"), window = (await GetAsync(swept, "leaderboard?limit=1"))["about"]!["window"]!;
        string[] starts = [.. Column(bars, "start").Select(s => s!.GetValue<string>())];
        bars["rows"]!.GetValue<int>().Should().Be(window["selection"]!["bars"]!.GetValue<int>());
        starts[0][..10].Should().Be(window["selection"]!["start"]!.GetValue<string>());
        starts[^1][..10].Should().Be(window["selection"]!["end"]!.GetValue<string>());
        string.CompareOrdinal(starts[^1], window["holdout"]!["start"]!.GetValue<string>()).Should().BeNegative("the hold-out stays unseen");
        Column(await GetAsync(swept, "combos/1/trades"), "entry_ts").Select(Text).Should().BeSubsetOf(Column(bars, "start").Select(Text), "trades stand on these bars");
    }

    [Fact]
    public async Task Columns_that_are_named_come_alone_and_in_that_order_and_an_unknown_one_is_refused()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        (await GetAsync(swept, "leaderboard?columns=sharpe_ratio,combo_id,sharpe_ratio"))["columns"]!.AsObject().Select(c => c.Key).Should().Equal("sharpe_ratio", "combo_id");
        using HttpResponseMessage unknown = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/leaderboard?columns=wibble", Ct);
        unknown.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        JsonNode problem = (await unknown.Content.ReadFromJsonAsync<JsonNode>(Ct))!;
        (problem["code"]!.GetValue<string>(), problem["remedy"]!.GetValue<string>().Contains("sharpe_ratio", StringComparison.Ordinal)).Should().Be(("APP-2024", true));
        string[] all = [.. (await GetAsync(swept, "leaderboard"))["columns"]!.AsObject().Select(c => c.Key)];
        JsonNode without = await GetAsync(swept, "leaderboard?columns=-deflated_sharpe,-deflated_sharpe_reason,-config_hash");
        without["columns"]!.AsObject().Select(c => c.Key).Should().Equal(all.Except(["deflated_sharpe", "deflated_sharpe_reason", "config_hash"]));
        without["about"]!["trials"].Should().BeNull("nothing is deflated, so no trial is counted");
        using HttpResponseMessage none = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/leaderboard?columns={string.Join(',', all.Select(c => "-" + c))}", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using HttpResponseMessage blank = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/leaderboard?columns=,", Ct);
        blank.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Whoever_accepts_parquet_gets_the_same_columns_as_a_file_and_nothing_stays_behind()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/sweeps/{swept.Sweep.SweepId}/leaderboard");
        request.Headers.Accept.Add(new(ColumnsAnswer.Parquet));
        using HttpResponseMessage answer = await swept.Browser.SendAsync(request, Ct);
        answer.Content.Headers.ContentType!.MediaType.Should().Be(ColumnsAnswer.Parquet);
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder["board.parquet"], await answer.Content.ReadAsByteArrayAsync(Ct), Ct);
        ColumnSet file = ParquetFile.Read(folder["board.parquet"], null, Ct);
        JsonNode table = await GetAsync(swept, "leaderboard");
        file.Names.Should().Equal(table["columns"]!.AsObject().Select(c => c.Key));
        file["sharpe_ratio"].Doubles.Select(d => double.IsNaN(d) ? null : (double?)d).Should().Equal(Column(table, "sharpe_ratio").Select(d => d?.GetValue<double>()));
        Directory.EnumerateFileSystemEntries(Path.Combine(swept.Room.Running.Data.Root, "exports")).Should().BeEmpty();
    }

    [Fact]
    public async Task The_account_of_a_combo_compounds_to_its_return_and_its_trades_are_those_it_counts()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        foreach (int combo in new[] { 1, 7, 30 })
        {
            JsonNode result = (await swept.Browser.GetFromJsonAsync<JsonNode>($"/api/sweeps/{swept.Sweep.SweepId}/combos/{combo}", Ct))!;
            JsonNode equity = await GetAsync(swept, $"combos/{combo}/equity"), trades = await GetAsync(swept, $"combos/{combo}/trades");
            double[] returns = [.. Column(equity, "return").Select(r => r!.GetValue<double>())], worth = [.. Column(equity, "equity").Select(r => r!.GetValue<double>())];
            worth.Should().HaveCount(equity["rows"]!.GetValue<int>());
            worth[^1].Should().BeApproximately(returns.Aggregate(1.0, (w, r) => w * (1 + r)), 1e-12);
            (worth[^1] - 1).Should().BeApproximately(result["metrics"]!["total_return"]!.GetValue<double>(), 1e-6, "metrics are rounded to six places");
            Column(equity, "drawdown").Min(d => d!.GetValue<double>()).Should().BeApproximately(result["metrics"]!["max_drawdown"]!.GetValue<double>(), 1e-6);
            Column(equity, "date").Select(d => d!.GetValue<string>()).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
            Column(trades, "exit_ts").Count(t => t is not null).Should().Be(result["metrics"]!["total_trades"]!.GetValue<int>());
            Column(trades, "trade").Select(t => t!.GetValue<int>()).Should().Equal(Enumerable.Range(1, trades["rows"]!.GetValue<int>()));
            trades["about"]!["pruned"]!.GetValue<bool>().Should().BeFalse();
        }

        using HttpResponseMessage none = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/combos/31/trades", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_sweep_whose_file_is_gone_is_refused_with_what_to_do()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        File.Delete(Path.Combine(swept.Room.Running.Data.Sweeps, swept.Sweep.SweepId, "results.parquet"));
        using HttpResponseMessage answer = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/leaderboard", Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync(Ct)).Should().Contain("SWS-3006");
        foreach (string hostile in new[] { "..", "%2e%2e", "..%2f..%2fetc", "%00", "a'b" })
        {
            using HttpResponseMessage outside = await swept.Browser.GetAsync($"/api/sweeps/{hostile}/leaderboard", Ct);
            ((int)outside.StatusCode).Should().BeInRange(400, 499, hostile);
        }
    }

    [Fact]
    public async Task Bars_of_a_stretch_are_those_of_the_snapshot()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode list = (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/data/series", Ct))!.Single()!;
        JsonNode all = await BarsAsync(swept, ""), day = await BarsAsync(swept, "?from=2021-12-31&to=2021-12-31"), last = await BarsAsync(swept, "?last=3");
        all["rows"]!.GetValue<long>().Should().Be(list["bars"]!.GetValue<long>());
        all["about"]!["snapshot"]!.GetValue<string>().Should().Be(list["id"]!.GetValue<string>());
        all["about"]!["synthetic"]!.GetValue<bool>().Should().BeTrue();
        Column(day, "start").Select(s => s!.GetValue<string>()).Should().Equal(
            Enumerable.Range(0, 7).Select(h => $"2021-12-31T{14 + h}:30:00Z"), "New York is five hours behind in winter and trades from 9:30 to 16:00");
        string[] starts = [.. Column(all, "start").Select(s => s!.GetValue<string>())];
        Column(last, "start").Select(s => s!.GetValue<string>()).Should().Equal(starts[^3..]);
        Column(last, "close").Select(Text).Should().Equal(Column(all, "close").Select(Text).ToArray()[^3..]);
        (await BarsAsync(swept, "?from=2030-01-01"))["rows"]!.GetValue<int>().Should().Be(0);
        foreach ((string path, string code, HttpStatusCode status) in ((string, string, HttpStatusCode)[])
            [("NOPE/1h/bars", "MKT-4001", HttpStatusCode.NotFound), ("MKT.SYN/1h/bars?last=0", "APP-2022", HttpStatusCode.UnprocessableEntity)])
        {
            using HttpResponseMessage refused = await swept.Browser.GetAsync($"/api/data/series/{path}", Ct);
            refused.StatusCode.Should().Be(status);
            (await refused.Content.ReadAsStringAsync(Ct)).Should().Contain(code);
        }
    }

    [Fact]
    public async Task Coverage_defects_and_snapshot_of_a_series_are_told()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode coverage = (await swept.Browser.GetFromJsonAsync<JsonNode>("/api/data/series/MKT.SYN/1h/coverage", Ct))!;
        Column(coverage, "missing").Should().OnlyContain(m => m!.GetValue<int>() == 0, "the simulator leaves nothing out");
        Column(coverage, "bars").Select(Text).Should().Equal(Column(coverage, "expected").Select(Text));
        coverage["about"]!["calendar"]!.GetValue<string>().Should().Be("NYSE");
        JsonNode defects = (await swept.Browser.GetFromJsonAsync<JsonNode>("/api/data/series/MKT.SYN/1h/defects", Ct))!;
        defects["state"]!.GetValue<string>().Should().BeOneOf("ok", "flagged");
        defects["damaged"]!.AsArray().Should().BeEmpty();
        string id = defects["snapshot"]!.GetValue<string>();
        JsonNode snapshot = (await swept.Browser.GetFromJsonAsync<JsonNode>($"/api/data/snapshots/{id}", Ct))!;
        snapshot["files"]!.AsArray().Sum(f => f!["rows"]!.GetValue<long>()).Should().Be(snapshot["snapshot"]!["bars"]!.GetValue<long>());
        snapshot["problems"]!.AsArray().Should().BeEmpty();
        string file = Path.Combine(swept.Room.Running.Data.Root, snapshot["files"]![0]!["path"]!.GetValue<string>());
        await File.AppendAllTextAsync(file, "x", Ct);
        (await swept.Browser.GetFromJsonAsync<JsonNode>("/api/data/series/MKT.SYN/1h/defects", Ct))!["state"]!.GetValue<string>().Should().Be("refused");
        foreach (string unknown in new[] { "nothing", new string('0', 64) })
        {
            using HttpResponseMessage none = await swept.Browser.GetAsync($"/api/data/snapshots/{unknown}", Ct);
            none.StatusCode.Should().Be(HttpStatusCode.NotFound);
            (await none.Content.ReadAsStringAsync(Ct)).Should().Contain("MKT-4002");
        }
    }

    private static Task<JsonNode> BarsAsync(SweptRoom swept, string query) => swept.Browser.GetFromJsonAsync<JsonNode>($"/api/data/series/MKT.SYN/1h/bars{query}", Ct)!;

    private static Task<JsonNode> GetAsync(SweptRoom swept, string path) => swept.Browser.GetFromJsonAsync<JsonNode>($"/api/sweeps/{swept.Sweep.SweepId}/{path}", Ct)!;

    private static JsonArray Column(JsonNode table, string name) => table["columns"]![name]!.AsArray();

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "null";
}
