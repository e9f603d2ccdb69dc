using System.Globalization;
using Sigmatiq.Backtest.Sweeps;

namespace Sigmatiq.App.Commands;

/// <summary>How far one piece of work is, on the error stream: one line that redraws itself on a terminal, elsewhere a plain line
/// when its words change or a tenth is done, so that logs stay readable.</summary>
public sealed class ProgressLine : IDisposable
{
    private const int BarCells = 24;
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(80);
    private readonly TerminalStreams streams;
    private readonly TimeProvider clock;
    private readonly string title;
    private readonly bool isQuiet;
    private readonly Lock gate = new();
    private readonly long startedAt;
    private readonly Pace pace;
    private long drawnAt;
    private int drawnLength;
    private int lastTenth = -1;
    private string lastNote = "";
    private bool isClosed;

    internal ProgressLine(TerminalStreams streams, TimeProvider clock, string title, bool isQuiet)
    {
        this.streams = streams;
        this.clock = clock;
        this.title = title;
        this.isQuiet = isQuiet;
        pace = new(clock);
        startedAt = clock.GetTimestamp();
    }

    /// <summary>Reports a share of the whole.</summary>
    /// <param name="share">Between 0 and 1; NaN where the whole is not known.</param>
    /// <param name="note">What is being done now.</param>
    public void Report(double share, string note = "")
    {
        lock (gate)
        {
            if (isQuiet || isClosed)
            {
                return;
            }

            if (streams.ErrorIsTerminal)
            {
                Redraw(share, note);
            }
            else
            {
                WriteLine(share, note);
            }
        }
    }

    /// <summary>Reports done of total.</summary>
    public void Report(long done, long total, string note = "") => Report(total > 0 ? (double)done / total : double.NaN, note);

    /// <summary>Ends the line; what was drawn last stays.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!isClosed && drawnLength > 0)
            {
                streams.Error.WriteLine();
            }

            isClosed = true;
        }
    }

    private static string Percent(double share) =>
        double.IsNaN(share) ? "" : Math.Floor(100 * Math.Clamp(share, 0, 1)).ToString(CultureInfo.InvariantCulture) + "%";

    private void Redraw(double share, string note)
    {
        long now = clock.GetTimestamp();
        if (drawnLength > 0 && share < 1 && note == lastNote && clock.GetElapsedTime(drawnAt, now) < RedrawEvery)
        {
            return;
        }

        int filled = double.IsNaN(share) ? 0 : (int)(Math.Clamp(share, 0, 1) * BarCells);
        string bar = new string('━', filled) + new string('─', BarCells - filled);
        string text = $"{title}  {bar} {Percent(share),4}  {Text(clock.GetElapsedTime(startedAt, now))}{Left(share, now)}  {note}".TrimEnd();
        int columns = Math.Max(20, streams.Columns - 1);
        text = text.Length > columns ? text[..columns] : text;
        streams.Error.Write("\r" + text.PadRight(drawnLength));
        drawnLength = text.Length;
        drawnAt = now;
        lastNote = note;
    }

    private void WriteLine(double share, string note)
    {
        int tenth = double.IsNaN(share) ? -1 : (int)(Math.Clamp(share, 0, 1) * 10);
        string words = string.Concat(note.Where(c => !char.IsAsciiDigit(c)));
        if (words == lastNote && tenth == lastTenth)
        {
            return;
        }

        lastNote = words;
        lastTenth = tenth;
        streams.Error.WriteLine($"{title}  {Percent(share),4}  {note}".TrimEnd());
    }

    private string Left(double share, long now) => pace.Left(share, now) is { } left ? $", {Text(left)} left" : "";

    private static string Text(TimeSpan span) => span.ToString(span.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
