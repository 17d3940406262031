namespace Lb.Host.Tests.Configuration;

public sealed class ServiceKeyTests
{
    [Theory]
    [InlineData("protocol = ▸dccp", "protocol", "\"dccp\" is not known", "tcp, udp, sctp", "write one of these")]
    [InlineData("mode = ▸dsr-ipipp", "mode", "\"dsr-ipipp\" is not known", "nat, dsr-ipip", "\"dsr-ipip\"")]
    [InlineData("tracking = ▸all", "tracking", "\"all\" is not known", "minimal, full, none", "write one of these")]
    [InlineData("flow-log = ▸sample", "flow-log", "\"sample\" is not known", "off, sampled, full", "\"sampled\"")]
    [InlineData("flow-memory = ▸10ms", "flow-memory", "\"10ms\" is too short", "1s to 7d", "500ms, 2s or 15m")]
    [InlineData("weight = ▸65536", "weight", "65536 is too large", "0 to 65535", "within the range")]
    [InlineData("slots = ▸1", "slots", "1 is too small", "auto or a whole number from 2 to 4194301", "within the range")]
    [InlineData("slots = ▸100", "slots", "100 is no prime", "auto or a prime", "write auto, or 101")]
    [InlineData("slots = ▸4194300", "slots", "4194300 is no prime", "a prime", "write auto, or 4194301")]
    [InlineData("▸timeout = 1s", "timeout", "is not known here", "vip, port, protocol", "remove it")]
    [InlineData("health = ▸tcp", "health", "the string \"tcp\" is no section", "a section", "write health { … }")]
    [InlineData("health.check = ▸https", "health.check", "\"https\" is not known", "none, tcp, http", "\"http\"")]
    [InlineData("health.interval = ▸1ms", "health.interval", "\"1ms\" is too short", "10ms to 1d", "500ms")]
    [InlineData("health.timeout = ▸0", "health.timeout", "\"0\" is too short", "1ms to 1d", "500ms")]
    [InlineData("health.timeout = ▸2s", "health.timeout", "2s is not shorter than the interval of 2s", "shorter", "shorten")]
    [InlineData("health { interval = 1s, timeout = ▸1500ms }", "health.timeout", "1500ms is not", "shorter", "shorten")]
    [InlineData("health.rise = ▸0", "health.rise", "0 is too small", "1 to 100", "within the range")]
    [InlineData("health.fall = ▸101", "health.fall", "101 is too large", "1 to 100", "within the range")]
    [InlineData("health.jitter = ▸0.6", "health.jitter", "0.6 is too large", "0 to 0.5", "within the range")]
    [InlineData("health.jitter = ▸some", "health.jitter", "\"some\" is no number", "0 to 0.5", "within the range")]
    [InlineData("health.port = ▸65536", "health.port", "65536 is too large", "0 to 65535", "within the range")]
    [InlineData("health.path = ▸healthy", "health.path", "is no request path", "starts with \"/\"", "percent-encode")]
    [InlineData("health.path = ▸\"/a b\"", "health.path", "is no request path", "visible ASCII", "percent-encode")]
    [InlineData("health.host = ▸\"a\\r\\nb\"", "health.host", "\"a??b\" is no host", "name of a host", "Host header")]
    [InlineData("health.expect = ▸200", "health.expect", "the number 200 stands here", "an array", "[200]")]
    [InlineData("health.expect = ▸[]", "health.expect", "the array is empty", "an array", "[200]")]
    [InlineData("health.expect = [200, ▸99]", "health.expect[1]", "99 is too small", "100 to 599", "within the range")]
    public void Value_that_cannot_be_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(line), $"lb.services.web.{key}", problem, expected, mend);

    [Theory]
    [InlineData("224.0.0.1", "224.0.0.1 is a multicast address", "write the address of a host")]
    [InlineData("\"ff02::1\"", "ff02::1 is a multicast address", "write the address of a host")]
    [InlineData("255.255.255.255", "is the broadcast address", "write the address of a host")]
    [InlineData("127.0.0.53", "127.0.0.53 is a loopback address", "write the address of a host")]
    [InlineData("\"::1\"", "::1 is a loopback address", "write the address of a host")]
    [InlineData("0.0.0.0", "0.0.0.0 is no host's address", "write the address of a host")]
    [InlineData("\"::\"", ":: is no host's address", "write the address of a host")]
    [InlineData("240.0.0.1", "240.0.0.1 is a reserved address", "write the address of a host")]
    [InlineData("\"fe80::1\"", "fe80::1 is a link-local address", "write the address of a host")]
    [InlineData("\"::ffff:192.0.2.1\"", "is an IPv4-mapped address", "write 192.0.2.1")]
    [InlineData("\"::ffff:127.0.0.1\"", "is a loopback address", "write the address of a host")]
    [InlineData("\"fe80::1%eth0\"", "has a zone", "write an address")]
    [InlineData("192.0.2", "\"192.0.2\" is no address", "names are not looked up")]
    [InlineData("3221225994", "\"3221225994\" is no address", "names are not looked up")]
    [InlineData("192.0.2.256", "is no address", "names are not looked up")]
    [InlineData("www.example.com", "is no address", "names are not looked up")]
    [InlineData("192.0.2.1/24", "\"192.0.2.1/24\" has bits set beyond its length", "write 192.0.2.0/24")]
    [InlineData("192.0.2.0/33", "has no length from 0 to 32", "after \"/\"")]
    [InlineData("10.0.0.0/7", "10.0.0.0/7 is larger than a service may have", "a length of at least 8")]
    [InlineData("\"2000::/3\"", "is larger than a service may have", "a length of at least 16")]
    [InlineData("224.0.0.0/8", "224.0.0.0/8 begins with a multicast address", "write a prefix of hosts' addresses")]
    [InlineData("[]", "an array of 0 elements stands here", "names are not looked up")]
    public void Vip_that_no_client_can_reach_is_refused(string vip, string problem, string mend) =>
        MarkedConfig.AssertError(
            $$"""
            lb {
              interfaces = [eth0]
              services.web { vip = ▸{{vip}}, port = 80, health.check = none, backends.b1.address = 10.0.2.11 }
            }
            """,
            "lb.services.web.vip", problem, "a unicast IPv4 or IPv6 address", mend);

    [Theory]
    [InlineData("0", "0 is too small")]
    [InlineData("65536", "65536 is too large")]
    [InlineData("http", "\"http\" is no whole number")]
    [InlineData("\"80-79\"", "\"80-79\" holds no port")]
    [InlineData("\"0-79\"", "\"0-79\" holds no port")]
    [InlineData("\"80-65536\"", "\"80-65536\" is no range of ports")]
    [InlineData("\"**\"", "\"**\" is no whole number")]
    public void Port_that_is_none_is_refused(string port, string problem) =>
        MarkedConfig.AssertError(
            $"lb {{ interfaces = [eth0], services.web {{ vip = 192.0.2.1, port = ▸{port}, "
            + "backends.b1.address = 10.0.2.11 } }",
            "lb.services.web.port", problem, "from 1 to 65535", "write the number of a port");

    [Theory]
    [InlineData("vip", "port = 80", "a unicast IPv4 or IPv6 address")]
    [InlineData("port", "vip = 192.0.2.1", "from 1 to 65535")]
    public void Missing_key_is_reported_where_the_service_opens(string key, string other, string expected) =>
        MarkedConfig.AssertError(
            $"lb {{ interfaces = [eth0]\n services {{\n  ▸web {{ {other}, backends.b1.address = 10.0.2.11 }} }} }}",
            $"lb.services.web.{key}", $"{key} is missing", expected, $"add {key}");

    [Theory]
    [InlineData("\"a.b\"", "\"a.b\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("-a", "-a")]
    public void Name_that_is_no_path_element_is_refused(string name, string shown) =>
        MarkedConfig.AssertError(
            $"lb {{ interfaces = [eth0]\n services {{ ▸{name} {{ vip = 192.0.2.1, port = 80, "
            + "backends.b1.address = 10.0.2.11 } } }",
            $"lb.services.{shown}", "is no such name", "a letter or digit", "choose a name");

    [Fact]
    public void Wrong_default_is_reported_once_and_not_for_each_service() =>
        MarkedConfig.AssertError(
            """
            lb {
              interfaces = [eth0]
              service-defaults.health.rise = ▸0
              services {
                a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }
                b { vip = 192.0.2.2, port = 80, backends.b1.address = 10.0.2.12 }
              }
            }
            """,
            "lb.service-defaults.health.rise", "0 is too small", "1 to 100", "within the range");
}
