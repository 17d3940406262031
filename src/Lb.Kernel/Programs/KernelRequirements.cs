using System.Globalization;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Programs;

/// <summary>What this process and this kernel must have; each that is missing is one sentence with its mend.</summary>
internal static class KernelRequirements
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    /// <summary>The first with bpf_ktime_get_coarse_ns, which the programs call.</summary>
    public static Version Oldest { get; } = new(5, 11);

    /// <summary>Throws for the first thing that is missing.</summary>
    public static void Check()
    {
        CheckVersion(Environment.OSVersion.Version);
        CheckCapabilities(EffectiveCapabilities());
        CheckLibrary();
        CheckInnerMaps();
    }

    /// <summary>Throws when the kernel is too old.</summary>
    public static void CheckVersion(Version kernel)
    {
        if (kernel < Oldest)
        {
            throw new KernelException(
                $"This kernel is Linux {kernel.Major}.{kernel.Minor}, which lacks calls that the XDP program makes.",
                $"Linux {Oldest} or newer is needed.");
        }
    }

    /// <summary>Throws when a capability is missing.</summary>
    public static void CheckCapabilities(ulong effective)
    {
        // CAP_BPF is not enough: tables are opened by their ids, which the kernel allows with CAP_SYS_ADMIN only.
        if (!Has(effective, SysAdmin) || !Has(effective, NetAdmin))
        {
            throw new KernelException(
                "This process may not load XDP programs and open their maps.",
                "Run it as root, or give it CAP_SYS_ADMIN and CAP_NET_ADMIN; CAP_BPF is not enough.");
        }
    }

    private static void CheckLibrary()
    {
        if (!NativeLibrary.TryLoad("libbpf.so.1", out nint library))
        {
            throw new KernelException(
                "The library libbpf.so.1 was not found.", "Install it: on Debian, apt-get install libbpf1.");
        }

        NativeLibrary.Free(library);
    }

    private static void CheckInnerMaps()
    {
        try
        {
            SlotArray.Create(1).Dispose();
        }
        catch (KernelException e) when (e.Errno == (int)Errno.EINVAL)
        {
            throw new KernelException(
                "This kernel cannot make arrays that are both inner maps and mappable.",
                $"Linux {Oldest} or newer is needed.");
        }
    }

    private static bool Has(ulong capabilities, int capability) => (capabilities & (1UL << capability)) != 0;

    /// <summary>The capabilities that this process has in force, a bit each.</summary>
    public static ulong EffectiveCapabilities()
    {
        const string Label = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Label, StringComparison.Ordinal));
        return ulong.Parse(line[Label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
