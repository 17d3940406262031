using System.Globalization;

namespace Lb.Testing;

/// <summary>What this process may do, for tests that need the real kernel.</summary>
public static class Privileges
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    /// <summary>Why a test that needs root, BPF and network namespaces cannot run; null when it can.</summary>
    public static string? WhyNotRoot { get; } = FindWhyNotRoot();

    /// <summary>A missing privilege is a failure, not a skip: set in CI by <c>LB_NO_SKIP=1</c>.</summary>
    public static bool SkipsAreFailures { get; } = Environment.GetEnvironmentVariable("LB_NO_SKIP") == "1";

    private static string? FindWhyNotRoot()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Needs Linux.";
        }

        ulong effective = EffectiveCapabilities();
        return Has(effective, NetAdmin) && Has(effective, SysAdmin)
            ? null
            : "Needs root, or CAP_NET_ADMIN and CAP_SYS_ADMIN, for BPF programs and network namespaces.";
    }

    private static bool Has(ulong capabilities, int capability) => (capabilities & (1UL << capability)) != 0;

    private static ulong EffectiveCapabilities()
    {
        const string Label = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Label, StringComparison.Ordinal));
        return ulong.Parse(line[Label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
