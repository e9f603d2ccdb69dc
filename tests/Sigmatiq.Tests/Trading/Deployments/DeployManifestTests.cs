using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Tests.Trading.Deployments;

public sealed class DeployManifestTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Row", "S2-24")]
    public void The_manifest_of_a_pack_model_starts_a_registered_command() => DeployManifest.Refusal(DeployManifest.ForPack, "here").Should().BeNull();

    [Fact]
    [Trait("Row", "S2-25")]
    public void Two_strategies_are_judged_by_one_rule_that_knows_neither()
    {
        foreach (string strategy in (string[])["one", "another"])
        {
            Approval asked = Some.Approval(Now);
            ApprovalSubject subject = asked.Subject with { StrategyId = strategy };
            asked = asked with { Subject = subject, Digest = subject.Digest().Hex };
            Approval approved = ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Approval;
            DeployRules.Refusal(approved, EvidenceNow.Of(approved.Digest), true, "paper").Should().BeNull();
        }
    }

    [Fact]
    public void Nothing_but_registered_commands_with_their_own_arguments_is_started()
    {
        DeployManifest sound = DeployManifest.ForPack;
        Code(null).Should().Be("DEP-1007");
        Code(sound with { Script = "bash" }).Should().Be("DEP-1007");
        Code(sound with { Script = "PACK_MODEL_PIPELINE" }).Should().Be("DEP-1007");
        foreach (DeployManifest wrong in (DeployManifest[])[
            sound with { PipelineType = "rl" }, sound with { Args = ["--phase", "backtest"] }, sound with { Args = [] }, sound with { Args = ["--phase", "production", "--exec", "x"] },
            sound with { ConfigPath = "/etc/passwd" }, sound with { DbTables = ["users"] }])
        {
            Code(wrong).Should().Be("DEP-1008", wrong.ToString());
        }

        Code(sound with { Args = ["--phase", "production", "--no-png", "--seed-db"] }).Should().BeNull();
        Approval approved = Some.Approval(Now);
        ApprovalSubject subject = approved.Subject with { Manifest = sound with { Script = "bash" } };
        approved = approved with { Subject = subject, Digest = subject.Digest().Hex };
        approved = ApprovalRules.Cast(approved, Some.Vote(approved), EvidenceNow.Of(approved.Digest), Now).Approval;
        DeployRules.Refusal(approved, EvidenceNow.Of(approved.Digest), true, "paper")!.Code.Should().Be("DEP-1007");

        static string? Code(DeployManifest? manifest) => DeployManifest.Refusal(manifest, "here")?.Code;
    }

    [Fact]
    public void The_status_file_has_the_fields_of_the_specification_and_follows_the_phases()
    {
        using TemporaryFolder folder = new();
        DeployStatusFile status = new(new(folder.Path), new SettableClock(Now), "run_1");
        string path = folder["public", "data", "production", "deploy_status.json"];
        List<double> seen = [];
        foreach (string phase in DeployStatusFile.Phases)
        {
            status.Enter(phase, 0.5, $"in {phase}");
            JsonNode now = JsonNode.Parse(File.ReadAllText(path))!;
            (now["status"]!.GetValue<string>(), now["phase"]!.GetValue<string>(), now["finished_at"]).Should().Be(("running", phase, null));
            seen.Add(now["progress"]!.GetValue<double>());
        }

        seen.Should().Equal(0.1, 0.3, 0.5, 0.7, 0.9);
        status.Fail("DEP-1004");
        JsonNode.Parse(File.ReadAllText(path))!["error"]!.GetValue<string>().Should().Be("DEP-1004");
        status.Complete("registered pub_1");
        JsonObject done = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        done.Select(f => f.Key).Should().Equal("status", "phase", "progress", "started_at", "finished_at", "runner", "log_tail", "error");
        (done["status"]!.GetValue<string>(), done["progress"]!.GetValue<double>(), done["runner"]!.GetValue<string>()).Should().Be(("completed", 1, "run_1"));
        done["log_tail"]!.AsArray().Should().HaveCount(6);
    }

    [Fact]
    [Trait("Row", "S2-24")]
    public void The_state_file_has_every_field_of_the_specification()
    {
        Approval asked = Some.Approval(Now);
        string[] fields =
        [
            "status", "strategy", "strategy_name", "backtest_year", "backtest_recommendation", "backtest_confidence", "gates", "backtest_metrics", "deploy_manifest", "approved_by",
            "approved_at", "reviewer_notes", "rejected_by", "rejected_at", "rejection_reason", "created_at", "last_updated", "bundle_hash",
        ];
        JsonObject pending = ApprovalStateFile.Json(asked);
        pending.Select(f => f.Key).Should().Contain(fields);
        foreach (string empty in (string[])["approved_by", "approved_at", "reviewer_notes", "rejected_by", "rejected_at", "rejection_reason"])
        {
            pending[empty].Should().BeNull();
        }

        JsonObject manifest = pending["deploy_manifest"]!.AsObject();
        manifest.Select(f => f.Key).Should().Equal("pipeline_type", "script", "args", "config_path", "db_tables");
        manifest["script"]!.GetValue<string>().Should().Be("pack_model_pipeline");
        pending["backtest_year"]!.GetValue<int>().Should().Be(2025);

        Approval two = asked with { FourEyes = FourEyes.Strict, Quorum = 2 };
        two = ApprovalRules.Cast(two, Some.Vote(asked, Some.Approver()), EvidenceNow.Of(asked.Digest), Now).Approval;
        two = ApprovalRules.Cast(two, Some.Vote(asked, Some.Approver("ben")), EvidenceNow.Of(asked.Digest), Now).Approval;
        ApprovalStateFile.Json(two)["approved_by"]!.GetValue<string>().Should().Be("ana, ben");
    }

    [Fact]
    public void A_deployment_shows_the_approved_summary_to_readers_outside()
    {
        using TemporaryFolder folder = new();
        DataDirectory data = new(folder.Path);
        AtomicFile.Write(data.File("bundle", "summary_2024.json"), """{"strategy_id":"s","approval_status":"PENDING_APPROVAL"}""");
        Approval asked = Some.Approval(Now, [new("bundle/summary_2024.json", ContentHash.OfFile(folder["bundle", "summary_2024.json"]).Hex)]);
        Approval approved = ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Approval;
        ProductionFiles.Write(data, approved, Now).Should().Contain("summary.json").And.HaveCount(3);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(folder["public", "data", "production", "summary.json"]))!;
        (summary["approval_status"]!.GetValue<string>(), summary["generated_at"]!.GetValue<string>()).Should().Be(("APPROVED", "2025-03-03T15:00:00Z"));
        ProductionFiles.Write(data, Some.Approval(Now), Now).Should().BeEmpty("evidence without a summary shows none");
    }
}
