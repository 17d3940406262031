using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>How a service is relayed, as it is stored. Without a word on the PROXY protocol there is none.</summary>
internal sealed record RelayRecord(
    string Source,
    TimeSpan ConnectTimeout,
    TimeSpan IdleTimeout,
    int Attempts,
    int Connections,
    RelayPolicyRecord? Policy = null,
    TimeSpan? GreetingTimeout = null,
    ProxyRecord? Proxy = null,
    TimeSpan? UdpIdleTimeout = null)
{
    /// <summary>What a record without the time means, whatever the default becomes.</summary>
    private static readonly TimeSpan s_withoutGreetingTimeout = TimeSpan.FromSeconds(5);

    public static RelayRecord Of(RelaySettings relay) => new(
        Words.RelaySources.Of(relay.Source),
        relay.ConnectTimeout,
        relay.IdleTimeout,
        relay.Attempts,
        relay.Connections,
        RelayPolicyRecord.Of(relay),
        relay.GreetingTimeout == s_withoutGreetingTimeout ? null : relay.GreetingTimeout,
        relay.Proxy == RelayProxy.Off ? null : ProxyRecord.Of(relay.Proxy),
        relay.UdpIdleTimeout == RelaySettings.Default.UdpIdleTimeout ? null : relay.UdpIdleTimeout);

    public RelaySettings ToSettings()
    {
        RelaySettings settings = new(
            Words.RelaySources.Parse(Source), ConnectTimeout, IdleTimeout, Attempts, Connections)
        {
            GreetingTimeout = GreetingTimeout ?? s_withoutGreetingTimeout,
            Proxy = Proxy?.ToProxy() ?? RelayProxy.Off,
            UdpIdleTimeout = UdpIdleTimeout ?? RelaySettings.Default.UdpIdleTimeout,
        };
        return Policy?.AddTo(settings) ?? settings;
    }
}

/// <summary>A service's use of the PROXY protocol, as it is stored.</summary>
internal sealed record ProxyRecord(
    string Accept, ImmutableArray<string> Trusted, string Send, ImmutableArray<string> Tlvs)
{
    public static ProxyRecord Of(RelayProxy proxy) => new(
        Words.ProxyAccepts.Of(proxy.Accept),
        [.. proxy.Trusted.Select(prefix => prefix.ToString())],
        Words.ProxySends.Of(proxy.Send),
        [.. Enum.GetValues<ProxyTlvs>()
            .Where(tlv => tlv != ProxyTlvs.None && proxy.Tlvs.HasFlag(tlv))
            .Select(Words.ProxyTlvWords.Of)]);

    public RelayProxy ToProxy() => new(
        Words.ProxyAccepts.Parse(Accept),
        [.. Trusted.Select(prefix => IPNetwork.Parse(prefix))],
        Words.ProxySends.Parse(Send),
        Tlvs.Aggregate(ProxyTlvs.None, (all, tlv) => all | Words.ProxyTlvWords.Parse(tlv)));
}
