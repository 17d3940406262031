using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

public sealed class NodeKeyTests
{
    [Theory]
    [InlineData("site = ▸Demo", "lb.site", "\"Demo\" is no such name", "a-z, 0-9", "choose a name")]
    [InlineData("site = ▸\"\"", "lb.site", "\"\" is no such name", "1 to 32 characters", "choose a name")]
    [InlineData(
        "site = ▸a123456789b123456789c123456789d12", "lb.site", "is no such name", "1 to 32 characters", "choose")]
    [InlineData("site = ▸{}", "lb.site", "an object of 0 fields stands here", "1 to 32 characters", "choose a name")]
    [InlineData("site = ▸null", "lb.site", "null stands here", "1 to 32 characters", "choose a name")]
    [InlineData("attach = ▸nativ", "lb.attach", "\"nativ\" is not known", "auto, native, generic", "\"native\"")]
    [InlineData("hash-seed = ▸-1", "lb.hash-seed", "-1 is too small", "0 to 4294967295", "within the range")]
    [InlineData("kernel = ▸5", "lb.kernel", "the number 5 is no section", "a section", "write kernel { … }")]
    [InlineData("kernel.bpffs = ▸sys", "lb.kernel.bpffs", "\"sys\" is no absolute path", "absolute path", "\"/\"")]
    [InlineData("kernel.max-services = ▸0", "lb.kernel.max-services", "0 is too small", "1 to 65536", "range")]
    [InlineData("kernel.max-services = ▸1.5", "lb.kernel.max-services", "\"1.5\" is no whole", "1 to 65536", "range")]
    [InlineData("kernel.max-backends = ▸1048577", "lb.kernel.max-backends", "too large", "2 to 1048576", "range")]
    [InlineData("kernel.max-flows = ▸many", "lb.kernel.max-flows", "\"many\" is no whole", "1024 to 67108864", "range")]
    [InlineData("kernel.check-interval = ▸10", "lb.kernel.check-interval", "too short", "1s to 1d", "500ms")]
    [InlineData("kernel.check-interval = ▸2 fortnights", "lb.kernel.check-interval", "no duration", "1s to 1d", "500ms")]
    [InlineData("kernel.relay-conntrack = ▸off", "lb.kernel.relay-conntrack", "\"off\" is not known", "track, bypass", "write one of these")]
    [InlineData("kernel.insert-rate = ▸0", "lb.kernel.insert-rate", "0 is too small", "1 to 10000000", "range")]
    [InlineData("flows.sweep-interval = ▸1ms", "lb.flows.sweep-interval", "too short", "100ms to 1d", "500ms")]
    [InlineData("flows.udp-window = ▸2d", "lb.flows.udp-window", "\"2d\" is too long", "1s to 1d", "500ms")]
    [InlineData("plan.max-moved-flows = ▸1.5", "lb.plan.max-moved-flows", "1.5 is too large", "0 to 1, or from 0%", "25%")]
    [InlineData("plan.max-lost-flows = ▸-1%", "lb.plan.max-lost-flows", "-0.01 is too small", "0 to 1, or from 0%", "25%")]
    [InlineData("plan.max-lost-flows = ▸5%%", "lb.plan.max-lost-flows", "\"5%%\" is no share", "0 to 1, or", "25%")]
    [InlineData("plan.max-lost-flows = ▸few", "lb.plan.max-lost-flows", "\"few\" is no share", "0 to 1, or", "0.25")]
    [InlineData("flow-log.path = ▸flows.log", "lb.flow-log.path", "\"flows.log\" is no absolute", "or \"-\"", "\"/\"")]
    [InlineData("flow-log.path = ▸\"/var/log/\"", "lb.flow-log.path", "is no absolute path of a file", "or \"-\"", "\"/\"")]
    [InlineData("flow-log.sample-rate = ▸0", "lb.flow-log.sample-rate", "0 is too small", "1 to 1000000000", "range")]
    [InlineData("flow-log = ▸full", "lb.flow-log", "is no section", "a section", "write flow-log { … }")]
    [InlineData("admin.host = ▸0.0.0.0", "lb.admin.host", "0.0.0.0 is no loopback", "a loopback address", "TLS")]
    [InlineData("admin.host = ▸localhost", "lb.admin.host", "\"localhost\" is no address", "loopback", "127.0.0.1")]
    [InlineData("admin.port = ▸0", "lb.admin.port", "0 is too small", "1 to 65535", "port")]
    [InlineData("admin.local-role = ▸root", "lb.admin.local-role", "\"root\" is not known", "none, read, operate", "write")]
    [InlineData("admin.remote.host = ▸239.0.0.1", "lb.admin.remote.host", "a multicast address", "of this host", "all")]
    [InlineData("admin.remote.host = ▸\"::ffff:10.0.0.1\"", "lb.admin.remote.host", "IPv4-mapped", "host", "10.0.0.1")]
    [InlineData("admin.remote.host = ▸lb1", "lb.admin.remote.host", "\"lb1\" is no address", "of this host", "write")]
    [InlineData("admin.remote.certificate = ▸tls.pem", "lb.admin.remote.certificate", "no absolute path", "path", "\"/\"")]
    [InlineData(
        "admin.remote { host = ▸10.0.0.1, certificate = /c }", "lb.admin.remote.host", "without a key", "TLS", "add key")]
    [InlineData(
        "admin.remote { host = ▸10.0.0.1, key = /k }", "lb.admin.remote.host", "without a certificate", "TLS", "add cert")]
    [InlineData(
        "admin.remote { host = \"::\", port = ▸9110, certificate = /c, key = /k }",
        "lb.admin.remote.port", "9110 is also lb.admin.port", "a port of its own", "9111")]
    [InlineData("log.level = ▸warn", "lb.log.level", "\"warn\" is not known", "trace, debug, info, warning", "write one")]
    [InlineData("log.format = ▸jsn", "lb.log.format", "\"jsn\" is not known", "text, json", "\"json\"")]
    [InlineData("metrics.otlp-endpoint = ▸collector", "lb.metrics.otlp-endpoint", "no such URL", "the URL", "http://")]
    [InlineData(
        "metrics.otlp-endpoint = ▸\"ftp://collector:21\"", "lb.metrics.otlp-endpoint", "no such URL", "the URL", "https")]
    [InlineData("metrics.otlp-protocol = ▸htp", "lb.metrics.otlp-protocol", "not known", "grpc, http", "\"http\"")]
    [InlineData("metrics.interval = ▸1ms", "lb.metrics.interval", "too short", "1s to 1d", "500ms")]
    [InlineData("shutdown.drain = ▸-1s", "lb.shutdown.drain", "too short", "0s to 1d", "500ms")]
    [InlineData("shutdown.keep-forwarding = ▸maybe", "lb.shutdown.keep-forwarding", "not known", "true, false", "write")]
    [InlineData("cluster.host = ▸239.0.0.1", "lb.cluster.host", "a multicast address", "other nodes reach", "write")]
    [InlineData("cluster.host = ▸\"::\"", "lb.cluster.host", "no host's address", "other nodes reach", "write")]
    [InlineData("cluster.host = ▸\"::ffff:10.0.0.1\"", "lb.cluster.host", "IPv4-mapped", "other nodes reach", "10.0.0.1")]
    [InlineData(
        "cluster.host = ▸192.0.2.1", "lb.cluster.host", "a public address, and without lb.cluster.tls", "or certificates",
        "pbm cluster cert")]
    [InlineData("cluster.tls.ca = ▸ca.pem", "lb.cluster.tls.ca", "no absolute path", "path", "\"/\"")]
    [InlineData("cluster.tls { ca = ▸/c, key = /k }", "lb.cluster.tls.ca", "no lb.cluster.tls.certificate", "all of", "node.pem")]
    [InlineData(
        "cluster.tls { certificate = ▸/c, key = /k }", "lb.cluster.tls.certificate", "no lb.cluster.tls.ca", "all of", "ca.pem")]
    [InlineData(
        "cluster { host = 192.0.2.1, tls { ca = ▸/a, certificate = /c } }", "lb.cluster.tls.ca", "no lb.cluster.tls.key",
        "all of", "node-key.pem")]
    public void Value_that_cannot_be_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(MarkedConfig.Node(line), key, problem, expected, mend);

    [Theory]
    [InlineData("nat.direct = ▸10.0.0.0/8", "lb.nat.direct", "stands here", "an array of prefixes", "[10.0.0.0/8]")]
    [InlineData("nat.direct = [▸10.0.0.0]", "lb.nat.direct[0]", "is no prefix", "a prefix", "ADDRESS/LENGTH")]
    [InlineData("nat.direct = [▸10.0.0.0/33]", "lb.nat.direct[0]", "no length from 0 to 32", "a prefix", "length")]
    [InlineData("nat.direct = [▸10.0.0.0/-1]", "lb.nat.direct[0]", "no length from 0 to 32", "a prefix", "length")]
    [InlineData("nat.direct = [▸10.1.2.3/8]", "lb.nat.direct[0]", "beyond its length", "a prefix", "write 10.0.0.0/8")]
    [InlineData("nat.direct = [10.0.0.0/8, ▸\"fd00::1/8\"]", "lb.nat.direct[1]", "beyond", "a prefix", "write fd00::/8")]
    [InlineData("nat.direct = [▸\"::ffff:10.0.0.0/104\"]", "lb.nat.direct[0]", "IPv4-mapped", "a prefix", "as IPv4")]
    public void Prefix_that_is_none_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(MarkedConfig.Node(line), key, problem, expected, mend);

    [Fact]
    public void More_prefixes_than_the_kernel_has_room_for_are_refused()
    {
        string prefixes = string.Join(", ", Enumerable.Range(0, 513).Select(i => $"10.{i / 256}.{i % 256}.0/24"));
        MarkedConfig.AssertError(
            MarkedConfig.Node($"nat.direct = ▸[{prefixes}]"),
            "lb.nat.direct", "there are 513 prefixes", "at most 512", "join neighbouring prefixes");
    }

    [Theory]
    [InlineData("[▸\"\"]", "lb.interfaces[0]", "no such name", "at most 15 characters", "ip -brief link")]
    [InlineData("[eth0, ▸a123456789b12345]", "lb.interfaces[1]", "no such name", "at most 15 characters", "ip -brief")]
    [InlineData("[▸\"a/b\"]", "lb.interfaces[0]", "\"a/b\" is no such name", "at most 15 characters", "ip -brief link")]
    [InlineData("[eth0, eth1, ▸eth0]", "lb.interfaces[2]", "eth0 is listed twice", "each interface once", "remove one")]
    [InlineData("▸[]", "lb.interfaces", "the array is empty", "an array of network interfaces", "[eth0]")]
    [InlineData("▸eth0", "lb.interfaces", "the string \"eth0\" stands here", "an array of network", "[eth0]")]
    public void Interfaces_that_cannot_be_are_refused(
        string value, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError($"lb {{ interfaces = {value} }}", key, problem, expected, mend);

    [Fact]
    public void Missing_interfaces_are_reported_at_the_start_of_the_file() =>
        MarkedConfig.AssertError("▸lb {}", "lb.interfaces", "the array is empty", "an array", "name the interfaces");

    [Theory]
    [InlineData("▸atach = auto", "lb.atach", "attach")]
    [InlineData("kernel { ▸max-service = 5 }", "lb.kernel.max-service", "max-services")]
    [InlineData("▸sevrices { }", "lb.sevrices", "services")]
    public void Unknown_key_is_refused_and_the_nearest_named(string line, string key, string nearest) =>
        MarkedConfig.AssertError(MarkedConfig.Node(line), key, "is not known here", nearest, $"mean \"{nearest}\"?");

    [Fact]
    public void Unknown_key_far_from_all_is_to_be_removed() =>
        MarkedConfig.AssertError(MarkedConfig.Node("▸zzz = 1"), "lb.zzz", "is not known here", "one of", "remove it");

    [Fact]
    public void Unknown_key_beside_lb_is_refused() => MarkedConfig.AssertError(
        "lb.interfaces = [eth0]\n▸web { }", "web", "is not known here", "lb, which holds all keys", "lb { … }");

    [Fact]
    public void Settings_of_the_actor_system_stand_beside_lb() =>
        Assert.Empty(ConfigLoader.LoadText(
            "lb.interfaces = [eth0]\nakka.loglevel = DEBUG", "akka.conf").Issues);
}
