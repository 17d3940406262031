using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

public sealed class SiteRuleTests
{
    [Fact]
    public void Two_services_with_one_vip_protocol_and_port_are_refused_and_both_named() =>
        MarkedConfig.AssertError(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }",
                "b { vip = ▸192.0.2.1, port = 80, backends.b1.address = 10.0.2.12 }"),
            "lb.services.b.vip", "tcp 192.0.2.1:80 of service b is that of service a (broken.conf:4:11)",
            "in one service", "of b or a");

    [Theory]
    [InlineData("port = 81")]
    [InlineData("port = 80, protocol = udp, health.check = none")]
    public void Two_services_of_one_address_may_differ_in_port_or_protocol(string second) =>
        Assert.Empty(ConfigLoader.LoadText(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }",
                $"b {{ vip = 192.0.2.1, {second}, backends.b1.address = 10.0.2.12 }}"),
            "x").Issues);

    [Fact]
    public void Nat_backend_of_two_vips_is_refused_and_both_services_named() =>
        MarkedConfig.AssertError(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1 { address = 10.0.2.11, port = 8080 } }",
                "b { vip = 192.0.2.2, port = 80, backends.b1 { address = ▸10.0.2.11, port = 8080 } }"),
            "lb.services.b.backends.b1.address",
            "tcp 10.0.2.11:8080 of nat service b is a backend of nat service a too (broken.conf:",
            "in one nat service", "mode = dsr-ipip");

    [Theory]
    [InlineData("port = 80, backends.b1 { address = 10.0.2.11, port = 8081 }")]
    [InlineData("port = 8080, mode = dsr-ipip, backends.b1 { address = 10.0.2.11 }")]
    [InlineData("port = 80, protocol = udp, health.check = none, backends.b1 { address = 10.0.2.11, port = 8080 }")]
    public void Backend_of_two_vips_is_right_where_replies_can_be_told_apart(string second) =>
        Assert.Empty(ConfigLoader.LoadText(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1 { address = 10.0.2.11, port = 8080 } }",
                $"b {{ vip = 192.0.2.2, {second} }}"),
            "x").Issues);

    [Fact]
    public void Backend_with_the_address_of_a_vip_is_refused() =>
        MarkedConfig.AssertError(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }",
                "b { vip = 192.0.2.2, port = 80, backends.b1.address = ▸192.0.2.1 }"),
            "lb.services.b.backends.b1.address", "192.0.2.1 is the VIP of service a", "own address", "own interface");

    [Fact]
    public void More_services_than_the_kernel_has_room_for_are_refused() =>
        MarkedConfig.AssertError(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }",
                "b { vip = 192.0.2.2, port = 80, backends.b1.address = 10.0.2.12 }",
                "", "kernel.max-services = ▸1"),
            "lb.kernel.max-services", "1 is less than the 2 services", "room for every service", "2 at least");

    [Fact]
    public void More_backends_than_the_kernel_has_room_for_are_refused() =>
        MarkedConfig.AssertError(
            Site(
                "a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }",
                "b { vip = 192.0.2.2, port = 80, backends.b1.address = 10.0.2.12 }",
                "", "kernel.max-backends = ▸2"),
            "lb.kernel.max-backends", "2 has room for 1 backends and the site has 2", "every backend", "3 at least");

    [Fact]
    public void All_errors_of_a_file_are_reported_at_once_in_its_order()
    {
        LoadResult result = ConfigLoader.LoadText(
            """
            lb {
              interfaces = [eth0]
              atach = auto
              admin.port = 0
              services {
                a { vip = 224.0.0.1, port = 80, backends.b1 { address = 10.0.2.11, weight = 70000 } }
                b { port = http, slots = 100 }
              }
            }
            """,
            "all.conf");
        Assert.Null(result.Config);
        Assert.Equal(
            [
                "lb.atach", "lb.admin.port", "lb.services.a.vip", "lb.services.a.backends.b1.weight",
                "lb.services.b.vip", "lb.services.b", "lb.services.b.port", "lb.services.b.slots",
            ],
            result.Issues.Select(i => i.Key));
        Assert.Equal([3, 4, 6, 6, 7, 7, 7, 7], result.Issues.Select(i => i.Origin.Line));
    }

    [Theory]
    [InlineData("lb {", "1:5")]
    [InlineData("lb { a = [1,,2] }", "1:13")]
    [InlineData("lb.site = ${nowhere.to.be.found}", "1:11")]
    [InlineData("[1]", "1:1")]
    public void Text_that_is_no_hocon_is_reported_with_its_place(string text, string place)
    {
        LoadResult result = ConfigLoader.LoadText(text, "syntax.conf");
        Assert.Null(result.Config);
        Assert.StartsWith($"syntax.conf:{place}: ", Assert.Single(result.Issues).ToString());
    }

    private static string Site(params string[] lines) =>
        $"lb {{\n  interfaces = [eth0]\n  services {{\n{string.Join('\n', lines.Take(2))}\n}}\n"
        + string.Join('\n', lines.Skip(2)) + "\n}";
}
