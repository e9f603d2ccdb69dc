using System.Globalization;
using System.Text;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.SystemTests;

namespace Sigmatiq.Tests.Studio;

/// <summary>A store of its own, and the program with workflows of its own: some that fire, one that never can, one whose steps are not built yet. No lifecycle has run.</summary>
public sealed class OperatedStudio : ServedStudio
{
    private const string Steps = "steps: { note: { uses: report, with: { title: Night, text: Nothing happened. } } }";
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("sigmatiq-home-");
    private readonly Dictionary<string, string> people = [];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => [];

    /// <summary>Where the server puts backups.</summary>
    public string Backups => home.CreateSubdirectory("backups").FullName;

    /// <summary>A tab of a user with this role, who is added and signed in by a link where nobody has it yet.</summary>
    public async Task<Tab> OpenAsAsync(string role, string path, int width = 1440)
    {
        if (!people.TryGetValue(role, out string? session))
        {
            await CommandAsync("users", "add", $"{role}.one", "--name", $"The {role}", "--role", role, "--reason", "a test");
            session = people[role] = await SignInAsync((await CommandAsync("users", "link", $"{role}.one", "--reason", "a test")).Trim());
        }

        return await OpenAsync(path, width: width, person: session);
    }

    /// <inheritdoc/>
    protected override ProgramProcess Start(params string[] args) => ProgramProcess.StartAt(home.FullName, args);

    /// <inheritdoc/>
    protected override void Forget()
    {
        Environment.SetEnvironmentVariable("SIGMATIQ_BACKUPS", null);
        home.Delete(recursive: true);
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync(CancellationToken ct)
    {
        // The folder that the program lies in is the one whose workflows it reads, where no checkout is around it.
        foreach (FileSystemInfo entry in new DirectoryInfo(AppContext.BaseDirectory).EnumerateFileSystemInfos().Where(e => e.Name is not ("packs" or "workflows")))
        {
            string there = Path.Combine(home.FullName, entry.Name);
            if (entry is FileInfo file && entry.Name.StartsWith("sigmatiq", StringComparison.OrdinalIgnoreCase))
            {
                file.CopyTo(there);
            }
            else
            {
                File.CreateSymbolicLink(there, entry.FullName);
            }
        }

        Directory.CreateSymbolicLink(Path.Combine(home.FullName, "packs"), Path.Combine(Checkout.Root, "packs"));
        string workflows = home.CreateSubdirectory("workflows").FullName;
        Directory.CreateSymbolicLink(Path.Combine(workflows, "schema"), Path.Combine(Checkout.Root, "workflows", "schema"));
        foreach (string name in new[] { "lifecycle.1.0.0.yaml", "forecast_h1_l5_daily_inference.1.0.0.yaml" })
        {
            File.Copy(Path.Combine(Checkout.Root, "workflows", name), Path.Combine(workflows, name));
        }

        foreach ((string id, string schedule) in new[]
        {
            ("nightly_report", "{ zone: America/New_York, calendar: NYSE, cron: 30 17 * * 1-5 }"), ("peso_every_5_min", "{ zone: America/Bogota, calendar: COLOMBIA, cron: '*/5 8-12 * * 1-5' }"),
            ("weekly_digest", "{ zone: UTC, cron: 0 6 * * 1 }"), ("end_of_february", "{ zone: UTC, cron: 0 9 30 2 * }"), ("by_hand", ""),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(workflows, $"{id}.1.0.0.yaml"), $"workflow: {id}\nversion: 1.0.0\nsummary: A report of {id.Replace('_', ' ')}\nschedule: {schedule}\n{Steps}\n", ct);
        }

        Environment.SetEnvironmentVariable("SIGMATIQ_BACKUPS", Backups);
        await CommandAsync("bootstrap");

        // Hours of a real symbol: three weeks with one day missing and one jump.
        string bars = Path.Combine(home.FullName, "spy.csv");
        await File.WriteAllTextAsync(bars, Hours(new DateOnly(2025, 12, 29), 15, leaveOut: new DateOnly(2026, 1, 7), jump: new DateOnly(2026, 1, 8)), ct);
        await CommandAsync("data", "import", bars, "--symbol", "SPY");

        // Nobody was there for nine days: what came due in them was missed, as the engine finds when it starts.
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(Path.Combine(Data, "sigmatiq.db"), TimeProvider.System, ct);
        foreach (string id in new[] { "nightly_report", "weekly_digest" })
        {
            await rows.ExecuteAsync("insert into schedule_marks (workflow_id, decided_until_utc) values (@id, @since)", new { id, since = TimeProvider.System.GetUtcNow().AddDays(-9) }, ct);
        }
    }

    /// <summary>Hourly bars of so many sessions of New York as a CSV, seven a day.</summary>
    /// <param name="from">First day.</param>
    /// <param name="sessions">How many weekdays that are no holiday.</param>
    /// <param name="leaveOut">A day without bars.</param>
    /// <param name="jump">From this day on prices are half as high again.</param>
    /// <param name="broken">A day whose first bar has its high below its body.</param>
    public static string Hours(DateOnly from, int sessions, DateOnly? leaveOut = null, DateOnly? jump = null, DateOnly? broken = null)
    {
        StringBuilder text = new("ts,open,high,low,close,volume\n");
        double price = 480;
        foreach (Session session in NyseCalendar.Instance.Sessions(from, from.AddDays(2 * sessions + 10)).Take(sessions).Where(s => s.Date != leaveOut))
        {
            price *= session.Date == jump ? 1.5 : 1;
            for (int hour = 0; hour < 7; hour++)
            {
                double open = price, close = price + (hour % 3) - 1, high = session.Date == broken && hour == 0 ? open - 2 : Math.Max(open, close) + 0.5;
                text.Append(CultureInfo.InvariantCulture, $"{session.OpenUtc.AddHours(hour):yyyy-MM-ddTHH:mm:ssZ},{open:0.00},{high:0.00},{Math.Min(open, close) - 2.5:0.00},{close:0.00},{10_000 + hour}\n");
                price = close;
            }
        }

        return text.ToString();
    }
}

/// <summary>Tests of schedules, system and data look at one store.</summary>
[CollectionDefinition(nameof(OperatedStudio))]
public sealed class OperatedCollection : ICollectionFixture<OperatedStudio>;
