using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

public sealed class PoolTests
{
    private const string Key = "lb.services.web.backends.b1";

    [Theory]
    [InlineData("address = ▸backend1", "address", "\"backend1\" is no address", "unicast", "names are not looked up")]
    [InlineData("address = ▸127.0.0.1", "address", "127.0.0.1 is a loopback address", "unicast", "address of a host")]
    [InlineData("address = ▸224.0.0.5", "address", "224.0.0.5 is a multicast address", "unicast", "address of a host")]
    [InlineData("address = 10.0.2.11, port = ▸0", "port", "0 is too small", "1 to 65535", "number of a port")]
    [InlineData("address = 10.0.2.11, weight = ▸-1", "weight", "-1 is too small", "0 to 65535", "within the range")]
    [InlineData("address = 10.0.2.11, weight = ▸70000", "weight", "70000 is too large", "0 to 65535", "within the range")]
    [InlineData("address = 10.0.2.11, admin = ▸on", "admin", "\"on\" is not known", "enabled, drain, disabled", "write")]
    [InlineData("address = 10.0.2.11, backup = ▸maybe", "backup", "\"maybe\" is not known", "true", "write")]
    [InlineData("address = 10.0.2.11, drain-deadline = ▸soon", "drain-deadline", "\"soon\" is no duration", "never or a duration", "2s")]
    [InlineData("address = 10.0.2.11, ▸wieght = 5", "wieght", "is not known here", "weight", "\"weight\"?")]
    public void Value_that_cannot_be_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(MarkedConfig.Backend(line), $"{Key}.{key}", problem, expected, mend);

    [Fact]
    public void Missing_address_is_reported_where_the_backend_opens() =>
        MarkedConfig.AssertError(
            MarkedConfig.Service("", "▸b1 { port = 8080 }"), $"{Key}.address", "address is missing", "unicast", "add");

    [Fact]
    public void Backend_that_is_no_section_is_refused() =>
        MarkedConfig.AssertError(
            MarkedConfig.Service("", "b1 = ▸10.0.2.11"), Key, "is no section", "a section", "write b1 { … }");

    [Fact]
    public void Backend_twice_in_a_pool_is_refused_and_both_are_named() =>
        MarkedConfig.AssertError(
            MarkedConfig.Service("", "b1 { address = 10.0.2.11 }, b2 { address = ▸10.0.2.11, port = 80 }"),
            "lb.services.web.backends.b2.address", "tcp 10.0.2.11:80 is backend b1 already (broken.conf:", "once", "b2 or b1");

    [Fact]
    public void Same_address_on_two_ports_is_two_backends() =>
        Assert.Empty(ConfigLoader.LoadText(
            MarkedConfig.Service("", "b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.11, port = 81 }"), "x").Issues);

    [Fact]
    public void Fewer_than_two_slots_for_each_backend_are_refused() =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(
                "slots = ▸5", "b1.address = 10.0.2.11, b2.address = 10.0.2.12, b3.address = 10.0.2.13"),
            "lb.services.web.slots", "5 slots are too few for the 3 backends of web", "2 slots for each", "larger prime");

    [Fact]
    public void Nat_across_families_is_refused() =>
        MarkedConfig.AssertError(
            MarkedConfig.Backend("address = ▸\"fd00::1\""),
            $"{Key}.address", "fd00::1 is not of the family of VIP 192.0.2.10", "the VIP's family", "dsr-ipip");

    [Theory]
    [InlineData("mss = ▸535", "535 is too small", "536 to 65495", "range")]
    [InlineData("mss = ▸small", "small", "off or", "write")]
    [InlineData("mode = dsr-ipip, mss = ▸1400", "for nat, and the mode is dsr-ipip", "the backend's SYN", "advmss")]
    [InlineData("mode = dsr-l2, mss = ▸1400", "for nat, and the mode is dsr-l2", "goes past this node", "mss = off")]
    [InlineData("mode = tproxy, mss = ▸1400", "for nat, and the mode is tproxy", "connections of its own", "mss = off")]
    [InlineData("protocol = udp, health.check = none, mss = ▸1400", "the service is UDP", "datagrams have no MSS", "mss = off")]
    public void Mss_that_the_node_cannot_lower_is_refused(string lines, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "lb.services.web.mss", problem, expected, mend);

    [Theory]
    [InlineData("dead-flows = ▸drop", "\"drop\"", "rehash", "write one of these")]
    [InlineData("protocol = udp, health.check = none, dead-flows = ▸reset", "reset is for TCP", "rehash, as the next datagram", "remove dead-flows")]
    [InlineData("protocol = sctp, mode = dsr-l2, health.check = none, dead-flows = ▸reset", "no ABORT of SCTP", "rehash, as the backend", "remove dead-flows")]
    [InlineData("mode = tproxy, dead-flows = ▸reset", "relays connections", "relay.on-down", "relay.on-down = reset")]
    [InlineData("tracking = none, dead-flows = ▸reset", "tracking is none", "rehash, as without tracking", "remove tracking = none")]
    public void Reset_that_nobody_could_be_told_by_is_refused(string lines, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "lb.services.web.dead-flows", problem, expected, mend);

    [Theory]
    [InlineData("", DeadFlows.Rehash)]
    [InlineData("dead-flows = reset", DeadFlows.Reset)]
    [InlineData("mode = dsr-gue, tracking = full, dead-flows = reset", DeadFlows.Reset)]
    public void Dead_flows_are_bound(string lines, DeadFlows expected) => Assert.Equal(
        expected,
        ConfigLoader.LoadText(MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "x").Config!.Site.Services["web"].DeadFlows);

    [Theory]
    [InlineData("affinity = ▸cookie", "affinity", "\"cookie\" is not known", "none, source", "write")]
    [InlineData("affinity-prefix4 = ▸33", "affinity-prefix4", "33 is too large", "1 to 32", "range")]
    [InlineData("affinity-prefix6 = ▸0", "affinity-prefix6", "0 is too small", "1 to 128", "range")]
    [InlineData("mode = tproxy, affinity = ▸source", "affinity", "relays connections", "relay.balance", "affinity = none")]
    [InlineData("affinity-timeout = ▸5m", "affinity-timeout", "5m is for affinity = source", "off, as each flow", "add affinity = source")]
    [InlineData("affinity = source, affinity-timeout = ▸500ms", "affinity-timeout", "\"500ms\" is too short", "1s to 7d", "write a number and a unit")]
    [InlineData("affinity = source, tracking = none, affinity-timeout = ▸5m", "affinity-timeout", "tracking is none", "off, as a client's flows", "remove tracking = none")]
    public void Affinity_that_cannot_be_is_refused(string lines, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), $"lb.services.web.{key}", problem, expected, mend);

    [Fact]
    public void Affinity_is_bound_with_its_prefixes()
    {
        Assert.Equal(new SourceAffinity(24, 128), Affinity("affinity = source, affinity-prefix4 = 24"));
        Assert.Null(Affinity("affinity-prefix4 = 24"));
        Assert.Equal(
            SourceAffinity.Default with { Timeout = TimeSpan.FromHours(3) }, Affinity("affinity = source, affinity-timeout = 3h"));

        static SourceAffinity? Affinity(string lines) => ConfigLoader.LoadText(
            MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "x").Config!.Site.Services["web"].Affinity;
    }

    [Theory]
    [InlineData("affinity = source, affinity-timeout = 10m", Tracking.Full)]
    [InlineData("affinity = source, affinity-timeout = 10m, tracking = minimal", Tracking.Full)]
    [InlineData("affinity = source, affinity-timeout = off", Tracking.Minimal)]
    public void Affinity_with_a_timeout_tracks_every_flow(string lines, Tracking expected) => Assert.Equal(
        expected,
        ConfigLoader.LoadText(MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "x").Config!.Site.Services["web"].Tracking);

    [Theory]
    [InlineData("", HookChoice.Auto)]
    [InlineData("datapath = xdp", HookChoice.Xdp)]
    [InlineData("datapath = tc", HookChoice.Tc)]
    public void Datapath_is_bound(string lines, HookChoice expected) => Assert.Equal(expected, ConfigLoader.LoadText(
        MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "x").Config!.Site.Services["web"].Datapath);

    [Fact]
    public void Datapath_that_is_not_known_is_refused() => MarkedConfig.AssertError(
        MarkedConfig.Service("datapath = ▸netfilter", "b1.address = 10.0.2.11"),
        "lb.services.web.datapath",
        "\"netfilter\" is not known",
        "auto, xdp, tc",
        "write");

    [Fact]
    public void Mss_of_nat_is_bound_and_off_is_none()
    {
        Assert.Equal(1400, Mss("mss = 1400"));
        Assert.Equal(0, Mss("mss = off"));
        Assert.Equal(0, Mss("mode = dsr-ipip"));
    }

    private static ushort Mss(string lines)
    {
        LoadResult loaded = ConfigLoader.LoadText(MarkedConfig.Service(lines, "b1.address = 10.0.2.11"), "x");
        Assert.Empty(loaded.Issues);
        return loaded.Config!.Site.Services["web"].Mss;
    }

    [Fact]
    public void Ipip_from_an_ipv6_vip_to_an_ipv4_backend_is_refused() =>
        MarkedConfig.AssertError(
            """
            lb {
              interfaces = [eth0]
              services.web { vip = "2001:db8::1", port = 80, mode = dsr-ipip
                backends.b1 { address = ▸10.0.2.11 } }
            }
            """,
            $"{Key}.address", "10.0.2.11 is IPv4 and VIP 2001:db8::1 is IPv6", "an IPv6 backend", "IPv6 address");

    [Fact]
    public void Ipip_from_an_ipv4_vip_to_an_ipv6_backend_is_right() =>
        Assert.Empty(ConfigLoader.LoadText(
            MarkedConfig.Service("mode = dsr-ipip", "b1.address = \"fd00::1\""), "x").Issues);

    [Theory]
    [InlineData("dsr-ipip")]
    [InlineData("dsr-gue")]
    [InlineData("dsr-l2")]
    public void Port_translation_with_dsr_is_refused(string mode) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service($"mode = {mode}", "b1 { address = 10.0.2.11, port = ▸8080 }"),
            $"{Key}.port", "8080 is not port 80 of the service", $"the same port, as {mode} leaves", "mode = nat");

    [Theory]
    [InlineData("dsr-gue", "192.0.2.10", "fd00::1")]
    [InlineData("dsr-gue", "2001:db8::1", "10.0.2.11")]
    [InlineData("dsr-l2", "192.0.2.10", "fd00::1")]
    [InlineData("dsr-l2", "2001:db8::1", "10.0.2.11")]
    public void Gue_and_l2_take_backends_of_either_family(string mode, string vip, string backend)
    {
        string text = $$"""
            lb {
              interfaces = [eth0]
              services.web { vip = "{{vip}}", port = 80, mode = {{mode}}, backends.b1 { address = "{{backend}}" } }
            }
            """;
        Assert.Empty(ConfigLoader.LoadText(text, "x").Issues);
    }

    [Fact]
    public void No_backends_are_a_warning() => AssertWarning(
        "lb { interfaces = [eth0], services { ▸web { vip = 192.0.2.1, port = 80 } } }", "there are no backends");

    [Fact]
    public void Weights_that_are_all_zero_are_a_warning() => AssertWarning(
        """
        lb { interfaces = [eth0]
          services { ▸web { vip = 192.0.2.1, port = 80, weight = 0, backends.b1.address = 10.0.2.11 } } }
        """,
        "every backend has weight 0");

    [Fact]
    public void Udp_service_probed_over_tcp_on_its_own_port_is_a_warning() => AssertWarning(
        """
        lb { interfaces = [eth0]
          services { ▸web { vip = 192.0.2.1, port = 53, protocol = udp, backends.b1.address = 10.0.2.11 } } }
        """,
        "probed over TCP");

    private static void AssertWarning(string marked, string problem)
    {
        ConfigIssue issue = MarkedConfig.Only(marked);
        Assert.Equal(Severity.Warning, issue.Severity);
        Assert.Equal("lb.services.web", issue.Key);
        Assert.Contains(problem, issue.Problem);
        Assert.Contains(": warning: lb.services.web: ", issue.ToString());
    }
}
