using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Collects what attempts report, so that it can be stored once a second and not once a call.</summary>
internal sealed class AttemptDesk
{
    private const int LinesMax = 10_000;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Step, int Index, int Attempt), Sheet> sheets = [];

    public void Progress(string step, int index, int attempt, long done, long total, string text)
    {
        lock (gate)
        {
            Sheet sheet = Of(step, index, attempt);
            (sheet.Done, sheet.Total, sheet.Text, sheet.IsDirty) = (done, total, text, true);
        }
    }

    public void Line(string step, int index, int attempt, DateTimeOffset atUtc, string line)
    {
        lock (gate)
        {
            Sheet sheet = Of(step, index, attempt);
            if (sheet.LineCount++ < LinesMax)
            {
                sheet.Lines.Add((atUtc, line));
                sheet.IsDirty = true;
            }
        }
    }

    /// <summary>What is new since the last call.</summary>
    public IReadOnlyList<AttemptReport> Take()
    {
        lock (gate)
        {
            List<AttemptReport> reports = [];
            foreach (var ((step, index, attempt), sheet) in sheets)
            {
                if (sheet.IsDirty)
                {
                    reports.Add(new(step, index, attempt, sheet.Done, sheet.Total, sheet.Text, [.. sheet.Lines]));
                    sheet.Lines.Clear();
                    sheet.IsDirty = false;
                }
            }

            return reports;
        }
    }

    /// <summary>Takes back what could not be stored: its lines go before those written since, its progress is older than any since.</summary>
    public void Return(IReadOnlyList<AttemptReport> reports)
    {
        lock (gate)
        {
            foreach (AttemptReport report in reports)
            {
                Sheet sheet = Of(report.Step, report.Index, report.Attempt);
                sheet.Lines.InsertRange(0, report.Lines);
                sheet.IsDirty = true;
            }
        }
    }

    private Sheet Of(string step, int index, int attempt)
    {
        if (!sheets.TryGetValue((step, index, attempt), out Sheet? sheet))
        {
            sheets[(step, index, attempt)] = sheet = new();
        }

        return sheet;
    }

    private sealed class Sheet
    {
        public long Done { get; set; }

        public long Total { get; set; }

        public string? Text { get; set; }

        public int LineCount { get; set; }

        public List<(DateTimeOffset AtUtc, string Line)> Lines { get; } = [];

        public bool IsDirty { get; set; }
    }
}
