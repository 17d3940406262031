using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What is to be done after something has happened.</summary>
internal abstract record VoteEffect
{
    /// <summary>Says something to another node.</summary>
    internal sealed record Send(string To, VoteMessage Message) : VoteEffect;

    /// <summary>This node probes these backends of a service, and no others.</summary>
    internal sealed record Probe(string Service, ImmutableHashSet<Endpoint> Backends) : VoteEffect;

    /// <summary>The nodes have agreed on a backend.</summary>
    internal sealed record Judge(string Service, Endpoint Backend, HealthVerdict Verdict, byte Step) : VoteEffect;

    /// <summary>This node decides on a service from now on.</summary>
    internal sealed record Own(string Service, VoteStamp Term) : VoteEffect;

    /// <summary>
    /// This node's table is another than most nodes have: it is to be made anew from what is configured and agreed. What is
    /// configured is to be read again when that is what differs.
    /// </summary>
    internal sealed record Repair(string Service, bool LacksConfig) : VoteEffect;

    /// <summary>That did not help, or has helped.</summary>
    internal sealed record Apart(string Service, bool Begins) : VoteEffect;

    /// <summary>This node does not reach a backend that others reach, or does so again.</summary>
    internal sealed record PathFault(string Service, Endpoint Backend, bool Begins) : VoteEffect;
}
