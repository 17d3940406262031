namespace Lb.Kernel;

/// <summary>How XDP is attached.</summary>
public enum AttachMode
{
    /// <summary>In the driver; generic where the driver cannot.</summary>
    Auto,

    /// <summary>In the driver, or not at all.</summary>
    Native,

    /// <summary>Generic: in the stack, for any interface.</summary>
    Generic,
}

/// <summary>What a node asks of the kernel.</summary>
public sealed record DatapathOptions
{
    /// <summary>Name of the site: lower-case letters, digits and hyphens.</summary>
    public required string Site { get; init; }

    /// <summary>The interfaces that packets are taken from.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>How XDP is attached to them.</summary>
    public AttachMode Attach { get; init; } = AttachMode.Auto;

    /// <summary>Where the BPF file system is, or is to be mounted.</summary>
    public string BpfFs { get; init; } = "/sys/fs/bpf";

    /// <summary>Where the lock is that keeps a site to one process.</summary>
    public string RunDirectory { get; init; } = "/run/lb";

    /// <summary>
    /// The process before this one relays until its sockets are taken over: what leads packets to them is left as it is
    /// found.
    /// </summary>
    public bool Follows { get; init; }

    /// <summary>Sizes of the maps.</summary>
    public MapSizes Sizes { get; init; } = new();

    /// <summary>Flow entries that a CPU may create in a second.</summary>
    public int InsertRate { get; init; } = 20_000;

    /// <summary>CPUs that packets of services are spread over from the start.</summary>
    public SpreadWish Spread { get; init; } = SpreadWish.None;

    /// <summary>Packets of relayed services are not seen by connection tracking.</summary>
    public bool BypassConntrack { get; init; }
}
