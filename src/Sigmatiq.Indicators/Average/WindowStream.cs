using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Average;

/// <summary>The number that an indicator reads of a bar; NaN where the bar is not seen (<see cref="Gaps"/>).</summary>
internal delegate double BarReading(in Bar bar);

/// <summary>What follows from one full window, oldest value first.</summary>
internal delegate double WindowFigure(ReadOnlySpan<double> window);

/// <summary>The streaming twin of every indicator whose value follows from the last <c>length</c> readings alone.</summary>
internal sealed class WindowStream(int length, BarReading read, WindowFigure figure) : IIndicatorStream
{
    private readonly TrailingWindow window = new(length);

    /// <summary>The close.</summary>
    internal static double Close(in Bar bar) => Gaps.IsSeen(bar.Close) ? bar.Close : double.NaN;

    public void Next(in Bar bar, Span<double> outputs) => Take(bar, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        if (Take(bar, outputs))
        {
            window.Undo();
        }
    }

    private bool Take(in Bar bar, Span<double> outputs)
    {
        outputs[0] = double.NaN;
        double reading = read(bar);
        if (double.IsNaN(reading))
        {
            return false;
        }

        window.Push(reading);
        if (window.IsFull)
        {
            outputs[0] = figure(window.Values);
        }

        return true;
    }
}
