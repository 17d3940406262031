using System.Net;

namespace Lb.Kernel;

/// <summary>A five-tuple as the client's packets carry it; ports in host byte order.</summary>
/// <param name="Source">The client.</param>
/// <param name="SourcePort">The client's port.</param>
/// <param name="Vip">The service's address.</param>
/// <param name="VipPort">The service's port.</param>
/// <param name="Protocol">Transport protocol.</param>
public readonly record struct Flow(
    IPAddress Source, ushort SourcePort, IPAddress Vip, ushort VipPort, TransportProtocol Protocol);

/// <summary>A tracked flow.</summary>
/// <param name="Flow">The five-tuple.</param>
/// <param name="Backend">Backend index.</param>
/// <param name="Service">Service id.</param>
/// <param name="Slot">Its slot in the service's table.</param>
/// <param name="Idle">Time since its last packet, to about a second.</param>
/// <param name="Pending">Only its SYN was seen; with full-nat: not both ends have a part in it yet.</param>
public readonly record struct FlowRecord(
    Flow Flow, uint Backend, uint Service, uint Slot, TimeSpan Idle, bool Pending)
{
    /// <summary>Address and port of the node that its backend sees; null but for full-nat.</summary>
    public IPEndPoint? SentFrom { get; init; }

    /// <summary>With full-nat, what TCP has said of it: a SYN on one that is over begins another flow.</summary>
    public FullNatState End { get; init; }
}
