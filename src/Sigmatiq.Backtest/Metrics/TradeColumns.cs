namespace Sigmatiq.Backtest.Metrics;

/// <summary>Closed trades as metrics need them; columns of shape [trades], in order of time.</summary>
/// <param name="Return">Net profit or loss over entry value, ρ.</param>
/// <param name="Profit">Net profit or loss in money.</param>
/// <param name="EntryDate">Trading date of the entry.</param>
/// <param name="DurationDays">Calendar days from the entry's date to the exit's.</param>
/// <param name="DurationHours">Hours from the start of the entry bar to the end of the trade.</param>
public sealed record TradeColumns(double[] Return, double[] Profit, DateOnly[] EntryDate, double[] DurationDays, double[] DurationHours)
{
    /// <summary>No trade.</summary>
    public static TradeColumns None { get; } = new([], [], [], [], []);

    /// <summary>Number of trades.</summary>
    public int Count => Return.Length;
}
