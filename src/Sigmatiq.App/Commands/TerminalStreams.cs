namespace Sigmatiq.App.Commands;

/// <summary>The two streams of a process and what stands behind them.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Everything else.</param>
/// <param name="OutIsTerminal">A person reads <paramref name="Out"/>: tables with borders and colours.</param>
/// <param name="ErrorIsTerminal">A person reads <paramref name="Error"/>: moving progress bars.</param>
/// <param name="Columns">Width of the terminal in characters.</param>
public sealed record TerminalStreams(TextWriter Out, TextWriter Error, bool OutIsTerminal = false, bool ErrorIsTerminal = false, int Columns = 120)
{
    /// <summary>The streams of this process.</summary>
    public static TerminalStreams OfProcess()
    {
        bool outIsTerminal = !Console.IsOutputRedirected;
        bool errorIsTerminal = !Console.IsErrorRedirected;
        int columns = 0;
        try
        {
            columns = outIsTerminal || errorIsTerminal ? Console.WindowWidth : 0;
        }
        catch (IOException)
        {
            // A terminal without a size: the default below.
        }

        return new(Console.Out, Console.Error, outIsTerminal, errorIsTerminal, columns > 0 ? columns : 120);
    }
}
