using System.Globalization;
using System.Runtime.InteropServices;
using Lb.Kernel.Host;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Programs;

/// <summary>What this process and this kernel must have; each that is missing is one sentence with its mend.</summary>
internal static class KernelRequirements
{
    /// <summary>The first with bpf_check_mtu, which the programs call.</summary>
    public static Version Oldest { get; } = new(5, 12);

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
        IReadOnlyList<Capability> missing = Capabilities.MissingFrom(effective);
        if (missing.Count > 0)
        {
            throw new KernelException(
                $"This process runs without {string.Join(" and ", missing.Select(c => c.Name()))}: the kernel would "
                + "refuse it the XDP program, its maps or its place on an interface.",
                $"Run it as root, or give it {Failure.NeededCapabilities}, as the systemd unit does.");
        }
    }

    /// <summary>Throws when the library is not installed.</summary>
    public static void CheckLibrary()
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

    /// <summary>The capabilities that this process has in force, a bit each.</summary>
    public static ulong EffectiveCapabilities()
    {
        const string Label = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Label, StringComparison.Ordinal));
        return ulong.Parse(line[Label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
