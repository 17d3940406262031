using System.Runtime.InteropServices;

namespace Lb.Testing;

/// <summary>The CPU that a thread runs on, for tests of what the kernel keeps for each.</summary>
public static partial class Cpu
{
    /// <summary>Bytes of a set of 1,024 CPUs.</summary>
    private const int SetSize = 128;

    /// <summary>The CPU that the calling thread is on.</summary>
    public static int Here => Current();

    /// <summary>Keeps the calling thread on the CPU where it is.</summary>
    public static void Stay() => Stay(Current());

    /// <summary>Keeps the calling thread on a CPU, from 0.</summary>
    public static void Stay(int cpu)
    {
        byte[] set = new byte[SetSize];
        set[cpu / 8] = (byte)(1 << (cpu % 8));
        if (SetAffinity(0, SetSize, set) != 0)
        {
            throw new InvalidOperationException(
                $"sched_setaffinity: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Current();

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint size, byte[] set);
}
