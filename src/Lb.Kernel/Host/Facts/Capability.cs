namespace Lb.Kernel.Host;

/// <summary>Capabilities that matter here; the values are the kernel's.</summary>
public enum Capability
{
    /// <summary>Ports below 1024.</summary>
    NetBindService = 10,

    /// <summary>Interfaces, neighbours, XDP.</summary>
    NetAdmin = 12,

    /// <summary>Frames of one's own making.</summary>
    NetRaw = 13,

    /// <summary>BPF objects by their ids, mounts; stands for <see cref="Bpf"/> and <see cref="Perfmon"/> too.</summary>
    SysAdmin = 21,

    /// <summary>Programs that compare and keep pointers, as those that look into packets do.</summary>
    Perfmon = 38,

    /// <summary>BPF maps and programs.</summary>
    Bpf = 39,
}

/// <summary>Which capabilities a node needs.</summary>
public static class Capabilities
{
    /// <summary>What a node cannot do without, in the order in which it is named to people.</summary>
    public static IReadOnlyList<Capability> Needed { get; } = [Capability.Bpf, Capability.NetAdmin, Capability.Perfmon];

    /// <summary>Those that a node needs and that are not among these.</summary>
    /// <param name="effective">Capabilities in force, a bit each.</param>
    public static IReadOnlyList<Capability> MissingFrom(ulong effective) =>
        [.. Needed.Where(needed => !needed.IsIn(effective))];

    /// <summary>Whether a capability is among these, by itself or by one that stands for it.</summary>
    /// <param name="capability">The capability.</param>
    /// <param name="effective">Capabilities in force, a bit each.</param>
    public static bool IsIn(this Capability capability, ulong effective) =>
        HasBit(effective, capability)
        || (capability is Capability.Bpf or Capability.Perfmon && HasBit(effective, Capability.SysAdmin));

    /// <summary>Its name as the kernel's manual has it.</summary>
    /// <param name="capability">The capability.</param>
    public static string Name(this Capability capability) => capability switch
    {
        Capability.NetBindService => "CAP_NET_BIND_SERVICE",
        Capability.NetAdmin => "CAP_NET_ADMIN",
        Capability.NetRaw => "CAP_NET_RAW",
        Capability.SysAdmin => "CAP_SYS_ADMIN",
        Capability.Perfmon => "CAP_PERFMON",
        Capability.Bpf => "CAP_BPF",
        _ => $"capability {(int)capability}",
    };

    private static bool HasBit(ulong effective, Capability capability) => (effective & (1UL << (int)capability)) != 0;
}
