using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>A service while it is checked: what was wrong by itself is null.</summary>
internal sealed class ServiceDraft
{
    public ServiceDraft(Element element)
    {
        Name = element.Name;
        Values = element.Values;
        Backends = [.. element.Values.Get(ServiceKeys.Backends).Select(b => new BackendDraft(this, b))];
    }

    public string Name { get; }

    public SectionValues Values { get; }

    public SectionValues Health => Values.Get(ServiceKeys.Health);

    public ImmutableArray<BackendDraft> Backends { get; }

    /// <summary>Its address, of a prefix the first one.</summary>
    public Located<IPAddress>? Vip => Network is { } vip
        ? new Located<IPAddress>(vip.Value.BaseAddress, vip.Origin, vip.Key)
        : null;

    /// <summary>Its addresses.</summary>
    public Located<IPNetwork>? Network => Values.Find(ServiceKeys.Vip);

    public Located<PortRange>? Ports => Values.Find(ServiceKeys.Port);

    /// <summary>The port of backends without their own: the service's, or 0 where each client says it.</summary>
    public Located<long>? PortOfBackends => Ports is { } ports
        ? new Located<long>(ports.Value.First == ports.Value.Last ? ports.Value.First : 0, ports.Origin, ports.Key)
        : null;

    public TransportProtocol? Protocol => Values.Find(ServiceKeys.Protocol)?.Value;

    public ForwardingMode? Mode => Values.Find(ServiceKeys.Mode)?.Value;

    /// <summary>What clients connect to; null while a part of it is wrong.</summary>
    public Endpoint? Endpoint => Network is { } network && Ports is { Value: var ports } && Protocol is { } protocol
        ? Kernel.Endpoint.Of(network.Value, ports.First, ports.Last, protocol)
        : null;

    /// <summary>Whether an address is its VIP, or one of them.</summary>
    public bool Has(IPAddress? address) => address is not null && Network is { } network && network.Value.Contains(address);
}

/// <summary>A backend while it is checked.</summary>
internal sealed class BackendDraft(ServiceDraft service, Element element)
{
    public ServiceDraft Service => service;

    public string Name => element.Name;

    public SectionValues Values => element.Values;

    public Located<IPAddress>? Address => Values.Find(BackendKeys.Address);

    /// <summary>Its own port, or the service's; 0 where it has the one that a client asks for.</summary>
    public Located<long>? Port => Values.Find(BackendKeys.Port) ?? service.PortOfBackends;

    /// <summary>Its own weight, or the service's; null while it is wrong.</summary>
    public long? Weight => (Values.Find(BackendKeys.Weight) ?? service.Values.Find(ServiceKeys.Weight))?.Value;

    /// <summary>Where its packets go; null while a part of it is wrong.</summary>
    public Endpoint? Endpoint => Address is { } address && Port is { } port && service.Protocol is { } protocol
        ? new Endpoint(address.Value, (ushort)port.Value, protocol)
        : null;
}
