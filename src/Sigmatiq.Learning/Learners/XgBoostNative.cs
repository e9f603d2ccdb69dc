using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Learners;

/// <summary>The calls of XGBoost's C API that we make (xgboost/c_api.h, 1.7), each checked.</summary>
internal static unsafe partial class XgBoostNative
{
    public const string Library = "libxgboost.so.0";

    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Loads the library once, quietly and with patient threads.</summary>
    /// <exception cref="ProblemException">TRN-2001: the library is not there.</exception>
    public static void EnsureLoaded(string library = Library)
    {
        lock (Gate)
        {
            if (loaded && library == Library)
            {
                return;
            }

            // Idle OpenMP threads spin and steal the other core. libgomp reads the variable when it is loaded, from the C
            // environment, which Environment.SetEnvironmentVariable does not reach.
            if (OperatingSystem.IsLinux())
            {
                _ = SetEnv("OMP_WAIT_POLICY", "PASSIVE", 0);
            }

            if (!NativeLibrary.TryLoad(library, out _))
            {
                throw new ProblemException("TRN-2001", $"The XGBoost library {library} is not on this machine.", "learner",
                    "Install it: apt-get install libxgboost0 (./sigmatiq up does so). It exists for Linux only.");
            }

            Check(SetGlobalConfig("""{"verbosity":0}"""), "set global config");
            loaded = true;
        }
    }

    /// <summary>Turns a return code into the library's own words.</summary>
    /// <exception cref="ProblemException">TRN-2002.</exception>
    public static void Check(int code, string doing)
    {
        if (code != 0)
        {
            string words = Marshal.PtrToStringUTF8(GetLastError()) ?? "no message";
            throw new ProblemException("TRN-2002", $"XGBoost could not {doing}: {words.Split('\n')[0]}", "learner",
                "Check the training rows and hyperparameters; the message is the library's own.");
        }
    }

    /// <summary>The JSON by which the library finds a block of floats; the block must stay pinned during the call.</summary>
    public static string ArrayInterface(float* values, int rows, int columns) =>
        $$"""{"data":[{{(ulong)values}},true],"shape":[{{rows}},{{columns}}],"typestr":"<f4","version":3}""";

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport(Library, EntryPoint = "XGBGetLastError")]
    private static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "XGBSetGlobalConfig", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetGlobalConfig(string json);

    [LibraryImport(Library, EntryPoint = "XGDMatrixCreateFromDense", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MatrixFromDense(string data, string config, out nint matrix);

    [LibraryImport(Library, EntryPoint = "XGDMatrixSetFloatInfo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MatrixSetFloats(MatrixHandle matrix, string field, float* values, ulong length);

    [LibraryImport(Library, EntryPoint = "XGDMatrixFree")]
    public static partial int MatrixFree(nint matrix);

    [LibraryImport(Library, EntryPoint = "XGBoosterCreate")]
    public static partial int BoosterCreate(nint* matrices, ulong count, out nint booster);

    [LibraryImport(Library, EntryPoint = "XGBoosterFree")]
    public static partial int BoosterFree(nint booster);

    [LibraryImport(Library, EntryPoint = "XGBoosterSetParam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterSet(BoosterHandle booster, string name, string value);

    [LibraryImport(Library, EntryPoint = "XGBoosterUpdateOneIter")]
    public static partial int BoosterUpdate(BoosterHandle booster, int iteration, MatrixHandle matrix);

    [LibraryImport(Library, EntryPoint = "XGBoosterGetNumFeature")]
    public static partial int BoosterColumns(BoosterHandle booster, out ulong columns);

    [LibraryImport(Library, EntryPoint = "XGBoosterPredictFromDense", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterPredict(
        BoosterHandle booster, string values, string config, nint noMatrix, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Library, EntryPoint = "XGBoosterFeatureScore", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterFeatureScore(
        BoosterHandle booster, string config, out ulong count, out nint* names, out ulong dimensions, out ulong* shape, out float* scores);

    [LibraryImport(Library, EntryPoint = "XGBoosterSaveModelToBuffer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterSave(BoosterHandle booster, string config, out ulong length, out byte* bytes);

    [LibraryImport(Library, EntryPoint = "XGBoosterLoadModelFromBuffer")]
    public static partial int BoosterLoad(BoosterHandle booster, byte* bytes, ulong length);

    /// <summary>A DMatrix of the library.</summary>
    public sealed class MatrixHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        public MatrixHandle(nint matrix) : base(ownsHandle: true) => SetHandle(matrix);

        /// <inheritdoc/>
        protected override bool ReleaseHandle() => MatrixFree(handle) == 0;
    }

    /// <summary>A booster of the library.</summary>
    public sealed class BoosterHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        public BoosterHandle(nint booster) : base(ownsHandle: true) => SetHandle(booster);

        /// <inheritdoc/>
        protected override bool ReleaseHandle() => BoosterFree(handle) == 0;
    }
}
