using System.Text;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;

namespace Sigmatiq.Fuzz.Targets;

/// <summary>Files of bars and of returns.</summary>
internal sealed class Csv : IFuzzTarget
{
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-fuzz-").FullName;

    public string Name => "csv";

    public IReadOnlyList<string> Corpus { get; } =
    [
        "ts,open,high,low,close,volume\n2024-03-08T14:30:00Z,100,102,99.5,101.5,1000\n2024-03-08T15:30:00Z,101.5,103,101,102.5,2000\n2024-03-08T16:30:00Z,102.5,102.75,101.5,102,1500\n",
        "Date;Close;VOLUME;open;High;low\n2024-03-07;101.5;1000;100;102;99.5\n2024-03-08;102.5;2000;101.5;103;101\n2024-03-11;102;1500;102.5;102.75;101.5\n",
        "symbol,time,open,high,low,close,volume,adj_factor\nSPY,1709908200,1,1,1,1,1,0.5\nSPY,1709911800,1,1,1,1,1,1\nQQQ,1709908200,2,2,2,2,2,\nQQQ,1709911800,2,2,2,2,2,1\n",
        "\"ts\",\"open\",\"high\",\"low\",\"close\",\"volume\"\n\"2024-11-03 01:30\",\"1\",\"1\",\"1\",\"1\",\"1\"\n\"2024-11-03 01:35\",\"1\",\"1\",\"1\",\"1\",\"1\"\n",
        "ts,return,benchmark\n2024-03-07,0.01,0.002\n2024-03-08,-0.02,\n2024-03-11,0.005,0.001\n",
    ];

    public IReadOnlyList<string> Words { get; } =
        ["ts", "date", "time", "open", "high", "low", "close", "volume", "symbol", "adj_factor", "return", "benchmark", "2024-03-08", "2024-03-08T14:30:00Z", "1709908200", "null", "NaN", "SPY", ",", ";", "\"\""];

    public bool Read(string text)
    {
        string path = Path.Combine(folder, "fuzz.csv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        if (text.Contains("return", StringComparison.Ordinal))
        {
            ReturnsFile.Read(path, TimeZoneInfo.Utc, CancellationToken.None);
            return true;
        }

        QualityWaiver[] all = [.. QualityRule.All.Where(r => r.IsBroken).Select(r => QualityWaiver.Of(r.Name, "fuzz"))];
        BarFile.ReadOne(path, new BarFileOptions { Symbol = text.Contains("SPY", StringComparison.Ordinal) ? Symbol.Parse("SPY") : null }, CancellationToken.None, all);
        return true;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
