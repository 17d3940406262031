using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A flow entry as nodes tell each other of it, by what is equal on all of them.</summary>
/// <param name="Service">The service, as <see cref="VoteHash"/> numbers it.</param>
/// <param name="Backend">The backend, as <see cref="VoteHash"/> numbers it.</param>
/// <param name="Client">The client's address.</param>
/// <param name="Port">The client's port.</param>
/// <param name="Idle">Time since its last packet, as far as the teller knows.</param>
/// <param name="Opened">Its SYN was seen: the entry counts more than one that follows from the slot alone.</param>
internal readonly record struct SharedFlow(
    ulong Service, ulong Backend, IPAddress Client, ushort Port, TimeSpan Idle, bool Opened)
{
    /// <summary>The address that the client has asked for, of a service that has more than one or more ports; null else.</summary>
    public IPAddress? Vip { get; init; }

    /// <summary>The port that it has asked for, where there is that address.</summary>
    public ushort VipPort { get; init; }

    /// <summary>The five-tuple, of a service; null when the service has not what the client has asked for.</summary>
    public Flow? Of(Endpoint vip)
    {
        Flow flow = new(Client, Port, Vip ?? vip.Address, Vip is null ? vip.Port : VipPort, vip.Protocol);
        return vip.IsRange == Vip is not null && vip.Covers(flow.Vip, flow.VipPort, flow.Protocol) ? flow : null;
    }

    /// <summary>With what the client has asked for, where the service does not say it.</summary>
    public SharedFlow Asking(Flow flow, Endpoint vip) =>
        vip.IsRange ? this with { Vip = flow.Vip, VipPort = flow.VipPort } : this;
}
