using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

/// <summary><c>protocol = sctp</c>: with the modes alone that leave a packet as it is.</summary>
public sealed class SctpKeyTests
{
    private const string Sctp = "protocol = sctp, health.check = none, mode = dsr-ipip";

    [Theory]
    [InlineData("dsr-ipip", ForwardingMode.DsrIpip)]
    [InlineData("dsr-gue", ForwardingMode.DsrGue)]
    [InlineData("dsr-l2", ForwardingMode.DsrL2)]
    public void Mode_that_leaves_the_packet_as_it_is_goes(string mode, ForwardingMode expected)
    {
        LoadResult result = ConfigLoader.LoadText(
            MarkedConfig.Service($"protocol = sctp, health.check = none, affinity = source, affinity-timeout = 5m, mode = {mode}"), "x");
        Assert.Empty(result.Issues);
        var service = result.Config!.Site.Services["web"];
        Assert.Equal((TransportProtocol.Sctp, expected), (service.Vip.Protocol, service.Mode));
    }

    [Theory]
    [InlineData("protocol = ▸sctp", "cannot have mode = nat", "CRC32c")]
    [InlineData("mode = nat, protocol = ▸sctp", "cannot have mode = nat", "covers the ports")]
    [InlineData("mode = full-nat, protocol = ▸sctp", "cannot have mode = full-nat", "tell each other their addresses")]
    [InlineData("mode = tproxy, protocol = ▸sctp", "cannot have mode = tproxy", "the relay, and sockmap with it")]
    [InlineData("mode = tproxy, relay.engine = sockmap, protocol = ▸sctp", "cannot have mode = tproxy", "sockmap")]
    public void Mode_that_would_change_the_packet_is_refused(string lines, string problem, string reason)
    {
        string marked = MarkedConfig.Service($"health.check = none, {lines}")
            .Replace("lb {", lines.Contains("full-nat", StringComparison.Ordinal) ? "lb { full-nat.addresses = [10.0.2.1]" : "lb {", StringComparison.Ordinal);
        MarkedConfig.AssertError(marked, "lb.services.web.protocol", problem, "dsr-l2, dsr-ipip or dsr-gue", "write one of these modes");
        Assert.Contains(reason, MarkedConfig.Only(marked).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"{Sctp}, mss = ▸1400", "mss", "the service is SCTP", "SCTP has no MSS", "mss = off")]
    [InlineData($"{Sctp}, quic.server-id-length = ▸2", "quic.server-id-length", "the service is SCTP", "SCTP has no connection IDs", "remove")]
    [InlineData($"{Sctp}, backends.b1.port = ▸8080", "backends.b1.port", "8080 is not port 80", "the same port", "use the service's port")]
    public void What_is_of_another_protocol_is_refused(string lines, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(lines, "b1 { address = 10.0.2.11, server-id = \"0a01\" }"),
            $"lb.services.web.{key}", problem, expected, mend);

    [Fact]
    public void Probe_over_tcp_on_the_services_own_port_is_a_warning()
    {
        ConfigIssue issue = MarkedConfig.Only(
            """
            lb { interfaces = [eth0]
              services { ▸core { vip = 192.0.2.1, port = 3868, protocol = sctp, mode = dsr-l2, backends.b1.address = 10.0.2.11 } } }
            """);
        Assert.Equal(Severity.Warning, issue.Severity);
        Assert.Contains("the backends of an SCTP service are probed over TCP on their own port", issue.Problem);
        Assert.Contains("set health.port, or check = none", issue.Mend);
    }

    [Fact]
    public void Probe_over_tcp_on_a_port_of_its_own_says_nothing() => Assert.Empty(
        ConfigLoader.LoadText(MarkedConfig.Service("protocol = sctp, mode = dsr-l2, health.port = 443"), "x").Issues);
}
