using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

/// <summary>Keys of <c>lb.announce</c>.</summary>
public sealed class AnnounceKeyTests
{
    private const string Neighbor = "neighbors.tor { address = 10.0.0.254, as = 65000 }";

    [Theory]
    [InlineData("announce.mode = ▸vrrp", "lb.announce.mode", "\"vrrp\" is not known", "none, arp, bgp", "write one")]
    [InlineData("announce.interfaces = ▸eth0", "lb.announce.interfaces", "stands here", "an array", "[eth0]")]
    [InlineData("announce.addresses = [▸10.0.0]", "lb.announce.addresses[0]", "is no address", "", "")]
    [InlineData("announce.lifetime = ▸1s", "lb.announce.lifetime", "too short", "2s to 1m", "500ms")]
    [InlineData("announce.bgp.local-as = ▸0", "lb.announce.bgp.local-as", "0 is too small", "none or", "range")]
    [InlineData("announce.bgp.router-id = ▸\"fd00::1\"", "lb.announce.bgp.router-id", "no such address", "an IPv4", "10.0.0.1")]
    [InlineData("announce.bgp.bfd-interval = ▸1ms", "lb.announce.bgp.bfd-interval", "too short", "10ms to 10s", "500ms")]
    [InlineData(
        "announce.bgp.neighbors.tor { address = 10.0.0.254, as = 1, password = ▸\"a\\\"b\" }",
        "lb.announce.bgp.neighbors.tor.password", "this is no such password", "80 visible", "choose")]
    public void Value_that_cannot_be_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(MarkedConfig.Node(line), key, problem, expected, mend);

    [Theory]
    [InlineData("announce { mode = ▸bgp, bgp { " + Neighbor + " } }", "no autonomous system", "local-as = 65001")]
    [InlineData("announce { mode = ▸bgp, bgp.local-as = 65001 }", "nobody to tell", "neighbors.tor1")]
    public void Bgp_without_what_it_needs_is_refused(string line, string problem, string mend) =>
        MarkedConfig.AssertError(MarkedConfig.Node(line), "lb.announce.mode", problem, "", mend);

    [Fact]
    public void Interfaces_are_those_of_the_site_unless_told()
    {
        Assert.Equal("eth0 eth1", string.Join(" ", Load("interfaces = [eth0, eth1]").Interfaces));
        Assert.Equal("eth1", string.Join(" ", Load("interfaces = [eth0, eth1], announce.interfaces = [eth1]").Interfaces));
    }

    [Fact]
    public void Neighbors_are_read_with_what_is_not_said_of_them()
    {
        BgpOptions bgp = Load("interfaces = [eth0], announce { mode = bgp, bgp { local-as = 65001, " + Neighbor + " } }").Bgp;

        Assert.Equal(
            new BgpNeighbor("tor", System.Net.IPAddress.Parse("10.0.0.254"), 65000, "", Bfd: true, Hops: null),
            Assert.Single(bgp.Neighbors));
        Assert.Equal((65001u, "/usr/sbin/bird", 3), (bgp.LocalAs, bgp.Program, bgp.BfdMultiplier));
    }

    private static AnnounceOptions Load(string lines)
    {
        LoadResult result = ConfigLoader.LoadText($"lb {{ {lines} }}", "announce.conf");
        Assert.DoesNotContain(result.Issues, issue => issue.Severity == Severity.Error);
        return result.Config!.Node.Announce;
    }
}
