using Sigmatiq.App.Auth;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App;

/// <summary>The rooms put together on one store: what commands, pages and API call. Nothing in here runs by itself.</summary>
public sealed class Platform
{
    private Platform(
        DataDirectory data, IRowStore rows, People people, PackLibrary packs, ModelStore models, AuditChain audit, ApprovalService approvals,
        DeploymentService deployments, WorkflowEngine engine, TimeProvider clock, ILoggerFactory logs)
    {
        Data = data;
        Rows = rows;
        People = people;
        Packs = packs;
        Models = models;
        Audit = audit;
        Approvals = approvals;
        Deployments = deployments;
        Engine = engine;
        Clock = clock;
        Logs = logs;
    }

    /// <summary>This process, as leases name it.</summary>
    public static string Owner { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>The data directory.</summary>
    public DataDirectory Data { get; }

    /// <summary>The rows.</summary>
    public IRowStore Rows { get; }

    /// <summary>Users, links, sessions.</summary>
    public People People { get; }

    /// <summary>The packs of <c>packs/</c>.</summary>
    public PackLibrary Packs { get; }

    /// <summary>The users' models.</summary>
    public ModelStore Models { get; }

    /// <summary>The hash-linked record of decisions.</summary>
    public AuditChain Audit { get; }

    /// <summary>Requests for votes and the votes.</summary>
    public ApprovalService Approvals { get; }

    /// <summary>What votes led to.</summary>
    public DeploymentService Deployments { get; }

    /// <summary>Runs of workflows.</summary>
    public WorkflowEngine Engine { get; }

    /// <summary>The workflow files of <c>workflows/</c>.</summary>
    public WorkflowFolder Workflows => new(Path.Combine(Commands.CommandContext.HomeFolder, "workflows"), Engine.Kinds);

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Loggers.</summary>
    public ILoggerFactory Logs { get; }

    /// <summary>Puts the rooms together.</summary>
    public static Platform Open(DataDirectory data, IRowStore rows, IdSource ids, TimeProvider clock, ILoggerFactory logs)
    {
        AuditChain audit = new(clock);
        WorkflowEngine? engine = null;
        // A decided request wakes the run that waits for it, in the transaction of the decision.
        ApprovalService approvals = new(rows, data, audit, clock,
            (tx, decided, ct) => engine!.Requests.WakeAsync(tx, WakeKeyOf(decided.Id), decided.DecidedBy!, ct));
        DeploymentService deployments = new(rows, data, audit, approvals);
        engine = new(data, rows, new StepKinds([]), ids, clock, logs);
        PackLibrary packs = new(Path.Combine(Commands.CommandContext.HomeFolder, "packs"));
        return new(data, rows, new(rows, clock, ids), packs, new(rows, data, clock), audit, approvals, deployments, engine, clock, logs);
    }

    /// <summary>What a run that waits for a vote is woken by.</summary>
    public static string WakeKeyOf(string approvalId) => $"approval:{approvalId}";
}
