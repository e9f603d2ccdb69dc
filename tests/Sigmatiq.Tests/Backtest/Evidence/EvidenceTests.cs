using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Evidence;

public sealed class EvidenceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S1-44")]
    public void Every_number_is_worked_out_again_from_the_exported_trades_and_equity() => Recount(SomeBars.Synthetic, tradesMin: 5);

    [Theory]
    [InlineData("SPY")]
    [InlineData("MSFT")]
    public void Every_number_on_real_bars_is_worked_out_again_from_the_exported_trades_and_equity(string symbol) => Recount(SomeBars.Real(symbol), tradesMin: 1);

    [Fact]
    public void Evidence_made_again_is_the_same_folder()
    {
        using TemporaryFolder one = new(), two = new();
        StoredEvidence a = new EvidenceStore(new(one.Path)).Write(EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic)), Ct);
        StoredEvidence b = new EvidenceStore(new(two.Path)).Write(EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic)), Ct);
        StoredEvidence again = new EvidenceStore(new(one.Path)).Write(EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic)), Ct);
        b.BundleHash.Should().Be(a.BundleHash);
        again.Should().BeEquivalentTo(a);
        Directory.GetDirectories(Path.GetDirectoryName(Path.Combine(one.Path, a.Folder))!).Should().ContainSingle();
    }

    [Theory]
    [InlineData(0.45, true)]
    [InlineData(0.55, false)]
    public void A_threshold_that_was_picked_on_a_confidence_without_skill_is_a_doubt_and_the_skill_is_in_the_evidence(double low, bool isDoubt)
    {
        EvidenceRequest request = SomeEvidence.Request(SomeBars.Synthetic);
        JsonObject skill = new() { ["auc"] = 0.6, ["auc_low"] = low, ["auc_high"] = 0.7, ["rows"] = 8000, ["effective_rows"] = 130.2 };
        EvidenceBundle bundle = EvidenceMaker.Make(request with { SelectionConfidence = request.SelectionConfidence! with { Skill = skill } });
        bundle.Metrics["cautions"]!.AsArray().Any(c => ((string)c!).Contains("without skill") && ((string)c!).Contains("rank noise")).Should().Be(isDoubt);
        JsonNode.Parse(bundle.Texts["evidence.json"])!["confidence"]!["skill"]!["auc_low"]!.GetValue<double>().Should().Be(low);
    }

    [Fact]
    public void A_changed_byte_in_any_file_of_the_evidence_is_found()
    {
        using TemporaryFolder folder = new();
        var store = new EvidenceStore(new(folder.Path));
        StoredEvidence stored = store.Write(EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic)), Ct);
        stored.Files.Count.Should().Be(10);
        foreach (StoredFile file in stored.Files)
        {
            string path = Path.Combine(folder.Path, file.Path);
            byte[] bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(path, bytes);
            ((Action)(() => store.Read(stored.Folder))).Should().Throw<ProblemException>(file.Path).Which.Problem.Code.Should().Be("EVD-1001");
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(path, bytes);
        }

        string manifest = Path.Combine(folder.Path, stored.Manifest.Path), said = File.ReadAllText(manifest);
        File.WriteAllText(manifest, said + " ");
        store.Read(stored.Folder).Manifest.Sha256.Should().NotBe(stored.Manifest.Sha256, "a vote binds the manifest by its bytes");
        File.WriteAllText(manifest, said);
        store.Read(stored.Folder).Should().BeEquivalentTo(stored);
        ((Action)(() => store.Read("public/data/strategies/none"))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("EVD-1002");
    }

    [Fact]
    public void A_bar_of_the_hold_out_changes_nothing_on_the_selection_window()
    {
        BarColumns bars = SomeBars.Synthetic;
        EvidenceRequest request = SomeEvidence.Request(bars);
        double[] close = [.. bars.Close];
        for (int t = request.Window.HoldoutFrom; t < bars.Count; t++)
        {
            close[t] = bars.Low[t];
        }

        BarColumns altered = new(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, close, bars.Volume);
        EvidenceBundle before = EvidenceMaker.Make(request), after = EvidenceMaker.Make(SomeEvidence.Request(altered));
        after.Selection.Result.Equity.Should().Equal(before.Selection.Result.Equity);
        after.Selection.Result.Metrics.Should().Be(before.Selection.Result.Metrics);
        after.Holdout.Result.Equity.Should().NotEqual(before.Holdout.Result.Equity);
    }

    [Fact]
    public void Without_a_hold_out_there_is_no_evidence()
    {
        EvidenceRequest request = SomeEvidence.Request(SomeBars.Synthetic);
        Action make = () => EvidenceMaker.Make(request with { Window = request.Window with { HoldoutTo = request.Window.HoldoutFrom } });
        make.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("SWS-2001");
    }

    [Fact]
    public void Published_copies_carry_status_time_and_hash_and_the_bundle_carries_none()
    {
        using TemporaryFolder folder = new();
        var data = new DataDirectory(folder.Path);
        var store = new EvidenceStore(data);
        EvidenceBundle bundle = EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic));
        StoredEvidence stored = store.Write(bundle, Ct);
        store.Publish(bundle, stored, "PENDING_APPROVAL", new(2024, 1, 2, 3, 4, 5, TimeSpan.Zero));
        JsonNode copy = JsonNode.Parse(File.ReadAllText(folder["public", "data", "production", $"summary_{bundle.Year}.json"]))!;
        ((string?)copy["generated_at"], (string?)copy["approval_status"], (string?)copy["bundle_hash"])
            .Should().Be(("2024-01-02T03:04:05Z", "PENDING_APPROVAL", stored.BundleHash.Hex));
        ((string?)copy["strategy_id"]).Should().Be(bundle.StrategyId);
        copy["strategies"]![bundle.StrategyId].Should().NotBeNull();
        foreach (string text in bundle.Texts.Values)
        {
            text.Should().NotContain("generated_at").And.NotContain("sweep_").And.NotContain("run_id");
        }

        bundle.Metrics["cautions"]!.AsArray().Select(c => (string?)c).Should().Contain(c => c!.Contains("synthetic")).And.Contain(c => c!.Contains("2 gaps"));
    }

    [Fact]
    [Trait("Row", "S2-21")]
    public void Without_pictures_none_is_written_old_ones_go_and_it_is_faster()
    {
        using TemporaryFolder folder = new();
        var data = new DataDirectory(folder.Path);
        var store = new EvidenceStore(data);
        EvidenceBundle bundle = EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic));
        StoredEvidence stored = store.Write(bundle, Ct);
        TimeSpan Took(bool draw)
        {
            long begun = TimeProvider.System.GetTimestamp();
            store.Publish(bundle, stored, "PENDING_APPROVAL", new(2024, 1, 2, 3, 4, 5, TimeSpan.Zero), draw);
            return TimeProvider.System.GetElapsedTime(begun);
        }

        string[] Pictures() => [.. Directory.GetFiles(folder["public", "data", "production"]).Where(f => f.EndsWith(".png") || f.EndsWith(".svg"))];
        TimeSpan drawn = new[] { Took(true), Took(true), Took(true) }.Min();
        Pictures().Should().NotBeEmpty();
        TimeSpan undrawn = new[] { Took(false), Took(false), Took(false) }.Min();
        Pictures().Should().BeEmpty();
        undrawn.Should().BeLessThan(drawn);
    }

    [Fact]
    public void Evidence_holds_no_figure_that_the_history_of_a_store_decides()
    {
        EvidenceBundle bundle = EvidenceMaker.Make(SomeEvidence.Request(SomeBars.Synthetic));
        JsonObject stored = JsonNode.Parse(bundle.Texts["evidence.json"])!["metrics"]!.AsObject();
        foreach (JsonObject metrics in (JsonObject[])[bundle.Metrics, stored])
        {
            metrics.Select(m => m.Key).Should().Contain(["pbo", "cautions"]).And.NotContain(["trials", "holdout_look"], "they stand in the request for the vote");
        }
    }

    private static void Recount(BarColumns bars, int tradesMin)
    {
        using TemporaryFolder folder = new();
        EvidenceRequest request = SomeEvidence.Request(bars);
        EvidenceBundle bundle = EvidenceMaker.Make(request);
        StoredEvidence stored = new EvidenceStore(new(folder.Path)).Write(bundle, Ct);
        string full = Path.Combine(folder.Path, stored.Folder);
        JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(full, name)))!;
        JsonNode whole = Read("evidence.json");
        foreach (var (prefix, window) in new[] { ("", "holdout"), ("selection_", "selection") })
        {
            EvidenceRecount recount = new(full, prefix);
            JsonObject metrics = whole[window]!["metrics"]!.AsObject();
            metrics["total_trades"]!.GetValue<int>().Should().BeGreaterThanOrEqualTo(tradesMin);
            recount.CheckTradesAgainstEquity(0.005, 1, 1);
            recount.CheckMetrics(metrics, 252);
            if (prefix == "")
            {
                recount.CheckFiles(Read($"summary_{bundle.Year}.json").AsObject(), Read($"trades_{bundle.Year}.json").AsObject(), request.StrategyId);
            }

            recount.Checked.Should().BeGreaterThan(200);
        }
    }
}
