using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sigmatiq.Store.Errors;
using Spectre.Console;

namespace Sigmatiq.App.Commands;

/// <summary>How a cell is coloured on a terminal; the words must say the same without it.</summary>
public enum Tone
{
    /// <summary>As the text around it.</summary>
    Plain,

    /// <summary>Passed, done, gain.</summary>
    Ok,

    /// <summary>Marginal, stale.</summary>
    Caution,

    /// <summary>Failed, loss.</summary>
    Bad,

    /// <summary>Waits for a person.</summary>
    Waiting,

    /// <summary>Of lesser interest.</summary>
    Quiet,
}

/// <summary>How much a column matters where a terminal has no room for all.</summary>
public enum Weight
{
    /// <summary>The first to be left out.</summary>
    Detail,

    /// <summary>As the columns around it.</summary>
    Usual,

    /// <summary>The last to be left out: what a row is, and how it stands.</summary>
    Key,
}

/// <summary>One column of a printed table.</summary>
/// <param name="Title">Heading, in lower case, with the unit if there is one.</param>
/// <param name="Value">Text of a row's cell; null prints empty.</param>
/// <param name="Right">Numbers stand to the right.</param>
/// <param name="Tone">Colour of a row's cell on a terminal.</param>
/// <param name="Weight">What gives way first on a narrow terminal; of equal columns the right one.</param>
public sealed record Column<T>(string Title, Func<T, string?> Value, bool Right = false, Func<T, Tone>? Tone = null, Weight Weight = Weight.Usual);

/// <summary>Prints results on the one stream and everything else on the other (spec 08 §8.5).</summary>
public sealed class Output
{
    /// <summary>How results become JSON: snake_case keys, nulls written, times as ISO 8601.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly TerminalStreams streams;
    private readonly TimeProvider clock;
    private readonly IAnsiConsole? console;

    internal Output(TerminalStreams streams, TimeProvider clock, bool asJson, bool isQuiet)
    {
        this.streams = streams;
        this.clock = clock;
        AsJson = asJson;
        IsQuiet = isQuiet;
        if (streams.OutIsTerminal && !asJson)
        {
            console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(streams.Out) });
            console.Profile.Width = streams.Columns;
        }
    }

    /// <summary><c>--output json</c> was asked for.</summary>
    public bool AsJson { get; }

    /// <summary><c>--quiet</c> was asked for.</summary>
    public bool IsQuiet { get; }

    /// <summary>Prints a list: a table, or a JSON array of the items.</summary>
    public void List<T>(IReadOnlyList<T> items, params Column<T>[] columns) => List(items, items, columns);

    /// <summary>Prints a list as a table, or another form of it as JSON (where the spec fixes the JSON).</summary>
    public void List<T, TJson>(IReadOnlyList<T> items, TJson json, params Column<T>[] columns)
    {
        if (AsJson)
        {
            Value(json);
        }
        else if (console is not null)
        {
            TerminalTable(console, items, columns);
        }
        else
        {
            PlainTable(items, columns);
        }
    }

    /// <summary>Prints one thing: labelled fields one below the other, those without a value left out, or a JSON object.</summary>
    public void Item<T>(T item, params (string Label, string? Value)[] fields)
    {
        if (AsJson)
        {
            Value(item);
            return;
        }

        int width = fields.Length == 0 ? 0 : fields.Max(f => f.Label.Length);
        foreach (var (label, value) in fields.Where(f => !string.IsNullOrEmpty(f.Value)))
        {
            if (console is not null)
            {
                console.Write(new Spectre.Console.Text(label.PadRight(width + 2), new Style(Spectre.Console.Color.Grey)));

                // Below the first line the label's column stays empty, unless that would break a word that fits without.
                int room = Math.Max(20, streams.Columns - width - 2);
                streams.Out.WriteLine(string.Join('\n' + new string(' ', width + 2), value!.Split(' ', '\n').Any(w => w.Length > room) ? [value] : TableFit.Wrap(value, room)));
            }
            else
            {
                streams.Out.WriteLine($"{label.PadRight(width + 2)}{value}".TrimEnd());
            }
        }
    }

    /// <summary>Prints a line of a result for people; JSON readers do not get it.</summary>
    public void Line(string text = "")
    {
        if (!AsJson)
        {
            streams.Out.WriteLine(console is not null && !text.Contains('\n') && text.Length > streams.Columns ? string.Join('\n', TableFit.Wrap(text, streams.Columns)) : text);
        }
    }

    /// <summary>Prints text that is in its final form already, whatever was asked for.</summary>
    public void Text(string text) => streams.Out.Write(text);

    /// <summary>Prints a value as JSON whatever was asked for.</summary>
    public void Value<T>(T value) => streams.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Says what is going on, on the other stream; silent with <c>--quiet</c>.</summary>
    public void Note(string text)
    {
        if (!IsQuiet)
        {
            Say(text);
        }
    }

    /// <summary>Says what the reader should know although it stops nothing.</summary>
    public void Warning(string text) => Say($"warning: {text}");

    /// <summary>Shows how far a piece of work is: a bar on a terminal, a line now and then elsewhere.</summary>
    public ProgressLine Progress(string title) => new(streams, clock, title, IsQuiet);

    /// <summary>Prints refusals on the other stream.</summary>
    public void Problems(IReadOnlyList<Problem> problems)
    {
        if (AsJson)
        {
            Problem first = problems[0];
            streams.Error.WriteLine(JsonSerializer.Serialize(
                new
                {
                    first.Code,
                    first.Message,
                    first.Where,
                    first.Remedy,
                    ExitCode = (int)first.Exit,
                    Problems = problems.Select(p => new { p.Code, p.Message, p.Where, p.Remedy }),
                }, Json));
            return;
        }

        foreach (Problem problem in problems)
        {
            Say(problem.ToString());
        }
    }

    // A terminal breaks words; a file keeps one line a message, so that it can be searched.
    private void Say(string text) =>
        streams.Error.WriteLine(streams.ErrorIsTerminal && text.Length > streams.Columns ? string.Join('\n', TableFit.Wrap(text, streams.Columns, mustStayWhole: true)) : text);

    private void TerminalTable<T>(IAnsiConsole terminal, IReadOnlyList<T> items, Column<T>[] columns)
    {
        string[][] cells = [.. items.Select(item => columns.Select(c => (c.Value(item) ?? "").ReplaceLineEndings("\n")).ToArray())];
        TableFit fit = TableFit.Of([.. columns.Select(c => c.Title)], [.. columns.Select(c => c.Right)], [.. columns.Select(c => c.Weight)], cells, streams.Columns);
        var table = new Spectre.Console.Table { Border = TableBorder.Rounded, BorderStyle = new Style(Spectre.Console.Color.Grey35) };
        foreach (int c in fit.Shown)
        {
            var heading = new TableColumn(Wrapped(columns[c].Title, fit.WidthOf(c), new Style(decoration: Decoration.Bold))) { NoWrap = true, Width = fit.WidthOf(c) };
            table.AddColumn(columns[c].Right ? heading.RightAligned() : heading);
        }

        for (int row = 0; row < cells.Length; row++)
        {
            table.AddRow(fit.Shown.Select(c => Wrapped(cells[row][c], fit.WidthOf(c), StyleOf(columns[c].Tone?.Invoke(items[row]) ?? Tone.Plain))));
        }

        terminal.Write(table);
        if (fit.Shown.Count < columns.Length)
        {
            string left = string.Join(", ", Enumerable.Range(0, columns.Length).Except(fit.Shown).Select(c => columns[c].Title));
            terminal.Write(Wrapped($"also: {left}; a wider terminal or -o json shows all", streams.Columns, new Style(Spectre.Console.Color.Grey)));
            terminal.WriteLine();
        }
    }

    private static Spectre.Console.Text Wrapped(string text, int width, Style style) => new(string.Join('\n', TableFit.Wrap(text, width)), style);

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Ok => new(Spectre.Console.Color.Green),
        Tone.Caution => new(Spectre.Console.Color.Yellow),
        Tone.Bad => new(Spectre.Console.Color.Red),
        Tone.Waiting => new(Spectre.Console.Color.MediumPurple1),
        Tone.Quiet => new(Spectre.Console.Color.Grey),
        _ => Style.Plain,
    };

    private void PlainTable<T>(IReadOnlyList<T> items, Column<T>[] columns)
    {
        string[][] cells = [.. items.Select(item => columns.Select(c => (c.Value(item) ?? "").ReplaceLineEndings(" ")).ToArray())];
        int[] widths = [.. columns.Select((c, i) => Math.Max(c.Title.Length, cells.Length == 0 ? 0 : cells.Max(row => row[i].Length)))];
        WriteRow([.. columns.Select(c => c.Title)]);
        foreach (string[] row in cells)
        {
            WriteRow(row);
        }

        void WriteRow(string[] row) => streams.Out.WriteLine(string.Join("  ",
            row.Select((text, i) => columns[i].Right ? text.PadLeft(widths[i]) : text.PadRight(widths[i]))).TrimEnd());
    }
}
