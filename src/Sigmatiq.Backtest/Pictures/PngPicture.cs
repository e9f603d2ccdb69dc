using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Sigmatiq.Backtest.Pictures;

/// <summary>Turns an SVG into a PNG by <c>rsvg-convert</c>, where that is installed.</summary>
public static class PngPicture
{
    private const int TimeoutMs = 20_000;

    /// <summary>The PNG's bytes; null where <c>rsvg-convert</c> is missing or refuses: a picture is never worth a failed run.</summary>
    public static byte[]? FromSvg(string svg)
    {
        // It reads standard input when it is given no file; a dash would be taken for a name.
        var start = new ProcessStartInfo("rsvg-convert") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("--format=png");
        try
        {
            using Process process = Process.Start(start)!;
            _ = process.StandardError.ReadToEndAsync();
            Task feeding = Task.Run(() =>
            {
                using Stream input = process.StandardInput.BaseStream;
                input.Write(Encoding.UTF8.GetBytes(svg));
            });
            using MemoryStream png = new();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(png);
            if (!Task.WaitAll([feeding, reading], TimeoutMs) || !process.WaitForExit(TimeoutMs))
            {
                process.Kill();
                return null;
            }

            return process.ExitCode == 0 && png.Length > 0 ? png.ToArray() : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or AggregateException)
        {
            return null;
        }
    }
}
