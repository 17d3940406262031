using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A service that nodes vote on.</summary>
/// <param name="name">Name.</param>
/// <param name="hash">Number that nodes know it by.</param>
internal sealed class VotedService(string name, ulong hash)
{
    public string Name => name;

    public ulong Hash => hash;

    public Dictionary<ulong, VotedBackend> Backends { get; } = [];

    /// <summary>Within how many ticks probes find out that a backend is up.</summary>
    public long Rise { get; set; }

    /// <summary>How long a backend that comes up takes to have its whole weight; zero: it has it at once.</summary>
    public TimeSpan SlowStart { get; set; }

    /// <summary>This node decides.</summary>
    public bool IsOwned { get; set; }

    /// <summary>Stamp of its last word, while it decides.</summary>
    public VoteStamp Last { get; set; }

    /// <summary>Since when a word of somebody else counts more than this node's own, which decides; null while none does.</summary>
    public long? ContestedSince { get; set; }

    /// <summary>The highest stamp met.</summary>
    public VoteStamp Highest => Backends.Values.Select(backend => backend.Stamp).Append(Last).Max();
}

/// <summary>A backend that nodes vote on.</summary>
/// <param name="socket">The backend.</param>
internal sealed class VotedBackend(Endpoint socket)
{
    public Endpoint Socket => socket;

    public ulong Hash { get; } = VoteHash.Of(socket);

    /// <summary>This node probes it.</summary>
    public bool IsProbed { get; set; }

    /// <summary>What its probes say.</summary>
    public HealthVerdict Seen { get; set; }

    /// <summary>What is agreed.</summary>
    public HealthVerdict Held { get; set; }

    /// <summary>The step of <see cref="SlowStart"/> that is agreed.</summary>
    public byte Step { get; set; }

    /// <summary>Since when, by this node's clock: each counts for itself, in case it comes to decide.</summary>
    public long StepSince { get; set; }

    /// <summary>It was there when its service began.</summary>
    public bool IsInitial { get; init; }

    /// <summary>The step that the service goes by.</summary>
    public byte ToldStep { get; set; }

    /// <summary>By which word.</summary>
    public VoteStamp Stamp { get; set; }

    /// <summary>What the service goes by.</summary>
    public HealthVerdict Told { get; set; }

    /// <summary>Since when this node alone sees it down; null while it does not.</summary>
    public long? AloneSince { get; set; }

    /// <summary>That is said.</summary>
    public bool HasPathFault { get; set; }
}
