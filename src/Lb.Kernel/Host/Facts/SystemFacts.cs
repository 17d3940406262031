using System.Collections.Immutable;

namespace Lb.Kernel.Host;

/// <summary>The machine.</summary>
public sealed record SystemFacts
{
    /// <summary>Version of the kernel.</summary>
    public required Version Kernel { get; init; }

    /// <summary>CPUs that are online.</summary>
    public required int Cpus { get; init; }

    /// <summary>Which ones they are.</summary>
    public ImmutableSortedSet<int> Online { get; init; } = [];

    /// <summary>Bytes of a page: a frame that XDP sees has to fit into one.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Bytes that can still be had: of the machine, or of the control group where that has less.</summary>
    public long? AvailableMemory { get; init; }

    /// <summary>What the kernel's clock ticks by.</summary>
    public string? ClockSource { get; init; }

    /// <summary>Whether something keeps the clock right.</summary>
    public bool? ClockSynchronised { get; init; }
}

/// <summary>The process that looks.</summary>
public sealed record ProcessFacts
{
    /// <summary>Its id.</summary>
    public required int Id { get; init; }

    /// <summary>Capabilities in force, a bit each.</summary>
    public required ulong Capabilities { get; init; }

    /// <summary>Files that it may have open.</summary>
    public ulong? OpenFiles { get; init; }

    /// <summary>Bytes that it may lock in memory.</summary>
    public ulong? LockedMemory { get; init; }

    /// <summary>Whether a capability is in force.</summary>
    public bool Has(Capability capability) => capability.IsIn(Capabilities);
}
