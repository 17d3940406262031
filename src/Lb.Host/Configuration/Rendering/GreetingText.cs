using System.Collections.Immutable;
using System.Text.Json;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Writes the PROXY protocol and TLS names as a site file says them.</summary>
internal static class GreetingText
{
    private static readonly ImmutableArray<(ProxyTlvs Tlv, string Word)> s_tlvs =
    [
        (ProxyTlvs.Alpn, "alpn"), (ProxyTlvs.Authority, "authority"), (ProxyTlvs.UniqueId, "unique-id"),
        (ProxyTlvs.Crc32C, "crc32c"), (ProxyTlvs.Ssl, "ssl"), (ProxyTlvs.Other, "other"),
    ];

    /// <summary>What stands within <c>relay</c>.</summary>
    public static string Render(RelaySettings relay) =>
        $"greeting-timeout = {Durations.Show(relay.GreetingTimeout)}, proxy-protocol {{ {Render(relay.Proxy)} }}";

    /// <summary>What stands at the end of a backend; nothing where it is for every client.</summary>
    public static string Render(TlsMatch tls) => Render("tls-names", tls.Names) + Render("alpn", tls.Alpn);

    private static string Render(RelayProxy proxy) =>
        $"accept = {Word(proxy.Accept)}, trusted = [{string.Join(", ", proxy.Trusted.Select(prefix => $"\"{prefix}\""))}], "
        + $"send = {Word(proxy.Send)}, "
        + $"send-tlvs = [{string.Join(", ", s_tlvs.Where(t => proxy.Tlvs.HasFlag(t.Tlv)).Select(t => t.Word))}]";

    private static string Render(string key, ImmutableArray<string> values) => values.IsEmpty
        ? ""
        : $", {key} = [{string.Join(", ", values.Select(value => JsonSerializer.Serialize(value, RenderJson.Default.String)))}]";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
