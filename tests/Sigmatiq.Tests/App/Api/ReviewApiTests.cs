using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Packs;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.App.Pages;
using Sigmatiq.Tests.Packs;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What the review page is told: the stored evidence in the order of the page, and whether whoever asks may vote.</summary>
public sealed class ReviewApiTests
{
    private ApprovalService approvals = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_evidence_is_told_with_fails_first_and_every_caution_counted()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        Approval asked = await AskAsync(running, SampleStatus.Now, "one", a => a with
        {
            Gates = Gates("""
              [{"gate":"min_trades","label":"Minimum trades","passed":true,"value":42,"comparator":">=","threshold":30,"critical":false,"window":"selection","sample":42,"interval":null,"false_pass":null},
              {"gate":"max_pbo","label":"Probability of overfitting","passed":false,"value":0.45,"comparator":"<=","threshold":0.2,"critical":false,"window":"selection","sample":15,"interval":null,"false_pass":null},
              {"gate":"max_drawdown_pct","label":"Max drawdown","passed":false,"value":null,"comparator":"<=","threshold":25,"critical":true,"window":"selection","sample":1,"interval":null,"false_pass":null},
              {"gate":"min_win_rate_pct","label":"Minimum win rate","passed":true,"value":71.5,"comparator":">=","threshold":40,"critical":false,"window":"selection","sample":42,"interval":[56.5,82.5],"false_pass":0.08}]
              """),
            Metrics = Object("""
              {"window":"2025-02-12 to 2025-02-14","return_pct":0.5,"sharpe":1.89,"sharpe_low":-0.89,"sharpe_high":4.67,"max_dd_pct":0.19,"p_value":0.0095,"trades":3,"win_rate_pct":66.7,
              "buy_and_hold_return_pct":1.5,"selection_window":"2020-05-15 to 2025-02-11","selection_return_pct":1.52,"selection_sharpe":1.65,"selection_trades":42,"pbo":0.45,
              "cautions":["The bars are synthetic.","Probability of overfitting 0.45: in so many of 12,870 ways.","Deflated Sharpe cannot be said. Too few."]}
              """),
        });
        using HttpClient browser = await running.SignedInAsync(Ct);
        JsonNode shown = await ReviewAsync(browser, asked.Id);

        shown["gates"]!.AsArray().Select(g => (g!["name"]!.GetValue<string>(), g["status"]!.GetValue<string>())).Should().Equal(
            ("max_drawdown_pct", "no_value"), ("max_pbo", "fail"), ("min_trades", "pass"), ("min_win_rate_pct", "pass"));
        JsonNode won = shown["gates"]![3]!;
        (won["actual"]!.GetValue<double>(), won["required"]!.GetValue<double>(), won["low"]!.GetValue<double>(), won["unit"]!.GetValue<string>()).Should().Be((0.715, 0.4, 0.565, "share"));
        shown["gates"]![2]!["without_skill"]!.GetValue<string>().Should().Be("count");

        JsonNode figures = shown["figures"]!;
        (figures["return"]!.GetValue<double>(), figures["wins"]!.GetValue<int>(), figures["start"]!.GetValue<string>()).Should().Be((0.005, 2, "2025-02-12"));
        figures["hold_drawdown"]!.GetValue<double>().Should().Be(0.1, "that is the deepest fall of the stored column");

        Dictionary<string, JsonNode> luck = shown["luck"]!.AsArray().ToDictionary(c => c!["id"]!.GetValue<string>(), c => c!);
        luck.Keys.Should().Equal("deflated_sharpe", "pbo", "retention", "concentration", "looks");
        luck["deflated_sharpe"]["verdict"]!.GetValue<string>().Should().Be("not_computed");
        luck["deflated_sharpe"]["words"]!.GetValue<string>().Should().EndWith("Too few.", "a caution is never folded away");
        luck["pbo"]["words"]!.GetValue<string>().Should().StartWith("In 5,815 of 12,870 ways to split history");
        luck["retention"]["value"]!.GetValue<double>().Should().BeApproximately(1.89 / 1.65, 1e-12);
        luck["retention"]["words"]!.GetValue<string>().Should().Be("Sharpe 1.65 when selected, 1.89 on the hold-out. With 3 trades this cannot be told apart from no edge.");
        // Profits 6, 3 and -2 come to 7; without the best of them 1 of 7 is left.
        luck["concentration"]["value"]!.GetValue<double>().Should().BeApproximately(1.0 / 7, 1e-12);
        shown["cautions"]!.AsArray().Select(c => c!.GetValue<string>()).Should().Equal("The bars are synthetic.");

        shown["months"]!.AsArray().Select(m => (m!["month"]!.GetValue<string>(), m["return"]!.GetValue<double>(), m["trades"]!.GetValue<int>())).Should().Equal(("2025-02", 0.005, 3));
        shown["rules"]!["entry"]![0]!.GetValue<string>().Should().Be("rsi > 50");
        shown["changes"].Should().BeNull();
        shown["missing"]!.AsArray().Should().BeEmpty();
        shown["head"]!["barrier"].Should().BeNull();

        JsonNode equity = (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}/review/equity", Ct))!;
        equity["columns"]!["strategy"]!.AsArray().Select(v => v!.GetValue<double>()).Should().Equal([0, 0.01, 0.02], (a, b) => Math.Abs(a - b) < 1e-12);
        equity["columns"]!["same_exposure"]!.AsArray().Should().HaveCount(3);
        (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}/review/trades", Ct))!["rows"]!.GetValue<int>().Should().Be(3);
        using HttpResponseMessage other = await browser.GetAsync($"/api/approvals/{asked.Id}/review/trades?window=..%2f..%2fsecret", Ct);
        other.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await other.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2022").And.Contain("holdout or selection");
    }

    [Fact]
    public async Task What_differs_from_the_version_approved_last_is_told_with_its_effect_and_risk()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        Approval first = await AskAsync(running, SampleStatus.Now, "first", a => a with { Subject = a.Subject with { Parameters = Object("""{"threshold":0.55,"stop_loss_pct":8,"allowed_hours":[9,10,11,12]}""") } });
        await approvals.CastAsync(first.Id, VoteChoice.Approve, "operator", "sound enough for paper", first.Digest, Ct);
        running.Clock.Now += TimeSpan.FromHours(1);
        Approval rejected = await AskAsync(running, running.Clock.GetUtcNow(), "second", a => a);
        await approvals.CastAsync(rejected.Id, VoteChoice.Reject, "operator", "not this one at all", rejected.Digest, Ct);
        running.Clock.Now += TimeSpan.FromHours(1);
        Approval now = await AskAsync(running, running.Clock.GetUtcNow(), "third", a => a with
        {
            Subject = a.Subject with { Parameters = Object("""{"threshold":0.6,"stop_loss_pct":6,"allowed_hours":[9,10],"time_stop_days":10}"""), Limits = Object("""{"max_position_pct":7}""") },
        });
        using HttpClient browser = await running.SignedInAsync(Ct);
        JsonNode changes = (await ReviewAsync(browser, now.Id))["changes"]!;
        changes["since"]!.GetValue<string>().Should().Be(first.Id);
        changes["approved_by"]!.GetValue<string>().Should().Be("operator");
        changes["settings"]!.AsArray().Select(c => $"{c!["setting"]}: {c["before"]} to {c["now"]}, {c["effect"]}, {c["risk"]}").Should().Equal(
            "Stop loss: 8.00% to 6.00%, Less risk per trade, lower", "Limit: Largest position: 5.00% to 7.00%, More money per trade, higher", "Threshold: 0.55 to 0.60, Fewer, more certain entries, none",
            "Allowed hours: 09:00 to 12:59 to 09:00 to 10:59, Entries in fewer hours, none", "Time stop, days:  to 10, Newly set, none");
        (await ReviewAsync(browser, first.Id))["changes"].Should().BeNull("nothing was approved before it");

        JsonArray inbox = (await browser.GetFromJsonAsync<JsonArray>("/api/approvals/inbox", Ct))!;
        inbox.Select(r => r!["id"]!.GetValue<string>()).Should().Equal(now.Id, rejected.Id, first.Id);
        inbox[2]!["self_approved"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task A_request_is_compared_with_what_was_approved_while_it_waited_and_a_rule_that_differs_is_told()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        Approval first = await AskAsync(running, SampleStatus.Now, "first", a => a), second = await AskAsync(running, SampleStatus.Now, "second", a => a, rule: "rsi > 55");
        using HttpClient browser = await running.SignedInAsync(Ct);
        (await ReviewAsync(browser, second.Id))["changes"].Should().BeNull("nothing is approved yet");
        running.Clock.Now += TimeSpan.FromMinutes(10);
        await approvals.CastAsync(first.Id, VoteChoice.Approve, "operator", "sound enough for paper", first.Digest, Ct);

        JsonNode changes = (await ReviewAsync(browser, second.Id))["changes"]!;
        changes["since"]!.GetValue<string>().Should().Be(first.Id);
        changes["settings"]!.AsArray().Select(c => $"{c!["setting"]}: {c["before"]} to {c["now"]}, {c["effect"]}").Should().Equal("Strategy entry rules: rsi > 50 to rsi > 55, Other entries or exits");
        running.Clock.Now += TimeSpan.FromMinutes(10);
        await approvals.CastAsync(second.Id, VoteChoice.Approve, "operator", "sound enough for paper too", second.Digest, Ct);
        (await ReviewAsync(browser, second.Id))["changes"]!["since"]!.GetValue<string>().Should().Be(first.Id, "what is decided stays compared with what it was decided beside");
        (await ReviewAsync(browser, first.Id))["changes"].Should().BeNull("what came later is not what was approved before it");
    }

    [Fact]
    public async Task Whoever_has_no_vote_is_told_why_and_so_is_everybody_once_the_evidence_changed()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        Approval strict = await AskAsync(running, SampleStatus.Now, "strict", a => a with { FourEyes = FourEyes.Strict });
        using HttpClient browser = await running.SignedInAsync(Ct);
        (await ReviewAsync(browser, strict.Id))["head"]!["barrier"]!["code"]!.GetValue<string>().Should().Be("APR-1006");

        Approval open = await AskAsync(running, SampleStatus.Now, "open", a => a);
        (await ReviewAsync(browser, open.Id))["head"]!["barrier"].Should().BeNull();
        await File.AppendAllTextAsync(Path.Combine(running.Data.Root, "open", "evidence.json"), " ", Ct);
        JsonNode head = (await ReviewAsync(browser, open.Id))["head"]!;
        head["barrier"]!["code"]!.GetValue<string>().Should().Be("APR-1003");
        head["difference"]!.GetValue<string>().Should().Contain("evidence.json");
        File.Delete(Path.Combine(running.Data.Root, "open", "trades.parquet"));
        (await ReviewAsync(browser, open.Id))["missing"]!.AsArray().Select(f => f!.GetValue<string>()).Should().Equal("trades.parquet");
    }

    [Fact]
    public async Task A_trade_is_told_with_the_bar_the_rules_in_words_the_score_and_the_levels_that_the_evidence_keeps()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        const long bar = 1_739_370_600_000_000, later = 1_739_457_000_000_000;
        Approval asked = await AskAsync(running, SampleStatus.Now, "kept", a => a with { Subject = a.Subject with { Pack = "swingsigma@1.1.0", PackHash = SomePack.Swing.Hash.Hex } },
            Decisions(
                (1, "entry", bar, "bar", null, null, "open", 10), (1, "entry", bar, "bar", null, null, "high", 12), (1, "entry", bar, "bar", null, null, "low", 9), (1, "entry", bar, "bar", null, null, "close", 11),
                (1, "entry", bar, "bar", null, null, "volume", double.NaN), (1, "entry", bar, "score", null, null, "score", 0.62), (1, "entry", bar, "score", null, null, "threshold", 0.55),
                (1, "entry", bar, "gate", null, null, "hour", 9), (1, "entry", bar, "gate", null, null, "confirmations", 1), (1, "entry", bar, "line", 0, null, "rsi > 50 AND rsi < 70", 1),
                (1, "entry", bar, "part", 0, 0, "rsi > 50", 1), (1, "entry", bar, "side", 0, 0, "rsi", 61.25), (1, "entry", bar, "part", 0, 1, "rsi < 70", 1), (1, "entry", bar, "side", 0, 1, "rsi", 61.25),
                (1, "entry", bar, "input", null, null, "rsi", 61.25), (1, "entry", bar, "feature", null, null, "macd_cross", 1), (1, "exit", later, "bar", null, null, "open", 11),
                (1, "exit", later, "bar", null, null, "high", 11), (1, "exit", later, "bar", null, null, "low", 8), (1, "exit", later, "bar", null, null, "close", 8), (1, "exit", later, "line", 0, null, "rsi > rsi.overbought", double.NaN),
                (1, "exit", later, "part", 0, 0, "rsi > rsi.overbought", double.NaN), (1, "exit", later, "input", null, null, "rsi.overbought", 81), (1, "exit", later, "level", null, null, "stop", 8.5),
                (2, "entry", later, "bar", null, null, "open", 1), (2, "entry", later, "bar", null, null, "high", 1), (2, "entry", later, "bar", null, null, "low", 1), (2, "entry", later, "bar", null, null, "close", 1)));
        using HttpClient browser = await running.SignedInAsync(Ct);
        JsonNode told = (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}/review/trades/1", Ct))!;
        (told["is_kept"]!.GetValue<bool>(), told["prices"]!.GetValue<string>(), told["score_source"]!.GetValue<string>(), told["score"]!.GetValue<double>(), told["threshold"]!.GetValue<double>())
            .Should().Be((true, "adjusted", "classifier", 0.62, 0.55));
        JsonNode entry = told["entry"]!, exit = told["exit"]!;
        (entry["bar_utc"]!.GetValue<DateTimeOffset>(), entry["high"]!.GetValue<double>(), entry["volume"], entry["hour"]!.GetValue<int>(), entry["confirmations"]!.GetValue<int>())
            .Should().Be((DateTimeOffset.FromUnixTimeMilliseconds(bar / 1000), 12, null, 9, 1));
        entry["lines"]!.AsArray().Should().ContainSingle().Which!["sentence"]!.GetValue<string>().Should().Be("Relative Strength Index is above 50 and below 70");
        entry["lines"]![0]!["parts"]!.AsArray().Select(p => $"{p!["sentence"]}: {p["sides"]![0]!["label"]} {p["sides"]![0]!["value"]}, {p["holds"]}").Should().Equal(
            "Relative Strength Index is above 50: Relative Strength Index 61.25, true", "Relative Strength Index is below 70: Relative Strength Index 61.25, true");
        told["features"]!.AsArray().Should().ContainSingle().Which!["name"]!.GetValue<string>().Should().Be("macd_cross");
        exit["lines"]![0]!["holds"].Should().BeNull("a value was not defined");
        exit["lines"]![0]!["sentence"]!.GetValue<string>().Should().Contain("overbought (81)", "the parameter that decided, not the pack's");
        exit["levels"]!.AsArray().Select(l => $"{l!["label"]} {l["value"]}").Should().Equal("Stop 8.5");
        (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}/review/trades/2", Ct))!["exit"].Should().BeNull("the position is open");
        (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}/review/decisions", Ct))!["rows"]!.GetValue<int>().Should().Be(28);

        using HttpResponseMessage none = await browser.GetAsync($"/api/approvals/{asked.Id}/review/trades/9", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await none.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-1170").And.Contain("Use 1 to 3.");
    }

    [Fact]
    public async Task Evidence_of_before_decisions_were_kept_says_so_and_rules_of_another_content_stand_for_themselves()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        Approval old = await AskAsync(running, SampleStatus.Now, "old", a => a);
        using HttpClient browser = await running.SignedInAsync(Ct);
        JsonNode told = (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{old.Id}/review/trades/1", Ct))!;
        told["is_kept"]!.GetValue<bool>().Should().BeFalse();
        told["entry"].Should().BeNull();
        (await ReviewAsync(browser, old.Id))["missing"]!.AsArray().Should().BeEmpty("it is whole as it was made");
        using HttpResponseMessage none = await browser.GetAsync($"/api/approvals/{old.Id}/review/decisions", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await none.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2029");

        Approval other = await AskAsync(running, SampleStatus.Now, "other", a => a with { Subject = a.Subject with { Pack = "swingsigma@1.1.0", PackHash = new string('0', 64) } }, Decisions(
            (1, "entry", 0, "bar", null, null, "open", 1), (1, "entry", 0, "bar", null, null, "high", 1), (1, "entry", 0, "bar", null, null, "low", 1), (1, "entry", 0, "bar", null, null, "close", 1), (1, "entry", 0, "line", 0, null, "rsi > 50", 1)));
        (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{other.Id}/review/trades/1", Ct))!["entry"]!["lines"]![0]!["sentence"]!.GetValue<string>().Should().Be("rsi > 50");
    }

    [Fact]
    public async Task Texts_of_model_pack_and_workflow_stand_beside_those_that_were_approved_last()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        Approval Of(Approval a, string version) => a with { Subject = a.Subject with { Pack = $"swingsigma@{version}", PackHash = SomePack.Library.Load($"swingsigma@{version}").Hash.Hex } };
        Approval first = await AskAsync(running, SampleStatus.Now, "first", a => Of(a, "1.0.0"));
        using HttpClient browser = await running.SignedInAsync(Ct);
        JsonNode none = await TextsAsync(first);
        none["since"].Should().BeNull();
        none["texts"]!.AsArray().Should().BeEmpty();

        await approvals.CastAsync(first.Id, VoteChoice.Approve, "operator", "sound enough for paper", first.Digest, Ct);
        running.Clock.Now += TimeSpan.FromHours(1);
        Approval same = await AskAsync(running, running.Clock.GetUtcNow(), "same", a => Of(a, "1.0.0"));
        (await TextsAsync(same))["texts"]!.AsArray().Select(t => $"{t!["kind"]} {t["name"]} {t["is_same"]}").Should().Equal("model config and combo true", "pack swingsigma@1.0.0 true", "workflow two 1.0.0 true");

        Approval now = await AskAsync(running, running.Clock.GetUtcNow(), "changed", a => Of(a, "1.1.0"));
        JsonNode texts = await TextsAsync(now);
        texts["since"]!.GetValue<string>().Should().Be(first.Id);
        Dictionary<string, JsonNode> all = texts["texts"]!.AsArray().ToDictionary(t => $"{t!["kind"]} {t["name"]}", t => t!);
        JsonNode pack = all["pack swingsigma@1.0.0 to swingsigma@1.1.0, pack.yaml"], workflow = all["workflow two 1.0.0 to two 1.1.0"], model = all["model config and combo"];
        pack["before"]!.GetValue<string>().Should().Contain("1.0.0").And.Be(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "packs", "swingsigma", "1.0.0", "pack.yaml"), Ct));
        all.Keys.Should().NotContain(k => k.EndsWith("strategies.yaml", StringComparison.Ordinal), "both versions have the same strategies");
        workflow["now"]!.GetValue<string>().Should().Contain("version: 1.1.0");
        model["is_same"]!.GetValue<bool>().Should().BeTrue();

        Approval changed = await AskAsync(running, running.Clock.GetUtcNow(), "other", a => a with { RunId = "run_gone", Subject = a.Subject with { Pack = "swingsigma@1.1.0", PackHash = new string('0', 64) } }, rule: "rsi > 55");
        all = (await TextsAsync(changed))["texts"]!.AsArray().ToDictionary(t => t!["kind"]!.GetValue<string>(), t => t!);
        all["model"]["before"]!.GetValue<string>().Should().Contain("- \"rsi > 50\"");
        all["model"]["now"]!.GetValue<string>().Should().Contain("- \"rsi > 55\"");
        all["pack"]["missing"]!.GetValue<string>().Should().Be("The files of swingsigma@1.1.0 are no longer those with the hash 0000…0000.");
        all["workflow"]["missing"]!.GetValue<string>().Should().Be("There is no run 'run_gone'.");

        async Task<JsonNode> TextsAsync(Approval approval) => (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{approval.Id}/review/texts", Ct))!;
    }

    private static ColumnSet Decisions(params (int Trade, string Moment, long Bar, string Kind, int? Line, int? Part, string Name, double Value)[] rows) => new(
        Column.Of("trade_id", [.. rows.Select(r => r.Trade)]), Column.Of("moment", [.. rows.Select(r => (string?)r.Moment)]), Column.OfTimestamps("bar_ts", [.. rows.Select(r => r.Bar)]),
        Column.Of("kind", [.. rows.Select(r => (string?)r.Kind)]), Column.Of("line", [.. rows.Select(r => r.Line ?? -1)], [.. rows.Select(r => r.Line is null)]),
        Column.Of("part", [.. rows.Select(r => r.Part ?? -1)], [.. rows.Select(r => r.Part is null)]), Column.Of("name", [.. rows.Select(r => (string?)r.Name)]),
        Column.Of("is_flag", [.. rows.Select(r => r.Kind is "line" or "part" || r.Name == "macd_cross")]), Column.Of("value", [.. rows.Select(r => r.Value)]));

    private static async Task<JsonNode> ReviewAsync(HttpClient browser, string id) => (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{id}/review", Ct))!;

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonArray Gates(string json) => JsonNode.Parse(json)!.AsArray();

    private async Task<Approval> AskAsync(RunningServer running, DateTimeOffset now, string name, Func<Approval, Approval> change, ColumnSet? decisions = null, string rule = "rsi > 50")
    {
        string folder = Directory.CreateDirectory(Path.Combine(running.Data.Root, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "evidence.json"), """
            {"lineage":{"synthetic":true,"symbol":"MKT.SYN"},"overfit":{"pbo":0.45,"overfit_splits":5815,"splits":12870,"combos":60},
             "config":{"strategy":{"entry_rules":["RULE"],"exit_rules":["rsi < 30"]},"combo":{"threshold":0.5},"engine":{"interval":"1h","prices":"adjusted"}},
             "confidence":{"selection":"classifier","holdout":"classifier"},"holdout":{"execution":{"exit_reasons":{"signal":2,"trail":1}}}}
            """.Replace("RULE", rule, StringComparison.Ordinal), Ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "summary_2025.json"), """{"monthly":{"months":["2025-02"],"trades":[3],"pnl_pct":[0.5]}}""", Ct);
        long[] ts = [1_739_370_600_000_000, 1_739_370_600_000_000, 1_739_457_000_000_000];
        ParquetFile.Write(Path.Combine(folder, "equity.parquet"), new(
            Column.OfTimestamps("ts", ts), Column.Of("date", [new DateOnly(2025, 2, 12), new DateOnly(2025, 2, 12), new DateOnly(2025, 2, 13)]), Column.Of("close", [10.0, 10, 11]),
            Column.Of("equity", [100.0, 101, 102]), Column.Of("buy_and_hold", [100.0, 90, 110]), Column.Of("drawdown", [0.0, 0, 0]), Column.Of("buy_and_hold_drawdown", [0.0, -0.1, 0])), Ct);
        ParquetFile.Write(Path.Combine(folder, "trades.parquet"), new(
            Column.Of("trade_id", [1, 2, 3]), Column.OfTimestamps("entry_ts", ts), Column.OfTimestamps("exit_ts", ts), Column.Of("quantity", [1.0, 1, 1]), Column.Of("profit", [6.0, -2, 3]),
            Column.Of("return", [0.06, -0.02, 0.03])), Ct);
        if (decisions is not null)
        {
            ParquetFile.Write(Path.Combine(folder, "decisions.parquet"), decisions, Ct);
        }

        EvidenceFile[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(f => new EvidenceFile($"{name}/{Path.GetFileName(f)}", ContentHash.OfFile(f).Hex))];
        Approval approval = change(Some.Approval(now, files) with { Id = $"apr_{name}", RunId = $"run_{name}" });
        return await approvals.AskAsync(approval with { Digest = approval.Subject.Digest().Hex }, Ct);
    }

    private Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> Routes(RunningServer running)
    {
        approvals = new(running.Rows, running.Data, new AuditChain(running.Clock), running.Clock, People.FindVoterAsync, (_, _, _) => Task.CompletedTask);
        return new ReviewApi(approvals, null, new BarStore(running.Data, running.Rows, running.Clock, IdSource.FromSystem(running.Clock)), SomePack.Library, WorkflowOf, running.Data).Map;
    }

    // The run of the changed request is of a newer version; one is gone.
    private static Task<WorkflowDefinition> WorkflowOf(string run, CancellationToken ct) => run == "run_gone"
        ? throw new ProblemException("WFL-2006", "There is no run 'run_gone'.", run, "Use a run of `sigmatiq runs list`.")
        : Task.FromResult(new TestSteps().Workflow($$"""
            workflow: two
            version: {{(run == "run_changed" ? "1.1.0" : "1.0.0")}}
            summary: Two steps
            steps:
              make: { uses: test.make, with: { name: a } }
            """));
}
