using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

public sealed class RelayKeyTests
{
    private const string Service = "lb.services.web";

    [Theory]
    [InlineData("mode = tproxy, tracking = ▸full", "tracking", "full is for packets", "minimal or none", "remove tracking")]
    [InlineData("relay.source = ▸both", "relay.source", "\"both\" is not known", "client, node", "write one of these")]
    [InlineData("relay.connections = ▸0", "relay.connections", "0 is too small", "1 to 1000000", "within the range")]
    [InlineData("relay.attempts = ▸17", "relay.attempts", "17 is too large", "1 to 16", "within the range")]
    [InlineData("relay.idle-timeout = ▸10ms", "relay.idle-timeout", "too short", "1s to 7d", "a number and a unit")]
    [InlineData("relay.udp-idle-timeout = ▸10ms", "relay.udp-idle-timeout", "too short", "1s to 1d", "a number and a unit")]
    [InlineData("relay.balance = ▸round-robin", "relay.balance", "\"round-robin\" is not known", "least-connections", "write one of these")]
    [InlineData("relay.balance = ▸peak-ewm", "relay.balance", "\"peak-ewm\" is not known", "two-choices", "did you mean \"peak-ewma\"?")]
    [InlineData("relay.engine = ▸splice", "relay.engine", "\"splice\" is not known", "loop, sockmap", "write one of these")]
    [InlineData("mode = tproxy, protocol = udp, health.check = none, relay.engine = ▸sockmap", "relay.engine", "sockmap is for TCP", "loop, which carries datagrams", "relay.engine = loop")]
    [InlineData("relay.backend-connections = ▸0", "relay.backend-connections", "0 is too small", "none or a whole number", "within the range")]
    [InlineData("relay.source-connections = ▸few", "relay.source-connections", "no whole number", "none or a whole number", "within the range")]
    [InlineData("relay.life-timeout = ▸10ms", "relay.life-timeout", "too short", "never or a duration from 1s", "a number and a unit")]
    [InlineData("relay.drain-timeout = ▸60d", "relay.drain-timeout", "too long", "never or a duration", "a number and a unit")]
    [InlineData("relay.on-down = ▸close", "relay.on-down", "\"close\" is not known", "keep, reset", "write one of these")]
    [InlineData("mode = tproxy, relay.keepalive.idle = ▸1500ms", "relay.keepalive.idle", "no whole number of seconds", "whole seconds", "as in 15s")]
    [InlineData("relay.keepalive.count = ▸200", "relay.keepalive.count", "too large", "1 to 127", "within the range")]
    [InlineData("relay.outlier.failures = ▸0", "relay.outlier.failures", "too small", "off or a whole number", "within the range")]
    [InlineData("mode = tproxy, relay.outlier { base-time = 1m, max-time = ▸30s }", "relay.outlier.max-time", "30s is shorter than base-time, 1m", "at least base-time", "raise max-time")]
    [InlineData("mode = tproxy, relay.outlier { failures = ▸5, max-ejected = 0 }", "relay.outlier.failures", "max-ejected = 0 lets none be", "off where none", "max-ejected above 0")]
    [InlineData("relay.connect-timeout = ▸1h", "relay.connect-timeout", "too long", "100ms to 5m", "a number and a unit")]
    public void Value_that_cannot_be_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(line, "b1 { address = 10.0.2.11 }"), $"{Service}.{key}", problem, expected, mend);

    [Fact]
    public void Backend_of_the_other_family_is_refused_with_the_clients_address() => MarkedConfig.AssertError(
        MarkedConfig.Service("mode = tproxy", "b1 { address = \u25b8\"fd00::1\" }"),
        $"{Service}.backends.b1.address", "not of the family", "from the client's address", "relay.source = node");

    [Fact]
    public void Backend_of_the_other_family_is_right_with_an_address_of_the_node()
    {
        LoadResult result = ConfigLoader.LoadText(
            MarkedConfig.Service("mode = tproxy, relay.source = node", "b1 { address = \"fd00::1\" }"), "x");

        Assert.Empty(result.Issues);
        Assert.Equal(RelaySource.Node, Assert.Single(result.Config!.Site.Services).Value.Relay.Source);
    }

    [Fact]
    public void Backend_of_nat_and_a_relay_is_refused_and_both_are_named()
    {
        const string Text = """
            lb { interfaces = [eth0], services {
              web { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }
              web2 { vip = 192.0.2.2, port = 80, mode = tproxy, backends.b1.address = 10.0.2.11 } } }
            """;
        ConfigIssue issue = Assert.Single(ConfigLoader.LoadText(Text, "x").Issues);

        Assert.Equal("lb.services.web2.backends.b1.address", issue.Key);
        Assert.Contains("is a backend of nat service web too", issue.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Backend_of_two_relays_is_right() => Assert.Empty(ConfigLoader.LoadText(
        """
        lb { interfaces = [eth0], services {
          web { vip = 192.0.2.1, port = 80, mode = tproxy, backends.b1.address = 10.0.2.11 }
          web2 { vip = 192.0.2.2, port = 80, mode = tproxy, backends.b1.address = 10.0.2.11 } } }
        """,
        "x").Issues);

    [Fact]
    public void Relay_tracks_no_flow_whatever_the_default_says()
    {
        LoadResult result = ConfigLoader.LoadText(
            MarkedConfig.Service("mode = tproxy", "b1 { address = 10.0.2.11 }"), "x");

        Assert.Equal(Tracking.None, Assert.Single(result.Config!.Site.Services).Value.Tracking);
        Assert.Equal(RelaySettings.Default, Assert.Single(result.Config.Site.Services).Value.Relay);
    }
}
