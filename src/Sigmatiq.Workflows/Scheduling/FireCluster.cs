using Quartz;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>Quartz's tables on the store that nodes share: which of them fires next, and who takes over where one died. Nothing in them is
/// not also in our rows and files; lost tables are made anew at the next start.</summary>
/// <param name="Store">The database.</param>
/// <param name="Node">Stable name of this node, so that a restarted one finds its own instead of waiting for its former self.</param>
public sealed record FireCluster(PostgresAddress Store, string Node)
{
    /// <summary>The cluster's name in Quartz's tables.</summary>
    public const string Name = "sigmatiq-fires";

    /// <summary>How often a node signs in Quartz's tables, and how late it may be: a dead one is noticed after some two seconds.</summary>
    public static readonly TimeSpan CheckInEvery = TimeSpan.FromSeconds(1), CheckInLate = TimeSpan.FromSeconds(1);

    /// <summary>Makes those of Quartz's tables that are missing, which only the owner of the schema may.</summary>
    public static async Task ProvisionAsync(PostgresAddress store, TimeProvider clock, CancellationToken ct)
    {
        IScheduler scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.UseTimeProvider(clock);
            quartz.ConfigureScheduler(options => options.InstanceName = $"{Name}-prepared");
            quartz.UsePersistentStore(tables =>
            {
                tables.UsePostgres(PostgresDriver.Factory, PostgresDriver.ConnectionString(store));
                tables.UseSystemTextJsonSerializer();
                tables.ProvisionSchema();
            });
        }).BuildScheduler(ct);
        await scheduler.Shutdown(waitForJobsToComplete: false, ct);
    }

    internal void Use(IPersistentStoreBuilder tables)
    {
        tables.UsePostgres(PostgresDriver.Factory, PostgresDriver.ConnectionString(Store));
        tables.UseSystemTextJsonSerializer();
        tables.ProvisionSchema();
        tables.UseClustering(options =>
        {
            options.CheckinInterval = CheckInEvery;
            options.CheckinMisfireThreshold = CheckInLate;
        });
        tables.ConfigureStore(options => options.MisfireThreshold = RunJobs.MisfireThreshold);
    }
}
