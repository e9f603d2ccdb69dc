using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Confidence;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Alerts;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Calls;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Trading.Outside;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Retention;
using Sigmatiq.Workflows.Shards;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

namespace Sigmatiq.App;

/// <summary>The rooms put together on one store: what commands, pages and API call. Nothing in here runs by itself.</summary>
public sealed class Platform
{
    private Platform() { }

    /// <summary>This process, as leases name it.</summary>
    public static string Owner { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>The data directory.</summary>
    public required DataDirectory Data { get; init; }

    /// <summary>The rows.</summary>
    public required IRowStore Rows { get; init; }

    /// <summary>Users, links, sessions.</summary>
    public required People People { get; init; }

    /// <summary>Decisions about users.</summary>
    public Accounts Accounts => new(Rows, Audit, People, Clock);

    /// <summary>Decisions about keys of programs.</summary>
    public KeyRing Keys => new(Rows, Audit, People, Clock, Ids);

    /// <summary>New ids and secrets.</summary>
    public required IdSource Ids { get; init; }

    /// <summary>The packs of <c>packs/</c>.</summary>
    public required PackLibrary Packs { get; init; }

    /// <summary>The users' models.</summary>
    public required ModelStore Models { get; init; }

    /// <summary>Bars.</summary>
    public required BarStore Bars { get; init; }

    /// <summary>Brings bars up to date.</summary>
    public required MarketAlign Align { get; init; }

    /// <summary>Sweeps.</summary>
    public required SweepJobs Sweeps { get; init; }

    /// <summary>What sweeps need of packs, models and bars.</summary>
    public SweepWorks SweepWorks => new(Packs, Models, Bars);

    /// <summary>Every combo ever evaluated.</summary>
    public TrialLedger Trials => new(Rows, Kept);

    /// <summary>Columns of leaderboards and counts of trials that were formed once: at most 256 MB.</summary>
    public KeptByContent Kept { get; } = new(256L << 20);

    /// <summary>Every look at a hold-out.</summary>
    public HoldoutLooks HoldoutLooks => new(Rows, Clock);

    /// <summary>Combos of sweeps with what trains and judges them.</summary>
    public required SweptCombos Combos { get; init; }

    /// <summary>Trainings.</summary>
    public required TrainingJobs Trainings { get; init; }

    /// <summary>Trained models.</summary>
    public required TrainedModels Trained { get; init; }

    /// <summary>The hash-linked record of decisions.</summary>
    public required AuditChain Audit { get; init; }

    /// <summary>Requests for votes and the votes.</summary>
    public required ApprovalService Approvals { get; init; }

    /// <summary>What votes led to.</summary>
    public required DeploymentService Deployments { get; init; }

    /// <summary>Runs of workflows.</summary>
    public required WorkflowEngine Engine { get; init; }

    /// <summary>The workflow files of <c>workflows/</c>.</summary>
    public WorkflowFolder Workflows => new(WorkflowsFolder, Engine.Kinds);

    /// <summary>The folder of workflow files.</summary>
    public required string WorkflowsFolder { get; init; }

    /// <summary>What people are writing and have not saved as a version yet.</summary>
    public WorkflowDrafts Drafts => new(Rows, Clock);

    /// <summary>Who has the designer of which workflow open.</summary>
    public WorkflowEditors Editors => new(Rows, Clock);

    /// <summary>Pauses of schedules and what became of their fires.</summary>
    public ScheduleBook Schedules => new(Rows, Audit, Clock);

    /// <summary>Past fires run after all.</summary>
    public Backfill Backfill => new(Rows, Engine.Requests, Engine.Versions, Audit, Clock);

    /// <summary>Turns due fires into runs.</summary>
    public ScheduleDesk ScheduleDesk => new(Workflows, Engine.Versions, Schedules, Engine.Requests, Clock, Logs.CreateLogger<ScheduleDesk>());

    /// <summary>What may be reached outside.</summary>
    public required OutsideFile Outside { get; init; }

    /// <summary>Messages on their way.</summary>
    public required DeliveryQueue Deliveries { get; init; }

    /// <summary>Empties the outbox.</summary>
    public required Notifier Notifier { get; init; }

    /// <summary>Lets go what a policy keeps no longer.</summary>
    public StoreRetention Retention => new(Rows, Data, Bars, Audit, Clock);

    /// <summary>Where backups that are asked for at the server go; null where nobody has said.</summary>
    internal string? BackupFolder { get; init; }

    /// <summary>Reads the token that opens <c>/metrics</c>; null keeps it closed.</summary>
    internal Func<Secret?> MetricsToken { get; init; } = () => null;

    /// <summary>Reads what one caller may take of the server.</summary>
    internal Func<RequestLimits> Limits { get; init; } = () => RequestLimits.Usual;

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Loggers.</summary>
    public required ILoggerFactory Logs { get; init; }

    /// <summary>Puts the rooms together; without a seal, as in a scratch store, the audit chain stays unsigned; plug-ins come from
    /// the folder that is named and from nowhere else.</summary>
    public static Platform Open(DataDirectory data, IRowStore rows, IdSource ids, TimeProvider clock, ILoggerFactory logs, AuditSeal? seal = null,
        OutsideFile? outside = null, string? plugins = null, Func<Secret?>? metricsToken = null, string? backups = null, string? workflows = null, Func<RequestLimits>? limits = null)
    {
        workflows ??= Commands.CommandContext.WorkflowsFolder;
        AuditChain audit = new(clock, seal);
        PackLibrary packs = new(Path.Combine(Commands.CommandContext.HomeFolder, "packs"));
        ModelStore models = new(rows, data, clock);
        BarStore bars = new(data, rows, clock, ids);
        SweepStore sweeps = new(rows, data, audit, clock);
        Func<ILearner> openLearner = () => new XgBoost();
        ClassifierConfidence confidence = new(openLearner);
        WorkflowEngine? engine = null;
        IWorkClaims claims = rows.Dialect == SqlDialect.Postgres
            ? new StoreClaims(rows, () => engine?.Node, Owner, ids, clock, logs.CreateLogger<StoreClaims>()) : new FileClaims(data);
        SweepRunner sweepRunner = new(clock, confidence);
        SweepJobs sweepJobs = new(rows, data, sweeps, sweepRunner, clock, claims);
        TrainedModels trained = new(rows, data, audit, openLearner, clock,
            async (from, artifact, ct) => (await ArtifactUse.ReadAsync(from, ct)).GetValueOrDefault(artifact)?.Words);
        TrainingJobs jobs = new(rows, data, trained, openLearner, clock, claims);
        SweptCombos combos = new(sweeps, packs, models, bars);
        MarketAlign align = BarAlignment.Over(bars);
        HoldoutLooks looks = new(rows, clock);

        // A decided request wakes the run that waits for it, in the transaction of the decision.
        People people = new(rows, clock, ids);
        ApprovalService approvals = new(rows, data, audit, clock, People.FindVoterAsync,
            (tx, decided, ct) => engine!.Requests.WakeAsync(tx, ApprovalStep.WakeKeyOf(decided.Id), decided.DecidedBy!, ct))
        {
            Cancelled = RunRequests.CancelledAsync,
        };
        DeploymentService deployments = new(rows, audit, approvals);
        outside ??= new(Path.Combine(data.Root, OutsideFile.DefaultName));
        OutboxQueue outbox = new(rows, clock);
        DeliveryQueue deliveries = new(rows, clock, (tx, wakeKey, ct) => engine!.Requests.WakeAsync(tx, wakeKey, "delivery", ct));
        CancelledSweep cancelled = new((run, by, reason, ct) => engine!.Requests.CancelAsync(run, by, reason, ct));
        SweepWorks works = new(packs, models, bars);
        List<IStepKind> parts = [new SweepPart(new(works, sweeps, sweepRunner, data, clock)), new TrainingPart(new(jobs, combos, openLearner, data, clock))];
        List<IStepKind> kinds =
        [
            new BootstrapStep(packs, new(rows, clock), bars, align), new AlignStep(packs, align), new SweepStep(packs, models, bars, sweepJobs, cancelled, () => engine!.Shards),
            new TrainStep(combos, jobs, () => engine!.Shards), new ForecastStep(combos, trained, data), new EvidenceStep(combos, trained, bars, new(rows), looks, data, confidence),
            new ApprovalStep(approvals, new(rows, packs), people.FourEyesAsync, data, clock), new DeployStep(combos, trained, jobs, approvals, deployments, data, clock),
            new MonitorStep(deployments, approvals, data),
            new QueuedSweepStep(works, sweepJobs, cancelled, () => engine!.Shards), new QueuedTrainingStep(combos, jobs, () => engine!.Shards, clock),
            new UpstreamStep(rows, outbox), new StorePruneStep(new(rows, data, bars, audit, clock)), new NotifyStep(rows, outbox, deliveries, outside, data),
            new HttpCallStep(new(OutsideCaller.SystemNames, clock), outside, data),
            new ShardForEachStep(() => engine!.Shards, () => engine!.Kinds, data),
            new WaitUntilStep(rows, clock), new SqlQueryStep(data, bars, clock), new ReportStep(data),
            new WorkflowStep(
                rows, (id, version, ct) => RunVersions.FindAsync(id, version, engine!.Versions, new(workflows, engine.Kinds), ct),
                () => engine!.Requests, () => engine!.Journal),
        ];
        kinds.AddRange(plugins is null ? [] : PluginFolder.Load(plugins, kinds.Select(k => k.Name).Concat(AnnouncedKinds.All.Select(k => k.Name)), data, clock));
        engine = new(data, rows, new StepKinds(kinds, AnnouncedKinds.All, parts), ids, clock, logs, new LifecycleChecks(packs, bars, clock).RunAsync, audit);
        ILogger says = logs.CreateLogger<Notifier>();
        return new()
        {
            Outside = outside, Deliveries = deliveries,
            Notifier = new(outbox, deliveries, outside, Owner, Rng.From(Environment.ProcessId), clock, note => says.LogWarning("{Note}", note)),
            Data = data, Rows = rows, People = people, Ids = ids, Packs = packs, Models = models, Bars = bars, Align = align, Sweeps = sweepJobs, Trained = trained,
            Trainings = jobs, Combos = combos, Audit = audit, Approvals = approvals, Deployments = deployments, Engine = engine, WorkflowsFolder = workflows, Clock = clock, Logs = logs, MetricsToken = metricsToken ?? (() => null), BackupFolder = backups, Limits = limits ?? (() => RequestLimits.Usual),
        };
    }
}
