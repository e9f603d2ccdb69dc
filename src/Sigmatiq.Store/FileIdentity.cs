using System.Runtime.InteropServices;

namespace Sigmatiq.Store;

/// <summary>Which file a path means, whatever it is called: relative or absolute, through links of files and folders, or by another of its names.</summary>
public static partial class FileIdentity
{
    private const int AtCurrentFolder = -100;
    private const uint WantsType = 0x1, WantsInode = 0x100;
    private const int TypeBits = 0xF000, RegularFile = 0x8000;

    /// <summary>The path as an absolute one without links. What does not exist yet keeps its name.</summary>
    /// <exception cref="IOException">Links that lead in a circle, or a folder that cannot be looked into.</exception>
    public static string RealPath(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }

        string here = Path.Combine(RealPath(folder), Path.GetFileName(full));
        return new FileInfo(here).LinkTarget is null ? here : RealPath(File.ResolveLinkTarget(here, returnFinalTarget: true)!.FullName);
    }

    /// <summary>Whether two paths mean one file. A second name of a file (a hard link) is seen on Linux; elsewhere the names count.</summary>
    public static bool AreOne(string one, string other) =>
        string.Equals(RealPath(one), RealPath(other), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
        || (InodeOf(one) is { } inode && inode == InodeOf(other));

    /// <summary>Whether a file lies in a folder or below it.</summary>
    public static bool IsIn(string file, string folder) =>
        RealPath(file).StartsWith(RealPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Whether what a path means is no file but a device or a pipe, such as <c>/dev/null</c>. Seen on Linux.</summary>
    public static bool IsDevice(string path) => FactsOf(path) is { } facts && (facts.Mode & TypeBits) != RegularFile;

    private static (uint Major, uint Minor, ulong Inode)? InodeOf(string path) => FactsOf(path) is { } facts ? (facts.DeviceMajor, facts.DeviceMinor, facts.Inode) : null;

    private static FileFacts? FactsOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return Statx(AtCurrentFolder, Path.GetFullPath(path), 0, WantsType | WantsInode, out FileFacts facts) == 0 ? facts : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018: names are all there is to compare.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileFacts facts);

    // struct statx of linux/stat.h, the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileFacts
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
