using System.Net;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

/// <summary>Keys of the PROXY protocol and of TLS names.</summary>
public sealed class GreetingKeyTests
{
    private const string Service = "lb.services.web";
    private const string Proxy = "relay.proxy-protocol";

    [Theory]
    [InlineData("relay.proxy-protocol.accept = ▸haproxy", "accept", "\"haproxy\" is not known", "off, v1, v2, any", "one of these")]
    [InlineData("relay.proxy-protocol.accept = ▸any", "accept", "nobody is trusted", "proxy-protocol.trusted", "accept = off")]
    [InlineData("relay.proxy-protocol.trusted = [▸10.0.0.1/8]", "trusted[0]", "beyond its length", "a prefix", "10.0.0.0/8")]
    [InlineData("relay.proxy-protocol.send = ▸any", "send", "\"any\" is not known", "off, v1, v2", "one of these")]
    [InlineData("relay.proxy-protocol { send = v1, send-tlvs = ▸[alpn] }", "send-tlvs", "send is v1", "send = v2", "send-tlvs = []")]
    [InlineData("relay.proxy-protocol { send = v2, send-tlvs = [▸sni] }", "send-tlvs[0]", "\"sni\" is not known", "authority", "one of these")]
    [InlineData(
        "protocol = udp, health.check = none, relay.proxy-protocol { accept = ▸v1, trusted = [10.0.0.0/8] }", "accept", "has no UDP", "v2, any or off", "write v2")]
    [InlineData("protocol = udp, health.check = none, relay.proxy-protocol.send = ▸v1", "send", "has no UDP", "v2 or off", "write v2")]
    public void Use_of_the_proxy_protocol_that_cannot_be_is_refused(
        string line, string key, string problem, string expected, string mend) => MarkedConfig.AssertError(
            MarkedConfig.Service($"mode = tproxy, {line}", "b1 { address = 10.0.2.11 }"),
            $"{Service}.{Proxy}.{key}", problem, expected, mend);

    [Theory]
    [InlineData("relay.greeting-timeout = ▸10ms", "too short")]
    [InlineData("relay.greeting-timeout = ▸1h", "too long")]
    public void Time_that_cannot_be_is_refused(string line, string problem) => MarkedConfig.AssertError(
        MarkedConfig.Service($"mode = tproxy, {line}", "b1 { address = 10.0.2.11 }"),
        $"{Service}.relay.greeting-timeout", problem, "100ms to 5m", "a number and a unit");

    [Theory]
    [InlineData("tls-names = [▸\"sh*p.example\"]", "tls-names[0]", "not its whole first label", "*.shop.example")]
    [InlineData("tls-names = [▸\"*\"]", "tls-names[0]", "not its whole first label", "*.shop.example")]
    [InlineData("tls-names = [▸\"shop.*.example\"]", "tls-names[0]", "not its whole first label", "*.shop.example")]
    [InlineData("tls-names = [▸\"shop.example.\"]", "tls-names[0]", "ends with a dot", "without it")]
    [InlineData("tls-names = [▸\"bücher.example\"]", "tls-names[0]", "not as clients ask for it", "xn--")]
    [InlineData("tls-names = [▸10.0.0.1]", "tls-names[0]", "is an address", "names only")]
    [InlineData("tls-names = [▸\"-a.example\"]", "tls-names[0]", "is no DNS name", "as clients ask for it")]
    [InlineData("tls-names = [▸\"a..example\"]", "tls-names[0]", "is no DNS name", "as clients ask for it")]
    [InlineData("tls-names = [a.example, ▸A.example]", "tls-names[1]", "stands there already", "remove one")]
    [InlineData("alpn = [▸\"h 2\"]", "alpn[0]", "is no such name", "IANA")]
    [InlineData("alpn = [h2, ▸h2]", "alpn[1]", "stands there already", "remove one")]
    public void Name_or_protocol_that_cannot_be_is_refused(string line, string key, string problem, string mend)
    {
        ConfigIssue issue = MarkedConfig.Only(
            MarkedConfig.Service("mode = tproxy", $"b1 {{ address = 10.0.2.11, {line} }}"));

        Assert.Equal($"{Service}.backends.b1.{key}", issue.Key);
        Assert.Contains(problem, issue.Problem, StringComparison.Ordinal);
        Assert.Contains(mend, issue.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls-names = ▸[a.example]", "tls-names", "by TLS name")]
    [InlineData("alpn = ▸[h2]", "alpn", "by protocol")]
    public void Backend_of_a_service_that_is_not_relayed_has_no_names(string line, string key, string problem) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service("mode = nat", $"b1 {{ address = 10.0.2.11, {line} }}"),
            $"{Service}.backends.b1.{key}", problem, "mode = tproxy", "or remove it");

    [Fact]
    public void Keys_are_read_and_written_again()
    {
        LoadedConfig read = Load(MarkedConfig.Service(
            """
            mode = tproxy, relay { greeting-timeout = 2s, proxy-protocol {
              accept = any, trusted = ["10.0.0.0/8", "fd00::/8"], send = v2, send-tlvs = [crc32c, unique-id, other] } }
            """,
            "b1 { address = 10.0.2.11, tls-names = [Shop.example, \"*.shop.example\"], alpn = [h2, \"http/1.1\"] }"));
        ServiceConfig web = read.Site.Services["web"];

        Assert.Equal(TimeSpan.FromSeconds(2), web.Relay.GreetingTimeout);
        Assert.Equal(
            new RelayProxy(
                ProxyAccept.Any,
                [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")],
                ProxySend.V2,
                ProxyTlvs.Crc32C | ProxyTlvs.UniqueId | ProxyTlvs.Other),
            web.Relay.Proxy);
        Assert.Equal(
            new TlsMatch(["shop.example", "*.shop.example"], ["h2", "http/1.1"]), web.Backends["b1"].Tls);
        Assert.Empty(SiteDiff.Between(read.Site, Load(SiteRenderer.Render(read.Node, read.Site)).Site));
    }

    private static LoadedConfig Load(string text)
    {
        LoadResult result = ConfigLoader.LoadText(text, "x");
        Assert.Empty(result.Issues);
        return result.Config!;
    }
}
