using System.Net.Sockets;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What the forwarding mode asks of a service's backends.</summary>
internal static class ForwardingRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) =>
        [
            .. CheckMss(service), .. CheckAffinity(service), .. CheckAffinityTimeout(service), .. QuicRules.Check(service),
            .. SctpRules.Check(service), .. RangeRules.Check(service), .. CheckDeadFlows(service), .. CheckMode(service),
        ];

    private static IEnumerable<ConfigIssue> CheckMode(ServiceDraft service)
    {
        return service.Mode switch
        {
            ForwardingMode.Nat => service.Backends.SelectMany(CheckNat),
            ForwardingMode.FullNat => FullNatRules.Check(service).Concat(service.Backends.SelectMany(CheckNat)),
            ForwardingMode.Tproxy => RelayRules.Check(service),
            ForwardingMode.DsrIpip => service.Backends.SelectMany(CheckIpip).Concat(service.Backends.SelectMany(CheckPort)),
            ForwardingMode.DsrGue or ForwardingMode.DsrL2 => service.Backends.SelectMany(CheckPort),
            _ => [],
        };
    }

    private static IEnumerable<ConfigIssue> CheckAffinity(ServiceDraft service)
    {
        if (service.Mode == ForwardingMode.Tproxy && service.Values.Find(ServiceKeys.Affinity) is { Value: true } affinity)
        {
            yield return affinity.Error(
                "source is for packets, and mode = tproxy relays connections",
                "none, as the relay chooses a backend for each connection by relay.balance",
                "remove affinity, or write affinity = none where service-defaults says source");
        }
    }

    private static IEnumerable<ConfigIssue> CheckAffinityTimeout(ServiceDraft service)
    {
        if (service.Values.Find(ServiceKeys.AffinityTimeout) is not { } timeout || timeout.Value == TimeSpan.Zero)
        {
            yield break;
        }

        string value = Durations.Show(timeout.Value);
        const string Off = "remove affinity-timeout, or write affinity-timeout = off where service-defaults sets one";
        if (service.Values.Find(ServiceKeys.Affinity) is not { Value: true })
        {
            yield return timeout.Error(
                $"{value} is for affinity = source, and the service has none",
                "off, as each flow is chosen for by itself",
                $"{Off}; or add affinity = source");
        }
        else if (service.Values.Find(ServiceKeys.Tracking) is { Value: Tracking.None }
            && service.Mode is not (ForwardingMode.Tproxy or ForwardingMode.FullNat))
        {
            yield return timeout.Error(
                $"{value} needs every flow tracked, and tracking is none",
                "off, as a client's flows could not stay where it goes when the table says another backend",
                $"{Off}; or remove tracking = none");
        }
    }

    private static IEnumerable<ConfigIssue> CheckDeadFlows(ServiceDraft service)
    {
        if (service.Values.Find(ServiceKeys.DeadFlows) is not { Value: DeadFlows.Reset } reset)
        {
            yield break;
        }

        const string Off = "remove dead-flows, or write dead-flows = rehash where service-defaults says reset";
        if (service.Values.Find(ServiceKeys.Protocol) is { Value: TransportProtocol.Udp })
        {
            yield return reset.Error(
                "reset is for TCP: UDP has nothing that would tell a client",
                "rehash, as the next datagram finds another backend",
                Off);
        }
        else if (service.Values.Find(ServiceKeys.Protocol) is { Value: TransportProtocol.Sctp })
        {
            yield return reset.Error(
                "reset is for TCP: the node makes no ABORT of SCTP",
                "rehash, as the backend that gets the next packet answers with an ABORT of its own",
                Off);
        }
        else if (service.Mode == ForwardingMode.Tproxy)
        {
            yield return reset.Error(
                "reset is for packets, and mode = tproxy relays connections",
                "rehash, as the relay ends the connections of a backend that is down by relay.on-down",
                $"{Off}; relay.on-down = reset does the same for a relay");
        }
        else if (service.Mode != ForwardingMode.FullNat && service.Values.Find(ServiceKeys.Tracking) is { Value: Tracking.None })
        {
            yield return reset.Error(
                "reset needs to know new flows from those of a dead backend, and tracking is none",
                "rehash, as without tracking nobody knows whose a flow is",
                $"{Off}; or remove tracking = none");
        }
    }

    private static IEnumerable<ConfigIssue> CheckMss(ServiceDraft service)
    {
        if (service.Values.Find(ServiceKeys.Mss) is not { Value: not ServiceKeys.AnyMss } mss || service.Mode is not { } mode)
        {
            yield break;
        }

        const string Mend = "remove mss, or write mss = off where service-defaults sets one";
        if (service.Protocol is TransportProtocol.Udp or TransportProtocol.Sctp)
        {
            string name = $"{service.Protocol}".ToUpperInvariant();
            yield return mss.Error(
                $"{mss.Value} is for TCP, and the service is {name}",
                $"off, as {(service.Protocol == TransportProtocol.Udp ? "datagrams have" : "SCTP has")} no MSS",
                Mend);
        }
        else if (mode == ForwardingMode.Tproxy)
        {
            yield return mss.Error(
                $"{mss.Value} is for nat, and the mode is tproxy",
                "off, as the relay has connections of its own to both sides, with the MSS of its interfaces",
                Mend);
        }
        else if (mode is not (ForwardingMode.Nat or ForwardingMode.FullNat))
        {
            yield return mss.Error(
                $"{mss.Value} is for nat, and the mode is {mode.Name()}",
                "off, as the backend's SYN, which says what clients may send, goes past this node",
                Mend + "; lower it on the backends: ip route change … advmss");
        }
    }

    private static IEnumerable<ConfigIssue> CheckNat(BackendDraft backend)
    {
        if (backend is { Address: { } address, Service.Vip: { } vip }
            && address.Value.AddressFamily != vip.Value.AddressFamily)
        {
            yield return address.Error(
                $"{address.Value} is not of the family of VIP {vip.Value}",
                $"a backend of the VIP's family, as {backend.Service.Mode!.Value.Name()} rewrites addresses within one family",
                "use an address of the same family, or mode = dsr-gue, dsr-ipip (IPv6 backends of an IPv4 VIP) or dsr-l2");
        }
    }

    private static IEnumerable<ConfigIssue> CheckIpip(BackendDraft backend)
    {
        if (backend is { Address: { } address, Service.Vip: { } vip }
            && vip.Value.AddressFamily == AddressFamily.InterNetworkV6
            && address.Value.AddressFamily == AddressFamily.InterNetwork)
        {
            yield return address.Error(
                $"{address.Value} is IPv4 and VIP {vip.Value} is IPv6",
                "an IPv6 backend, as IPv6 in IPv4 is not supported",
                "use the backend's IPv6 address, or mode = dsr-gue, which carries both in both");
        }
    }

    private static IEnumerable<ConfigIssue> CheckPort(BackendDraft backend)
    {
        if (backend is not { Port: { } port, Service.PortOfBackends: { } servicePort } || port.Value == servicePort.Value)
        {
            yield break;
        }

        string mode = backend.Service.Mode!.Value.Name();
        yield return servicePort.Value == 0
            ? port.Error(
                $"{port.Value} is one port, and the service has more",
                $"no port, as {mode} leaves the client's packet as it is",
                "remove port, or use mode = full-nat, which translates ports")
            : port.Error(
                $"{port.Value} is not port {servicePort.Value} of the service",
                $"the same port, as {mode} leaves the client's packet as it is",
                "use the service's port, or mode = nat, which translates ports");
    }
}
