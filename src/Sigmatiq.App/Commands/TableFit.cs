namespace Sigmatiq.App.Commands;

/// <summary>Which columns of a table a terminal has room for, and how wide each is: whole columns by their weight, words never broken.</summary>
/// <remarks>Numbers stand on one line. Text wraps at blanks, and a column gives way only as long as nine in ten of its cells fit on
/// <see cref="LinesWanted"/> lines, or down to <see cref="TextWidth"/>; what is as short as an instant stands on one line too.</remarks>
internal sealed class TableFit
{
    private const int LinesWanted = 2;
    private const int TextWidth = 32;
    private const int OneLineWidth = 20;

    // "│ " before each column, " │" after the last: three characters a column and one more.
    private const int Border = 3;

    private readonly int[] widths;

    private TableFit(int[] widths, int[] shown) => (this.widths, Shown) = (widths, shown);

    /// <summary>The columns that are shown, from left to right.</summary>
    public IReadOnlyList<int> Shown { get; }

    /// <summary>Width of a shown column in characters.</summary>
    public int WidthOf(int column) => widths[column];

    /// <summary>Fits a table into a terminal.</summary>
    /// <param name="titles">Heading of each column.</param>
    /// <param name="isNumber">Columns whose cells stand on one line.</param>
    /// <param name="weights">How much each column matters; of equal ones the left.</param>
    /// <param name="rows">The cells, row by row.</param>
    /// <param name="width">Characters of the terminal.</param>
    public static TableFit Of(IReadOnlyList<string> titles, IReadOnlyList<bool> isNumber, IReadOnlyList<Weight> weights, IReadOnlyList<string[]> rows, int width)
    {
        int[] natural = [.. titles.Select((t, c) => Math.Max(t.Length, rows.Select(r => LongestLine(r[c])).DefaultIfEmpty(0).Max()))];
        int[] least = [.. titles.Select((t, c) => Math.Max(LongestWord(t), isNumber[c] || natural[c] <= OneLineWidth
            ? rows.Select(r => LongestLine(r[c])).DefaultIfEmpty(0).Max() : LeastOf([.. rows.Select(r => r[c])], natural[c])))];
        int room = width - 1;
        List<int> shown = [];
        foreach (int column in Enumerable.Range(0, titles.Count).OrderByDescending(c => weights[c]))
        {
            if (least[column] + Border <= room)
            {
                shown.Add(column);
                room -= least[column] + Border;
            }
        }

        if (shown.Count == 0 && titles.Count > 0)
        {
            // Nothing can be left whole: what matters most is shown as far as it goes.
            int first = Enumerable.Range(0, titles.Count).MaxBy(c => weights[c]);
            least[first] = Math.Max(1, room - Border);
            return new(least, [first]);
        }

        // What is left over goes to those that wrap, the least hungry first.
        int[] hungry = [.. shown.Where(c => natural[c] > least[c]).OrderBy(c => natural[c] - least[c])];
        for (int i = 0; i < hungry.Length; i++)
        {
            int more = Math.Min(natural[hungry[i]] - least[hungry[i]], room / (hungry.Length - i));
            least[hungry[i]] += more;
            room -= more;
        }

        return new(least, [.. shown.Order()]);
    }

    /// <summary>A text in lines of at most so many characters, broken at blanks; a longer word is broken only where it has a line of its own, or
    /// not at all where it <paramref name="mustStayWhole"/>, as a path that somebody copies.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width, bool mustStayWhole = false)
    {
        List<string> lines = [];
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            string line = "";
            foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    lines.Add(line);
                    line = "";
                }

                line = line.Length == 0 ? word : $"{line} {word}";
                for (; line.Length > width && !mustStayWhole; line = line[width..])
                {
                    lines.Add(line[..width]);
                }
            }

            lines.Add(line);
        }

        return lines;
    }

    private static int LeastOf(string[] cells, int natural)
    {
        int low = cells.Select(LongestWord).DefaultIfEmpty(0).Max(), high = Math.Max(low, Math.Min(natural, TextWidth));
        while (low < high)
        {
            int middle = (low + high) / 2;
            bool isEnough = cells.Count(c => Wrap(c, middle).Count <= LinesWanted) * 10 >= cells.Length * 9;
            (low, high) = isEnough ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static int LongestLine(string text) => text.Split('\n').Max(l => l.Length);

    private static int LongestWord(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(w => w.Length).DefaultIfEmpty(0).Max();
}
