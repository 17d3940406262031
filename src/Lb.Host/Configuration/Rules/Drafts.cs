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

    public Located<IPAddress>? Vip => Values.Find(ServiceKeys.Vip);

    public Located<long>? Port => Values.Find(ServiceKeys.Port);

    public TransportProtocol? Protocol => Values.Find(ServiceKeys.Protocol)?.Value;

    public ForwardingMode? Mode => Values.Find(ServiceKeys.Mode)?.Value;

    /// <summary>What clients connect to; null while a part of it is wrong.</summary>
    public Endpoint? Endpoint => Vip is { } vip && Port is { } port && Protocol is { } protocol
        ? new Endpoint(vip.Value, (ushort)port.Value, protocol)
        : null;
}

/// <summary>A backend while it is checked.</summary>
internal sealed class BackendDraft(ServiceDraft service, Element element)
{
    public ServiceDraft Service => service;

    public string Name => element.Name;

    public SectionValues Values => element.Values;

    public Located<IPAddress>? Address => Values.Find(BackendKeys.Address);

    /// <summary>Its own port, or the service's.</summary>
    public Located<long>? Port => Values.Find(BackendKeys.Port) ?? service.Port;

    /// <summary>Its own weight, or the service's; null while it is wrong.</summary>
    public long? Weight => (Values.Find(BackendKeys.Weight) ?? service.Values.Find(ServiceKeys.Weight))?.Value;

    /// <summary>Where its packets go; null while a part of it is wrong.</summary>
    public Endpoint? Endpoint => Address is { } address && Port is { } port && service.Protocol is { } protocol
        ? new Endpoint(address.Value, (ushort)port.Value, protocol)
        : null;
}
