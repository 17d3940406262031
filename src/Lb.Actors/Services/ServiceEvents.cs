using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What can be asked of a service's state.</summary>
public abstract record ServiceCommand
{
    private ServiceCommand()
    {
    }

    /// <summary>Takes over the backends that the kernel has. Only a service without members does.</summary>
    /// <param name="Backends">The kernel's backends, with the ids of its slots.</param>
    public sealed record Adopt(ImmutableArray<DesiredBackend> Backends) : ServiceCommand;

    /// <summary>Takes a new config of the same VIP.</summary>
    /// <param name="Config">The config.</param>
    public sealed record Configure(ServiceConfig Config) : ServiceCommand;

    /// <summary>Notes the verdict of a backend's probes.</summary>
    /// <param name="Socket">The backend.</param>
    /// <param name="Verdict">The verdict.</param>
    /// <param name="Step">The step of <see cref="SlowStart"/> that it is in; 0 for its whole weight.</param>
    public sealed record Judge(Endpoint Socket, HealthVerdict Verdict, byte Step = 0) : ServiceCommand;

    /// <summary>Says which of those that drain have had their time; others have not, or have more again.</summary>
    /// <param name="Over">Those.</param>
    public sealed record EndDrains(ImmutableHashSet<Endpoint> Over) : ServiceCommand;

    /// <summary>Forgets a leftover: no slot and no flow names it any more.</summary>
    /// <param name="Socket">The backend.</param>
    public sealed record Forget(Endpoint Socket) : ServiceCommand;
}

/// <summary>What happened to a service.</summary>
public abstract record ServiceEvent
{
    private ServiceEvent()
    {
    }

    /// <summary>Another config holds.</summary>
    /// <param name="Config">The config.</param>
    public sealed record Configured(ServiceConfig Config) : ServiceEvent;

    /// <summary>A backend joined the pool.</summary>
    /// <param name="Member">The backend.</param>
    public sealed record MemberAdded(PoolMember Member) : ServiceEvent;

    /// <summary>A backend has another name, weight, wish of the operator, or verdict.</summary>
    /// <param name="Before">The backend as it was.</param>
    /// <param name="After">The backend as it is.</param>
    public sealed record MemberChanged(PoolMember Before, PoolMember After) : ServiceEvent;

    /// <summary>A leftover is forgotten.</summary>
    /// <param name="Member">The backend.</param>
    public sealed record MemberForgotten(PoolMember Member) : ServiceEvent;
}
