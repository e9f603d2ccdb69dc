using System.Globalization;
using System.Text;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Benchmarks;

/// <summary>The tables of the workload, byte for byte in the oracle's form: its columns, line ends and numbers.</summary>
internal static class SweepTables
{
    /// <summary>The metrics of every combo; drawdown as a positive number, a Sharpe without variance as 0.</summary>
    public static string Metrics(IReadOnlyList<DefinedCombo> combos, Func<int, Score> scoreOf)
    {
        var csv = new StringBuilder("id,p,L,sl,tp,tr,s,H,trades,wins,total_return,max_drawdown,sharpe\n");
        foreach (DefinedCombo c in combos)
        {
            PlainScore s = OfScore(scoreOf(c.Id));
            csv.Append(CultureInfo.InvariantCulture, $"{c.Id},{c.Period},{c.Level},{Share(c.StopLoss)},{Share(c.TakeProfit)},{Share(c.Trail)},{Number(c.Size)},");
            csv.Append(CultureInfo.InvariantCulture, $"{SweepGrid.HoursText(c.Hours)},{s.Trades},{s.Wins},");
            csv.Append(CultureInfo.InvariantCulture, $"{Number(s.TotalReturn)},{Number(s.MaxDrawdown)},{Number(s.Sharpe)}\n");
        }

        return csv.ToString();
    }

    /// <summary>The trades of one combo, an open one with exit bar -1 and the last close.</summary>
    public static string Trades(AccountPath account)
    {
        TradePath path = account.Path;
        var csv = new StringBuilder("entry_bar,entry_price,exit_bar,exit_price,reason,qty\n");
        for (int i = 0; i < path.Count; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{path.EntryBar[i]},{Number(path.EntryPrice[i])},{path.ExitBar[i]},{Number(path.ExitPrice[i])},");
            csv.Append(CultureInfo.InvariantCulture, $"{path.Reason[i].Text()},{Number(account.Quantity[i])}\n");
        }

        return csv.ToString();
    }

    /// <summary>A score in the definition's terms.</summary>
    public static PlainScore OfScore(Score s) => new(
        s.Trades, s.Wins, s.TotalReturn, s.MaxDrawdown == 0 ? 0 : -s.MaxDrawdown, double.IsNaN(s.Sharpe) ? 0 : s.Sharpe);

    /// <summary>A number as Python's <c>repr</c> writes it: the shortest digits that read back, an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        bool negative = text.StartsWith('-');
        int mark = text.IndexOf('E');
        string mantissa = (mark < 0 ? text : text[..mark]).TrimStart('-');
        int shift = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        // The significant digits, and how many of them stand before the point.
        int point = mantissa.IndexOf('.');
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        int before = (point < 0 ? mantissa.Length : point) + shift;
        int leading = all.Length - all.TrimStart('0').Length;
        all = all.TrimStart('0').TrimEnd('0');
        before -= leading;
        if (all.Length == 0)
        {
            return negative ? "-0.0" : "0.0";
        }

        string body = before is > -4 and <= 16
            ? Fixed(all, before)
            : (all.Length > 1 ? all[..1] + "." + all[1..] : all) + "e" + (before - 1 < 0 ? "-" : "+") + Math.Abs(before - 1).ToString("00", CultureInfo.InvariantCulture);
        return negative ? "-" + body : body;
    }

    private static string Fixed(string digits, int before) =>
        before <= 0 ? "0." + new string('0', -before) + digits
        : before >= digits.Length ? digits + new string('0', before - digits.Length) + ".0"
        : digits[..before] + "." + digits[before..];

    private static string Share(double? share) => share is { } value ? Number(value) : "none";
}
