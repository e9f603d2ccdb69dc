using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Models cross to Debian's <c>python3-xgboost</c> and back as files, and both sides predict the same.</summary>
public sealed class PythonXgBoostTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int Rows = 1000, Columns = 7;
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-python-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trained_model_of_the_lane_is_loaded_by_python_as_it_lies_there()
    {
        await NeedsPythonAsync();
        using (ProgramProcess lane = ProgramProcess.Start(
            "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2022-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--until", "train", "--select", "1",
            "--train", "n_estimators=60", "learning_rate=0.1", "--data", folder))
        {
            (await lane.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(0, lane.Error);
        }

        string file = Directory.GetFiles(Path.Combine(folder, "models"), "*_trained_001.model").Single();
        using IFittedModel here = new XgBoost().Load(await File.ReadAllBytesAsync(file, Ct));
        DenseRows rows = SomeRows(here.Columns);
        double[] there = await PythonAsync(
            $"""
            booster = xgboost.Booster(model_file={Quoted(file)})
            print_all(booster.predict(xgboost.DMatrix(rows), output_margin=True))
            """,
            rows);
        IsSame(here.Scores(rows), there);
    }

    [Fact]
    public async Task A_model_that_python_trained_and_named_the_columns_of_predicts_the_same_here()
    {
        await NeedsPythonAsync();
        DenseRows rows = SomeRows(Columns);
        string file = Path.Combine(folder, "python.json");
        double[] there = await PythonAsync(
            $$"""
            names = ["volume", "momentum", "range", "rsi_14", "gap", "hour", "f0"]
            labels = (numpy.nan_to_num(rows[:, 0]) + 0.5 * numpy.nan_to_num(rows[:, 1]) > 0).astype(float)
            matrix = xgboost.DMatrix(rows, label=labels, feature_names=names)
            booster = xgboost.train({"objective": "binary:logistic", "max_depth": 4, "eta": 0.1, "subsample": 0.8, "seed": 3, "nthread": 1}, matrix, 40)
            booster.save_model({{Quoted(file)}})
            print_all(booster.predict(matrix, output_margin=True))
            """,
            rows);
        using IFittedModel here = new XgBoost().Load(await File.ReadAllBytesAsync(file, Ct));
        here.Columns.Should().Be(Columns);
        IsSame(here.Scores(rows), there);
        double[] gain = here.TotalGain();
        gain[0].Should().Be(gain.Max()).And.BePositive();
    }

    [Fact]
    public async Task What_python_trained_for_another_purpose_is_refused_by_code()
    {
        await NeedsPythonAsync();
        string file = Path.Combine(folder, "python.json");
        foreach (string purpose in (string[])["\"objective\": \"reg:squarederror\"", "\"objective\": \"binary:logistic\", \"booster\": \"gblinear\""])
        {
            await PythonAsync($"xgboost.train({{{purpose}}}, xgboost.DMatrix(rows, label=numpy.ones(len(rows))), 2).save_model({Quoted(file)})", SomeRows(Columns, missing: false));
            byte[] bytes = await File.ReadAllBytesAsync(file, Ct);
            ((Action)(() => new XgBoost().Load(bytes))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-2003");
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void IsSame(double[] here, double[] there)
    {
        here.Should().HaveCount(Rows);
        here.Distinct().Should().HaveCountGreaterThan(20, "a comparison of one number with itself would prove nothing");
        for (int i = 0; i < Rows; i++)
        {
            there[i].Should().BeApproximately(here[i], 1e-6, $"row {i}");
        }
    }

    // Missing values among them: each side must send them the same way.
    private static DenseRows SomeRows(int columns, bool missing = true)
    {
        Rng rng = Rng.From(11);
        float[] values = new float[Rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = missing && rng.NextInt(12) == 0 ? float.NaN : (float)(1.5 * rng.NextGaussian());
        }

        return new(values, Rows, columns);
    }

    private async Task<double[]> PythonAsync(string script, DenseRows rows)
    {
        string file = Path.Combine(folder, "rows.f32");
        await File.WriteAllBytesAsync(file, System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows.Values.AsSpan()).ToArray(), Ct);
        StringBuilder text = new();
        text.AppendLine("import numpy, xgboost").AppendLine("def print_all(numbers):").AppendLine("    for n in numbers: print(repr(float(n)))");
        text.AppendLine(CultureInfo.InvariantCulture, $"rows = numpy.fromfile({Quoted(file)}, dtype=numpy.float32).reshape({rows.Rows}, {rows.Columns})").Append(script);
        (int exit, string output, string error) = await RunAsync("-c", text.ToString());
        exit.Should().Be(0, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => double.Parse(l, CultureInfo.InvariantCulture))];
    }

    private static string Quoted(string path) => $"\"{path}\"";

    private static async Task NeedsPythonAsync() =>
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync("-c", "import xgboost")).Exit == 0, "python3-xgboost is not installed (./test.sh installs it).");

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(Ct);
        string output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, output, await error);
    }
}
