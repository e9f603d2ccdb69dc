using System.Diagnostics;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Fuzz;

/// <summary>What a run over many inputs came to.</summary>
/// <param name="Target">Which reader.</param>
/// <param name="Inputs">How many texts.</param>
/// <param name="Taken">How many it took.</param>
/// <param name="Refused">How many it refused with a code.</param>
/// <param name="Codes">Refusals by code.</param>
/// <param name="Findings">Inputs that ended otherwise: number, what happened, text.</param>
public sealed record FuzzReport(string Target, int Inputs, int Taken, int Refused, IReadOnlyDictionary<string, int> Codes, IReadOnlyList<string> Findings);

/// <summary>Feeds spoiled texts to a reader. Input i of a seed is always the same text, whatever was fed before.</summary>
public static partial class FuzzRun
{
    // Reading is quick; what takes this long would hold a server up.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    // A text of 200,000 characters that makes gigabytes is an attack.
    private const long BytesMax = 512L << 20;

    private const int FindingsMax = 10;

    /// <summary>Feeds inputs [from, from + count).</summary>
    /// <param name="target">The reader.</param>
    /// <param name="seed">Root of chance.</param>
    /// <param name="from">Number of the first input.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Told the number of each input before it is read: what a crash leaves behind.</param>
    public static FuzzReport Over(IFuzzTarget target, long seed, int from, int count, Action<int>? progress = null)
    {
        Rng root = Rng.From(seed).Fork(target.Name);
        int taken = 0, refused = 0;
        SortedDictionary<string, int> codes = new(StringComparer.Ordinal);
        List<string> findings = [];
        for (int i = from; i < from + count && findings.Count < FindingsMax; i++)
        {
            progress?.Invoke(i);
            string text = Mutator.Spoil(target, root.Fork("input", i));
            long begun = Stopwatch.GetTimestamp(), bytes = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                taken += target.Read(text) ? 1 : 0;
            }
            catch (ProblemException e)
            {
                refused++;
                codes[e.Problem.Code] = codes.GetValueOrDefault(e.Problem.Code) + 1;
                if (e.All.FirstOrDefault(p => !Code().IsMatch(p.Code) || string.IsNullOrWhiteSpace(p.Message) || p.Message.Length > 2000) is { } poor)
                {
                    findings.Add(Finding(i, $"a refusal that does not help: {poor.Code} '{Cut(poor.Message)}'", text));
                }
            }
            catch (Exception e)
            {
                findings.Add(Finding(i, e.ToString(), text));
            }

            if (GC.GetAllocatedBytesForCurrentThread() - bytes > BytesMax)
            {
                findings.Add(Finding(i, $"took {(GC.GetAllocatedBytesForCurrentThread() - bytes) >> 20} MB", text));
            }

            if (Stopwatch.GetElapsedTime(begun) > Slow)
            {
                findings.Add(Finding(i, $"took {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s", text));
            }
        }

        return new(target.Name, count, taken, refused, codes, findings);

        string Finding(int i, string what, string text) => $"{target.Name} seed {seed} input {i}: {what}\n--- text, {text.Length} characters\n{Cut(text)}\n---";
    }

    private static string Cut(string text) => text.Length <= 1500 ? text : text[..1500] + " …";

    [GeneratedRegex("^([A-Z]{3}-[0-9]{4}|GATE_FAILED)$")]
    private static partial Regex Code();
}
