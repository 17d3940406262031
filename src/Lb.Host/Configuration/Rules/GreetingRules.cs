using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What the PROXY protocol and TLS names ask of a service.</summary>
internal static class GreetingRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) => service.Mode == ForwardingMode.Tproxy
        ?
        [
            .. CheckProxy(service.Values.Get(ServiceKeys.Relay).Get(RelayKeys.ProxyProtocol)),
            .. CheckDatagrams(service), .. service.Backends.SelectMany(CheckTwice),
        ]
        : [.. service.Backends.SelectMany(CheckMode)];

    private static IEnumerable<ConfigIssue> CheckProxy(SectionValues proxy)
    {
        if (proxy.Find(RelayKeys.Proxy.Accept) is { Value: not ProxyAccept.Off } accept
            && proxy.Find(RelayKeys.Proxy.Trusted) is { Value.IsEmpty: true })
        {
            yield return accept.Error(
                "nobody is trusted, so that no header is ever read",
                "the proxies in front in proxy-protocol.trusted",
                "write trusted = [\"10.0.0.0/8\"] with the prefixes that they connect from, or accept = off");
        }

        if (proxy.Find(RelayKeys.Proxy.SendTlvs) is { Value.IsEmpty: false } tlvs
            && proxy.Find(RelayKeys.Proxy.Send) is { Value: not ProxySend.V2 } send)
        {
            yield return tlvs.Error(
                $"TLVs are sent with version 2 only, and send is {(send.Value == ProxySend.V1 ? "v1" : "off")}",
                "an empty array, or send = v2",
                "write send = v2, or send-tlvs = []");
        }
    }

    private static IEnumerable<ConfigIssue> CheckDatagrams(ServiceDraft service)
    {
        const string Mend = "write v2";
        if (service.Protocol != TransportProtocol.Udp)
        {
            yield break;
        }

        SectionValues proxy = service.Values.Get(ServiceKeys.Relay).Get(RelayKeys.ProxyProtocol);
        if (proxy.Find(RelayKeys.Proxy.Accept) is { Value: ProxyAccept.V1 } accept)
        {
            yield return accept.Error("version 1 of the PROXY protocol has no UDP", "v2, any or off for a UDP service", Mend);
        }

        if (proxy.Find(RelayKeys.Proxy.Send) is { Value: ProxySend.V1 } send)
        {
            yield return send.Error("version 1 of the PROXY protocol has no UDP", "v2 or off for a UDP service", Mend);
        }
    }

    private static IEnumerable<ConfigIssue> CheckTwice(BackendDraft backend) =>
        [.. CheckTwice(backend.Values.Find(BackendKeys.TlsNames)), .. CheckTwice(backend.Values.Find(BackendKeys.Alpn))];

    private static IEnumerable<ConfigIssue> CheckTwice(Located<ImmutableArray<Located<string>>>? list) =>
        from same in (list?.Value ?? []).GroupBy(element => element.Value, StringComparer.Ordinal)
        from again in same.Skip(1)
        select again.Error(
            $"{again.Value} stands there already ({same.First().Origin})", "each one once", "remove one of the two");

    private static IEnumerable<ConfigIssue> CheckMode(BackendDraft backend)
    {
        const string Expected = "mode = tproxy, as only a relay reads what clients send first";
        const string Mend = "write mode = tproxy for the service, or remove it";
        if (backend.Values.Find(BackendKeys.TlsNames) is { Value.IsEmpty: false } names)
        {
            yield return names.Error($"backends of {backend.Service.Name} are not chosen by TLS name", Expected, Mend);
        }

        if (backend.Values.Find(BackendKeys.Alpn) is { Value.IsEmpty: false } alpn)
        {
            yield return alpn.Error($"backends of {backend.Service.Name} are not chosen by protocol", Expected, Mend);
        }
    }
}
