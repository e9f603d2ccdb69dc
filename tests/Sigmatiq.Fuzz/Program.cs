using System.Globalization;
using System.Text.Json;
using Sigmatiq.Fuzz;

// fuzz [--target NAME|all] [--inputs N] [--seed N] [--from I]: prints one line of JSON a target; exit 1 where there is a finding.
Dictionary<string, string> options = [];
for (int i = 0; i + 1 < args.Length; i += 2)
{
    options[args[i]] = args[i + 1];
}

string wanted = options.GetValueOrDefault("--target", "all");
if (args.Length % 2 != 0 || options.Keys.Except(["--target", "--inputs", "--seed", "--from"]).Any() || (wanted != "all" && !FuzzTargets.Names.Contains(wanted))
    || !TryNumber("--inputs", 10_000, out int inputs) || !TryNumber("--seed", 1, out int seed) || !TryNumber("--from", 0, out int from))
{
    Console.Error.WriteLine($"fuzz [--target {string.Join('|', FuzzTargets.Names)}|all] [--inputs N] [--seed N] [--from I]");
    return 2;
}

int findings = 0;
foreach (string name in FuzzTargets.Names.Where(n => wanted == "all" || n == wanted))
{
    using IFuzzTarget target = FuzzTargets.Open(name);
    FuzzReport report = FuzzRun.Over(target, seed, from, inputs, i =>
    {
        if (i % 10_000 == 0 && i > from)
        {
            Console.Error.WriteLine($"{name}: {i} …");
        }
    });
    Console.WriteLine(JsonSerializer.Serialize(new { target = name, seed, inputs, taken = report.Taken, refused = report.Refused, codes = report.Codes, findings = report.Findings.Count }));
    foreach (string finding in report.Findings)
    {
        Console.Error.WriteLine(finding);
    }

    findings += report.Findings.Count;
}

return findings == 0 ? 0 : 1;

bool TryNumber(string option, int otherwise, out int number)
{
    number = otherwise;
    return !options.TryGetValue(option, out string? text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
