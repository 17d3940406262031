using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>What moves the bytes of a service's TCP connections.</summary>
public enum RelayTransfer : byte
{
    /// <summary>The loop: read, write, and splice for bulk.</summary>
    Loop,

    /// <summary>The kernel, by a program on the sockets, once a connection has been asked and answered.</summary>
    Sockmap,
}

/// <summary>Why a connection stays with the loop though its service is to be carried by the kernel.</summary>
public enum RelayFallback : byte
{
    /// <summary>A side had ended already.</summary>
    HalfClosed,

    /// <summary>The thread that has it carries as many in the kernel as it can.</summary>
    NoRoom,

    /// <summary>A peer has sent urgent bytes.</summary>
    Urgent,

    /// <summary>The kernel does not take its sockets.</summary>
    Refused,
}

/// <summary>What the kernel has to do with a service whose <see cref="RelaySettings.Transfer"/> is sockmap.</summary>
/// <param name="Now">Connections that the kernel carries now.</param>
/// <param name="Moved">Those that it was given, since the relay was made.</param>
/// <param name="TakenBack">Those of them that went back to the loop, because one side took less than the other sent.</param>
/// <param name="Bytes">What the kernel has moved, both ways.</param>
public sealed record RelaySockmapReport(long Now, long Moved, long TakenBack, long Bytes)
{
    /// <summary>Connections that stayed with the loop, by reason; one without any is not there.</summary>
    public ImmutableSortedDictionary<RelayFallback, long> Fallbacks { get; init; } =
        ImmutableSortedDictionary<RelayFallback, long>.Empty;

    /// <summary>Why the kernel carries none at all; null when it can.</summary>
    public string? Fault { get; init; }
}
