using System.Runtime.InteropServices;
using Lb.Kernel.Host;

namespace Lb.Kernel.Interop;

/// <summary>Turns what a native call returned into an exception that says what to do.</summary>
internal static class Failure
{
    private static readonly string NeedsPrivileges = $"Run as root, or give the process {NeededCapabilities}.";

    /// <summary>The capabilities that a node needs, as a list in a sentence.</summary>
    public static string NeededCapabilities => string.Join(", ", Capabilities.Needed.Select(c => c.Name()));

    /// <summary>Throws for a libbpf result below zero, which is a negated errno; returns it otherwise.</summary>
    public static int Check(int result, string call) => result >= 0 ? result : throw Of(call, (Errno)(-result));

    /// <summary>Throws for a libc result of -1, with the errno it left; returns it otherwise.</summary>
    public static int CheckErrno(int result, string call) => result >= 0 ? result : throw Last(call);

    /// <summary>The exception for the errno that the last call left.</summary>
    public static KernelException Last(string call) => Of(call, (Errno)Marshal.GetLastPInvokeError());

    /// <summary>The exception for a call that failed.</summary>
    public static KernelException Of(string call, Errno errno, string? mend = null, string? verifierLog = null) =>
        new(call, (int)errno, Name(errno), mend ?? Mend(errno), verifierLog);

    /// <summary>The errno's name, or its number when it has none here.</summary>
    public static string Name(Errno errno) => Enum.GetName(errno) ?? $"errno {(int)errno}";

    private static string? Mend(Errno errno) => errno switch
    {
        Errno.EPERM or Errno.EACCES => NeedsPrivileges,
        Errno.ENOMEM => "The kernel has no memory left for it: lower the map sizes under lb.kernel.",
        Errno.EMFILE => "Too many open files: raise the limit (ulimit -n).",
        Errno.ENOSYS => "The kernel lacks this call: Linux 5.12 or newer with CONFIG_BPF_SYSCALL is needed.",
        _ => null,
    };
}
