using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What mode = tproxy asks of a service.</summary>
internal static class RelayRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) =>
        [.. CheckPolicy(service.Values), .. CheckEngine(service), .. RelayPolicyRules.Check(service.Values.Get(ServiceKeys.Relay)), .. service.Backends.SelectMany(CheckFamily)];

    private static IEnumerable<ConfigIssue> CheckPolicy(SectionValues values)
    {
        if (values.Find(ServiceKeys.Tracking) is { Value: Tracking.Full } tracking)
        {
            yield return tracking.Error(
                "full is for packets, and mode = tproxy relays connections",
                "minimal or none: a relay knows its connections, so that no flow is tracked",
                "remove tracking, or write tracking = none where service-defaults says full");
        }
    }

    private static IEnumerable<ConfigIssue> CheckEngine(ServiceDraft service)
    {
        if (service.Protocol == TransportProtocol.Udp
            && service.Values.Get(ServiceKeys.Relay).Find(RelayPolicyKeys.Engine) is { Value: RelayTransfer.Sockmap } engine)
        {
            yield return engine.Error(
                "sockmap is for TCP, and the service is UDP",
                "loop, which carries datagrams",
                "remove relay.engine, or write relay.engine = loop where service-defaults says sockmap");
        }
    }

    private static IEnumerable<ConfigIssue> CheckFamily(BackendDraft backend)
    {
        if (backend is { Address: { } address, Service.Vip: { } vip }
            && address.Value.AddressFamily != vip.Value.AddressFamily
            && backend.Service.Values.Get(ServiceKeys.Relay).Find(RelayKeys.Source) is { Value: RelaySource.Client })
        {
            yield return address.Error(
                $"{address.Value} is not of the family of VIP {vip.Value}",
                "a backend of the VIP's family, as it is connected to from the client's address",
                "use an address of the same family, or relay.source = node");
        }
    }
}
