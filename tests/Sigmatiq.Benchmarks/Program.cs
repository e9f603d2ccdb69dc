using Sigmatiq.Benchmarks;

// One file per benchmark; each prints one line of JSON on stdout.
Dictionary<string, Func<string[], int>> benchmarks = new()
{
    ["api"] = ApiBenchmark.Run,
    ["honesty"] = HonestyBenchmark.Run,
    ["indicators"] = IndicatorsBenchmark.Run,
    ["simulate"] = SimulateBenchmark.Run,
    ["steps"] = StepsBenchmark.Run,
    ["studio"] = StudioBenchmark.Run,
    ["sweep"] = SweepBenchmark.Run,
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out Func<string[], int>? run))
{
    return run(args[1..]);
}

Console.Error.WriteLine($"Name a benchmark: {string.Join(", ", benchmarks.Keys)}.");
return 2;
