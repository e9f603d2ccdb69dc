using System.Diagnostics;
using System.Globalization;

namespace Sigmatiq.Tests;

/// <summary>A real file system of a few megabytes, which a test can fill. Needs the right to mount, which a container's root has.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("sigmatiq-disk-").FullName;

    private SmallDisk() { }

    /// <summary>Where it is mounted.</summary>
    public string Path => root;

    private string Filler => System.IO.Path.Combine(root, "filler");

    /// <summary>Mounts one; without the right to, the test is skipped by name, which <c>./test.sh</c> counts.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        SmallDisk disk = new();
        int exit = Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "sigmatiq", disk.root);
        if (exit != 0)
        {
            Directory.Delete(disk.root);
            Assert.Skip("needs the right to mount a small disk");
        }

        return disk;
    }

    /// <summary>Fills it up to the last bytes.</summary>
    /// <param name="leave">Bytes to leave free.</param>
    public void Fill(long leave = 0)
    {
        using FileStream file = new(Filler, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0) { Position = File.Exists(Filler) ? new FileInfo(Filler).Length : 0 };
        byte[] block = new byte[4096];
        try
        {
            while (new DriveInfo(root).AvailableFreeSpace > leave)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Clear() => File.Delete(Filler);

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "-l", root);
        Directory.Delete(root);
    }

    private static int Run(string program, params string[] args)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
