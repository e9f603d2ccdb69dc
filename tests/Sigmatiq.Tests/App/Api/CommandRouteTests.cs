using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.App;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What the commands do can be done over HTTP too.</summary>
public sealed class CommandRouteTests
{
    // A command and the operations that do the same.
    private static readonly Dictionary<string, string[]> Same = new(StringComparer.Ordinal)
    {
        ["training run"] = ["createTrainings"], ["training list"] = ["listTrainings"], ["training show"] = ["getTraining", "getTrainingResults"], ["training cancel"] = ["cancelTraining"],
        ["trained-models list"] = ["listTrainedModels"], ["trained-models show"] = ["getTrainedModel", "getTrainedModelReport"], ["trained-models publish"] = ["publishTrainedModel"],
        ["trained-models discard"] = ["discardTrainedModel"], ["backup"] = ["createBackup"],
        ["data sample"] = ["makeSample"], ["data import"] = ["uploadBars", "previewImport", "importBars"], ["data align"] = ["alignSeries"], ["data check"] = ["getDefects", "waiveRule"],
        ["data list"] = ["listSeries"], ["data snapshot"] = ["getSnapshot"], ["data prune"] = ["previewPrune", "pruneBars"],
        ["packs list"] = ["listPacks"], ["packs show"] = ["getPack", "getPackDocument"], ["packs lint"] = ["lintPack", "validatePack"], ["packs publish"] = ["publishPack"], ["packs migrate"] = ["migrateModel"],
        ["packs schema"] = ["getPackSchema"],
        ["models create"] = ["createModel"], ["models list"] = ["listModels"], ["models show"] = ["getModel", "getModelDocument"], ["models change"] = ["changeModel"], ["models retire"] = ["retireModel"],
        ["models restore"] = ["restoreModel"],
        ["sweeps plan"] = ["planSweep"], ["sweeps run"] = ["createSweep"], ["sweeps list"] = ["listSweeps"], ["sweeps show"] = ["getSweep"], ["sweeps leaderboard"] = ["getLeaderboard"],
        ["sweeps select"] = ["tickCombos", "tickCombo"], ["sweeps cancel"] = ["cancelSweep"], ["sweeps export"] = ["getLeaderboard", "getComboTrades"],
        ["workflows list"] = ["listWorkflows"], ["workflows show"] = ["getWorkflow"], ["workflows validate"] = ["validateWorkflow"], ["workflows test"] = ["testWorkflow"], ["workflows trigger"] = ["triggerWorkflow"],
        ["workflows next"] = ["listNextFires"], ["workflows pause"] = ["pauseWorkflow"], ["workflows unpause"] = ["unpauseWorkflow"], ["workflows backfill"] = ["previewBackfill", "commitBackfill"],
        ["workflows publish"] = ["publishWorkflow"], ["workflows diff"] = ["compareWorkflows"], ["workflows schema"] = ["getWorkflowSchema"], ["workflows kinds"] = ["listStepKinds"],
        ["runs list"] = ["listRuns"], ["runs show"] = ["getRun"], ["runs logs"] = ["listRunLog"], ["runs watch"] = ["watchRun"], ["runs pause"] = ["pauseRun"], ["runs resume"] = ["resumeRun"],
        ["runs cancel"] = ["cancelRun"], ["runs retry"] = ["retryRun"], ["runs rerun"] = ["rerunRun"], ["runs diff"] = ["compareRuns"],
        ["lifecycle run"] = ["triggerWorkflow"], ["lifecycle status"] = ["getOverview"], ["bootstrap"] = ["triggerWorkflow"], ["run"] = ["triggerWorkflow"], ["pipeline"] = ["triggerWorkflow"],
        ["approvals list"] = ["listApprovals"], ["approvals show"] = ["getApprovalRequest", "getReview"], ["approvals approve"] = ["vote"], ["approvals reject"] = ["vote"], ["approvals delegate"] = ["delegateVote"],
        ["approvals reset"] = ["resetApproval"], ["approvals promote"] = ["promote"], ["audit verify"] = ["verifyAudit"], ["audit export"] = ["listAudit"],
        ["users list"] = ["listUsers"], ["users rights"] = ["listRoles"], ["users add"] = ["createUser"], ["users role"] = ["changeRole"], ["users plan"] = ["changePlan"], ["users disable"] = ["disableUser"],
        ["users enable"] = ["enableUser"], ["users link"] = ["createLink"], ["users sessions"] = ["listSessions"], ["users sign-out"] = ["endSessions"],
        ["keys list"] = ["listKeys"], ["keys make"] = ["createKey"], ["keys revoke"] = ["revokeKey"], ["nodes list"] = ["listNodes"], ["nodes drain"] = ["drainNode"],
        ["outbox list"] = ["listMessages"], ["outbox retry"] = ["retryMessages"], ["version"] = ["getSystem"], ["api schema"] = ["getOpenApi"],
    };

    // A command that only makes sense where the store or a file lies, and why.
    private static readonly Dictionary<string, string> Local = new(StringComparer.Ordinal)
    {
        ["up"] = "starts the server", ["serve"] = "starts the server", ["doctor"] = "looks at the machine", ["restore"] = "makes a store that nothing serves yet", ["store prepare"] = "makes the database",
        ["prune"] = "writes archives beside the store", ["audit adopt"] = "takes the key from the machine's settings", ["outbox deliver"] = "a server delivers by itself",
        ["reproduce"] = "runs in an empty store of its own", ["lifecycle check"] = "reads files of the store against their schemas",
        ["indicators list"] = "reads a file of bars", ["indicators compute"] = "reads a file of bars", ["rules eval"] = "reads a file of bars",
        ["metrics compute"] = "reads a file of returns", ["metrics overfit"] = "reads a file of returns", ["metrics deflated-sharpe"] = "computes from its arguments", ["api client"] = "writes source files",
    };

    [Fact]
    public void Every_command_names_the_operations_that_do_the_same_or_why_it_is_of_the_machine_alone()
    {
        RootCommand root = CommandLine.CreateRoot(new(TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 7), new(TextWriter.Null, TextWriter.Null)));
        string[] commands = [.. Leaves(root, "").Order(StringComparer.Ordinal)];
        commands.Should().BeEquivalentTo(Same.Keys.Concat(Local.Keys), "a new command says how it is done over HTTP, and one that is gone is said no more");
        JsonNode document = JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "openapi.json")))!;
        HashSet<string> operations =
        [
            .. document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => (o.Value as JsonObject)?["operationId"]?.GetValue<string>()).OfType<string>(),
        ];
        Same.Values.SelectMany(s => s).Distinct().Where(o => !operations.Contains(o)).Should().BeEmpty();
    }

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(c => Leaves(c, path.Length == 0 ? c.Name : $"{path} {c.Name}"));
}
