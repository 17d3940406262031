using System.Net;
using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

/// <summary>The node's addresses for full-nat, and what services with that mode must keep to.</summary>
public sealed class FullNatKeyTests
{
    private const string Web = "vip = 203.0.113.10, port = 80, mode = full-nat, backends.b1 { address = 10.0.2.11, port = 8080 }";

    [Fact]
    public void Addresses_and_ports_become_the_sources_of_both_families()
    {
        LoadedConfig config = Load(
            """addresses = [192.0.2.9, "2001:db8::9"], ports = "2000-2999", linger = 5s""", Web);

        Assert.Equal(
            [new(IPAddress.Parse("192.0.2.9"), 2000, 2999), new(IPAddress.Parse("2001:db8::9"), 2000, 2999)],
            config.Node.FullNat.Sources.OrderBy(source => source.Address.ToString(), StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(5), config.Node.FullNat.Linger);
        Assert.Equal(1000, config.Node.FullNat.Sources.First().Ports);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", tracking = minimal")]
    [InlineData(", tracking = full")]
    public void Service_of_full_nat_tracks_every_flow(string tracking) =>
        Assert.Equal(Tracking.Full, Load("addresses = [192.0.2.9]", Web + tracking).Site.Services["web"].Tracking);

    [Fact]
    public void Service_of_full_nat_that_is_to_track_nothing_is_refused() =>
        MarkedConfig.AssertError(
            Text("addresses = [192.0.2.9]", $"{Web}, tracking = ▸none"),
            "lb.services.web.tracking", "none remembers no flow", "full", "remove tracking");

    [Theory]
    [InlineData("▸[]")]
    [InlineData("▸[\"2001:db8::9\"]")]
    public void Service_without_an_address_of_its_family_is_refused(string addresses) =>
        MarkedConfig.AssertError(
            Text($"addresses = {addresses}", Web),
            "lb.full-nat.addresses", "no IPv4 address for service web", "an IPv4 address of this node", "add an address");

    [Fact]
    public void Backend_of_another_family_is_refused() =>
        MarkedConfig.AssertError(
            Text("addresses = [192.0.2.9]", "vip = 203.0.113.10, port = 80, mode = full-nat, backends.b1.address = ▸\"fd00::11\""),
            "lb.services.web.backends.b1.address", "not of the family of VIP", "full-nat rewrites addresses", "same family");

    [Fact]
    public void Address_that_is_a_vip_is_refused() =>
        MarkedConfig.AssertError(
            Text("addresses = [▸203.0.113.10]", Web),
            "lb.full-nat.addresses[0]", "203.0.113.10 is the VIP of service web", "no service has", "another address");

    [Fact]
    public void Address_that_is_a_backend_is_refused() =>
        MarkedConfig.AssertError(
            Text("addresses = [192.0.2.9, ▸10.0.2.11]", Web),
            "lb.full-nat.addresses[1]", "10.0.2.11 is backend b1 of service web", "of the node itself", "another address");

    [Fact]
    public void Address_that_is_listed_twice_is_refused() =>
        MarkedConfig.AssertError(
            Text("addresses = [192.0.2.9, ▸192.0.2.9]", Web),
            "lb.full-nat.addresses[1]", "192.0.2.9 is listed twice", "once", "remove one");

    [Fact]
    public void More_addresses_of_a_family_than_the_kernel_has_room_for_are_refused() =>
        MarkedConfig.AssertError(
            Text($"addresses = [{string.Join(", ", Enumerable.Range(1, 64).Select(i => $"192.0.2.{i}"))}, ▸192.0.2.65]", Web),
            "lb.full-nat.addresses[64]", "192.0.2.65 is one too many", "at most 64", "remove some");

    [Theory]
    [InlineData("2000")]
    [InlineData("0-100")]
    [InlineData("3000-2000")]
    [InlineData("1-70000")]
    [InlineData("a-b")]
    public void Ports_that_are_no_range_are_refused(string ports) =>
        MarkedConfig.AssertError(
            Text($"addresses = [192.0.2.9], ports = ▸\"{ports}\"", Web), "lb.full-nat.ports", ports, "a range of ports", "");

    private static LoadedConfig Load(string fullNat, string web)
    {
        LoadResult result = ConfigLoader.LoadText(Text(fullNat, web), "site.conf");
        Assert.Empty(result.Issues);
        return result.Config!;
    }

    private static string Text(string fullNat, string web) =>
        $"lb {{\n interfaces = [eth0]\n full-nat {{ {fullNat} }}\n services.web {{ {web} }}\n}}";
}
