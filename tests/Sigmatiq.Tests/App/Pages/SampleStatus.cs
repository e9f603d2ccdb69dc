using Sigmatiq.App.Pages;

namespace Sigmatiq.Tests.App.Pages;

/// <summary>A filled page: a run that waits for its vote on synthetic bars. The figures are invented for layout.</summary>
internal static class SampleStatus
{
    public static readonly DateTimeOffset Now = new(2026, 1, 16, 14, 43, 0, TimeSpan.Zero);

    public static StatusView Waiting() => new(Now, "local operator", Run(), Data(), Sweep(), Evidence(), Approval());

    public static StatusView Sweeping() => new(Now, "local operator", Run() with
    {
        State = Mark.Running,
        StateWord = "Running",
        Stages =
        [
            new("Bootstrap", Mark.Ok, "Done", "9 migrations"), new("Data", Mark.Ok, "Fresh", "to 15 Jan"), new("Train", Mark.Running, "Sweep 62%", "combo 28 of 45", 0.62),
            .. new[] { "Forecast", "Backtest", "Approve", "Deploy", "Monitor" }.Select(n => new StageView(n, Mark.Pending, "Not started")),
        ],
    }, Data());

    public static ApprovalView Approval() => new("apr_0191", "MKT.SYN momentum swing", "paper", Mark.Waiting, "REVIEW",
        "9c41e7b2d6a95f38c1407a5be2093d6f4b8ac75e10f2963d8857ab94c6d2a3f8", Now.AddHours(-3).AddMinutes(-11), Now.AddDays(7),
        [
            new("Trained model", "combo 23, xgboost"), new("Pack", "swingsigma 1.1.0"), new("Config", "e83a…41bc"), new("Data snapshot", "7d20…9e15"),
            new("Target", "paper"), new("Limits", "2.00% a position, 10 open"),
        ]);

    private static LifecycleView Run() => new("run_019bc1d7-5a10-7c3e-9f21-d4ab7e6c0d11", "MKT.SYN momentum swing", "lifecycle@1.0.0", "swingsigma@1.1.0", Mark.Waiting, "Waiting for vote 2",
        Now.AddHours(-4),
        [
            new("Bootstrap", Mark.Ok, "Done", "9 migrations"), new("Data", Mark.Ok, "Fresh", "to 15 Jan"), new("Train", Mark.Ok, "Trained", "AUC 0.61"),
            new("Forecast", Mark.Ok, "Shadow", "10 bars"), new("Backtest", Mark.Caution, "5 of 7 pass", "Sharpe 1.89"), new("Approve", Mark.Waiting, "Your vote", "3 h 11 min"),
            new("Deploy", Mark.Pending, "Blocked", "needs vote 2"), new("Monitor", Mark.Pending, "Not started"),
        ]);

    private static DataView Data() => new(true,
        "Planted effect: after a fall of three sessions the next two drift upwards by 0.3%, in quiet regimes only; momentum entries can find it.",
        "MKT.SYN", "1 hour", new(2018, 1, 2), new(2026, 1, 15), "7d2041c5a8834dd2b0f5bd0e7c9a1f63e7a2b6a54be1bb7f8f46d9b3aa0d9e15");

    private static SweepView Sweep()
    {
        string[] hours = ["All day", "Morning", "Afternoon"];
        var rows = Enumerable.Range(1, 45).Select(rank =>
        {
            Mark gate = rank <= 19 ? Mark.Ok : rank == 20 ? Mark.Caution : Mark.Bad;
            string[] why = gate == Mark.Ok ? [] : gate == Mark.Caution ? ["Sharpe 0.71 is narrow over 0.70"] : ["trades 21 of at least 30", "win rate 36.2% of at least 40%"];
            return new ComboView(rank, (rank * 23 % 46) + 1, 0.5 + (rank % 5 * 0.05), hours[rank % 3], 0.01 * ((rank % 3) + 1), 1.7 - (rank * 0.055), 0.0231 - (rank * 0.0008), 120 - (rank * 2),
                0.0034 + (rank * 0.0004), gate, why, rank <= 2);
        });
        return new("sweep_20260116_112030", 45, 19, 1, 25, "selection window 2 Jan 2018 to 7 Aug 2024", [.. rows]);
    }

    private static EvidenceView Evidence()
    {
        var points = new List<EquityPoint>();
        double s = 0, b = 0;
        for (int i = 0; i < 900; i++)
        {
            s += 0.00003 + (0.0006 * Math.Sin(i * 0.7) * Math.Cos(i * 0.013)) + (i % 97 == 3 ? 0.0021 : 0);
            b += 0.00005 + (0.0011 * Math.Sin(i * 0.31) * Math.Sin(i * 0.017));
            points.Add(new(new DateTimeOffset(2025, 1, 2, 14, 30, 0, TimeSpan.Zero).AddHours(i * 10), s, b));
        }

        return new("8 Aug 2024 to 15 Jan 2026, never used to choose. The range is the 95% interval.",
            [
                new("Return", "+0.45%", "selection +1.52%"), new("Sharpe", "1.89", "−0.89 to 4.67"), new("Win rate", "76.2%", "16 of 21 trades"),
                new("Max drawdown", "0.19%", "buy and hold 23.40%"), new("p-value", "0.0095", "below 0.05"),
            ],
            [
                new("Minimum Sharpe", "at least 0.70", "1.65", Mark.Ok, true, "19%"), new("Minimum trades", "at least 30", "80", Mark.Ok, true, "a count"),
                new("Minimum win rate", "at least 40.0%", "52.5%", Mark.Ok, false, "97%"), new("Max drawdown", "at most 25.00%", "0.34%", Mark.Ok, true, "damage only"),
                new("Significance", "hold-out p below 0.05", "0.0712", Mark.Bad, false, "5%"),
            ],
            ["45 combos were tried on this idea. The best of 45 coins looks skilled too.", "21 trades on the hold-out: this cannot be told apart from no edge.", "Deflated Sharpe and overfitting are not computed yet."],
            points, [new("AUC", "0.61", "validation 0.57"), new("Features", "5", "")]);
    }
}
