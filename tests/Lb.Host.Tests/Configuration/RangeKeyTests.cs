using Lb.Actors;
using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

/// <summary>Services of prefixes and port ranges.</summary>
public sealed class RangeKeyTests
{
    [Theory]
    [InlineData("192.0.2.10", "80", "tcp 192.0.2.10:80")]
    [InlineData("192.0.2.10", "\"80-80\"", "tcp 192.0.2.10:80")]
    [InlineData("192.0.2.10/32", "\"5000-5999\"", "tcp 192.0.2.10:5000-5999")]
    [InlineData("203.0.113.0/24", "\"*\"", "tcp 203.0.113.0/24:*")]
    [InlineData("203.0.113.0/24", "443", "tcp 203.0.113.0/24:443")]
    [InlineData("\"2001:db8:7::/48\"", "\"1-65535\"", "tcp [2001:db8:7::/48]:*")]
    [InlineData("\"2001:db8:7::1\"", "\"1-65534\"", "tcp [2001:db8:7::1]:1-65534")]
    public void Address_and_port_become_the_services_key(string vip, string port, string key)
    {
        ServiceConfig service = Read($"a {{ vip = {vip}, port = {port}, mode = dsr-l2, {Probed}, backends.b1.address = 10.0.2.11 }}").Services["a"];

        Assert.Equal(key, service.Vip.ToString());
        Assert.Equal(service.Vip.LastPort == 0 ? service.Vip.Port : 0, service.Backends["b1"].Port);
    }

    [Theory]
    [InlineData("vip = 203.0.113.0/24, port = \"5000-5999\"")]
    [InlineData("vip = \"2001:db8:7::/48\", port = \"*\"")]
    [InlineData("vip = 192.0.2.10, port = \"*\"")]
    public void Site_with_ranges_that_is_written_and_read_is_the_same_site(string key)
    {
        LoadedConfig config = Load($"a {{ {key}, mode = dsr-l2, {Probed}, backends.b1.address = 10.0.2.11 }}");
        LoadResult again = ConfigLoader.LoadText(SiteRenderer.Render(config.Node, config.Site), "again");

        Assert.DoesNotContain(again.Issues, issue => issue.Severity == Severity.Error);
        Assert.Empty(SiteDiff.Between(config.Site, again.Config!.Site));
        Assert.Equal(config.Site.Services["a"].Vip, again.Config.Site.Services["a"].Vip);
    }

    [Theory]
    [InlineData("\"5000-5999\"", "\"5000-5499\"")]
    [InlineData("\"5000-5999\"", "\"6000-6999\"")]
    [InlineData("\"5000-5999\"", "5500")]
    [InlineData("\"*\"", "\"5000-5999\"")]
    public void Ranges_within_each_other_and_apart_stand_beside_each_other(string first, string second) =>
        Assert.Equal(2, Read($"{Service("a", first)}\n{Service("b", second)}").Services.Count);

    [Fact]
    public void Ranges_of_other_addresses_and_protocols_do_not_meet() => Assert.Equal(3, Read(
        $"""
        {Service("a", "\"5000-5999\"")}
        {Service("b", "\"5500-6500\"", "192.0.2.0/24")}
        {Service("c", "\"5500-6500\"", more: "protocol = udp,")}
        """).Services.Count);

    [Fact]
    public void Ranges_across_each_other_are_refused_with_both_services_and_the_mend() => MarkedConfig.AssertError(
        Text($"{Service("a", "\"5000-5999\"")}\n{Service("b", "▸\"5500-6500\"")}"),
        "lb.services.b.port",
        "ports 5500-5999 of tcp 192.0.2.10:5500-6500 are those of service a too",
        "no port in common, or one within the other",
        "a service of its own of \"5500-5999\"");

    [Fact]
    public void Same_range_in_two_services_is_refused() => MarkedConfig.AssertError(
        Text($"{Service("a", "\"5000-5999\"")}\n{Service("b", "\"5000-5999\"", "▸192.0.2.10")}"),
        "lb.services.b.vip",
        "tcp 192.0.2.10:5000-5999 of service b is that of service a",
        "in one service",
        "change vip, protocol or port");

    [Theory]
    [InlineData("tproxy", "a range of ports, and a relay listens on one address and port", "a service for each address and port")]
    public void Range_of_a_mode_that_cannot_have_one_is_refused(string mode, string problem, string mend) => MarkedConfig.AssertError(
        Text($"a {{ vip = 192.0.2.10, port = ▸\"5000-5999\", mode = {mode}, {Probed}, backends.b1.address = 10.0.2.11 }}"),
        "lb.services.a.port", problem, "a single port", mend);

    [Theory]
    [InlineData("nat", "203.0.113.0/24 is a prefix of VIPs, and nat knows")]
    [InlineData("tproxy", "203.0.113.0/24 is a prefix of VIPs, and a relay")]
    public void Prefix_of_a_mode_that_cannot_have_one_is_refused(string mode, string problem) => MarkedConfig.AssertError(
        Text($"a {{ vip = ▸203.0.113.0/24, port = 80, mode = {mode}, backends.b1.address = 10.0.2.11 }}"),
        "lb.services.a.vip", problem, "a single address", "full-nat");

    [Fact]
    public void Backend_with_a_port_of_its_own_is_refused_where_the_packet_is_left_as_it_is() => MarkedConfig.AssertError(
        Text("a { vip = 192.0.2.10, port = \"5000-5999\", mode = dsr-l2, backends.b1 { address = 10.0.2.11, port = ▸5000 } }"),
        "lb.services.a.backends.b1.port", "5000 is one port, and the service has more", "no port", "remove port");

    [Fact]
    public void Backend_of_nat_with_a_port_of_its_own_is_refused_where_the_port_is_kept() => MarkedConfig.AssertError(
        Text($"a {{ vip = 192.0.2.10, port = \"5000-5999\", mode = nat, {Probed}, backends.b1 {{ address = 10.0.2.11, port = ▸8080 }} }}"),
        "lb.services.a.backends.b1.port", "8080 is one port, and the service has more", "nat keeps the one", "use mode = full-nat");

    [Fact]
    public void Range_of_nat_stands_beside_closer_ones_of_its_address_at_one_backend() => Assert.Equal(4, Read(
        $$"""
        {{Nat("a", "192.0.2.10", "\"*\"")}}
        {{Nat("b", "192.0.2.10", "\"5000-5999\"")}}
        c { vip = 192.0.2.10, port = 80, mode = nat, backends.b1 { address = 10.0.2.11, port = 80 } }
        {{Nat("d", "192.0.2.11", "\"*\"", "10.0.2.12")}}
        """).Services.Count);

    [Theory]
    [InlineData("\"5000-5999\"", "192.0.2.11", "\"5900-6000\"", "tcp 10.0.2.11:5900-6000")]
    [InlineData("\"*\"", "192.0.2.11", "\"*\"", "tcp 10.0.2.11:*")]
    public void Ranges_of_nat_whose_replies_could_not_be_told_apart_are_refused_with_both_and_the_mend(
        string ports, string vip, string others, string taken) => MarkedConfig.AssertError(
        Text($"{Nat("a", "192.0.2.10", ports, "▸10.0.2.11")}\n{Nat("b", vip, others)}"),
        "lb.services.a.backends.b1.address", $"has ports of {taken}, which nat service b has", "in one service of nat", "give a or b other ports");

    [Theory]
    [InlineData("vip = 192.0.2.11, port = 80, mode = nat, backends.b1 { address = 10.0.2.11, port = 5123 }")]
    [InlineData("vip = 192.0.2.10, port = 80, mode = nat, backends.b1 { address = 10.0.2.11, port = 5123 }")]
    [InlineData("vip = 192.0.2.11, port = 80, mode = tproxy, backends.b1 { address = 10.0.2.11, port = 5123 }")]
    public void Port_of_another_service_inside_a_range_of_nat_is_refused(string other) => MarkedConfig.AssertError(
        Text($"{Nat("a", "192.0.2.10", "\"5000-5999\"", "▸10.0.2.11")}\nb {{ {other} }}"),
        "lb.services.a.backends.b1.address", "has ports of tcp 10.0.2.11:5123", "in one service of nat", "mode = full-nat");

    [Fact]
    public void Probe_without_a_port_is_refused() => MarkedConfig.AssertError(
        Text("a { vip = 192.0.2.10, port = \"5000-5999\", mode = dsr-l2, health.check = ▸tcp, backends.b1.address = 10.0.2.11 }"),
        "lb.services.a.health.check", "backend b1 of a has no port of its own", "health.port", "add health.port = 5000");

    [Fact]
    public void Backends_of_full_nat_may_have_one_port_for_all_or_the_one_that_was_asked_for()
    {
        SiteConfig site = Load(
            """
            a { vip = 203.0.113.0/24, port = "5000-5999", mode = full-nat, health.port = 80
                backends { b1 { address = 10.0.2.11, port = 8080 }, b2.address = 10.0.2.12 } }
            """,
            "full-nat.addresses = [192.0.2.9]").Site;

        Assert.Equal([8080, 0], site.Services["a"].Backends.Values.Select(backend => (int)backend.Port));
    }

    private static string Nat(string name, string vip, string ports, string backend = "10.0.2.11") =>
        $"{name} {{ vip = {vip}, port = {ports}, mode = nat, {Probed}, backends.b1.address = {backend} }}";

    [Theory]
    [InlineData("arp")]
    [InlineData("bgp, bgp { local-as = 65001, neighbors.tor { address = 10.0.0.254, as = 65000 } }")]
    public void Prefix_is_refused_where_single_addresses_are_announced(string mode) => MarkedConfig.AssertError(
        Text(Service("a", "80", "▸203.0.113.0/24"), $"announce {{ mode = {mode} }}"),
        "lb.services.a.vip", "announces single addresses", "announce.mode = none", "route the prefix to the nodes");

    [Fact]
    public void Backend_inside_a_prefix_of_vips_is_refused() => MarkedConfig.AssertError(
        Text($"a {{ vip = 203.0.113.0/24, port = 80, mode = dsr-l2, backends.b1.address = ▸203.0.113.11 }}"),
        "lb.services.a.backends.b1.address", "203.0.113.11 is inside the prefix of VIPs of service a", "own address", "own interface");

    [Fact]
    public void Address_of_full_nat_inside_a_prefix_of_vips_is_refused() => MarkedConfig.AssertError(
        Text(Service("a", "80", "203.0.113.0/24"), "full-nat.addresses = [▸203.0.113.9]"),
        "lb.full-nat.addresses[0]", "203.0.113.9 is the VIP of service a", "no service has", "another address");

    private const string Probed = "health.port = 80";

    private static string Service(string name, string port, string vip = "192.0.2.10", string more = "") =>
        $"{name} {{ vip = {vip}, port = {port}, {more} mode = dsr-l2, {Probed}, health.check = none, backends.b1.address = 10.0.2.1{name.Length} }}";

    private static string Text(string services, string node = "") =>
        $"lb {{ interfaces = [eth0]\n {node}\n services {{\n {services}\n }} }}";

    private static LoadedConfig Load(string services, string node = "")
    {
        LoadResult read = ConfigLoader.LoadText(Text(services, node), "test");
        Assert.True(read.Config is not null, string.Join('\n', read.Issues.Select(issue => issue.Problem)));
        return read.Config;
    }

    private static SiteConfig Read(string services) => Load(services).Site;
}
