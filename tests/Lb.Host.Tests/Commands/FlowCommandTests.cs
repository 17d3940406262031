using System.Net;
using System.Text.Json;
using Lb.Kernel;

namespace Lb.Host.Tests.Commands;

/// <summary><c>flow</c> and <c>kernel</c> against a node with its real API, actors and journal, on a kernel in memory.</summary>
public sealed class FlowCommandTests : IAsyncLifetime
{
    private const string Services = """
        services.web { vip = 192.0.2.1, port = 80
          backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12, weight = 50 } } }
        services.dns { vip = "2001:db8::53", port = 53, protocol = udp
          backends { d1 { address = "2001:db8:2::11" } } }
        services.core { vip = 192.0.2.1, port = 3868, protocol = sctp, mode = dsr-ipip, health.check = none
          backends { m1 { address = 10.0.2.21 }, m2 { address = 10.0.2.22 } } }
        """;

    private CommandNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandNode.StartAsync(Services);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Lookup_tells_service_slot_backend_and_the_revision_that_led_to_it()
    {
        JsonElement said = await _node.RunAsync(
            "flow lookup", "protocol", "udp", "client", "[2001:db8:c::7]:40000", "vip", "[2001:db8::53]:53");
        JsonElement data = said.GetProperty("data");
        Assert.Equal("dns", data.GetProperty("service").GetString());
        Assert.Equal("d1", data.GetProperty("current").GetProperty("backend").GetString());
        Assert.True(data.GetProperty("clean").GetBoolean());
        JsonElement packet = Assert.Single(data.GetProperty("packets").EnumerateArray());
        Assert.Equal("datagram", packet.GetProperty("packet").GetString());
        Assert.Equal("[2001:db8:2::11]:53", packet.GetProperty("backend").GetProperty("address").GetString());
        Assert.Equal(1, data.GetProperty("decided").GetProperty("change").GetProperty("revision").GetInt64());
        Assert.Empty(data.GetProperty("differences").EnumerateArray());
    }

    [Fact]
    public async Task Lookup_after_a_drain_tells_both_backends_and_who_drained_and_why()
    {
        await _node.RunAsync("backend drain", "service", "web", "backend", "b1", "why", "kernel update");
        JsonElement moved = default;
        for (int port = 40_000; moved.ValueKind == JsonValueKind.Undefined; port++)
        {
            JsonElement answer = await _node.RunAsync(
                "flow lookup", "protocol", "tcp", "client", $"198.51.100.7:{port}", "vip", "192.0.2.1:80");
            moved = answer.GetProperty("data").GetProperty("clean").GetBoolean() ? default : answer;
        }

        JsonElement[] packets = [.. moved.GetProperty("data").GetProperty("packets").EnumerateArray()];
        Assert.Equal(["b2", "b1"], packets.Select(packet => packet.GetProperty("backend").GetProperty("backend").GetString()));
        JsonElement change = moved.GetProperty("data").GetProperty("decided").GetProperty("change");
        Assert.Equal(("ops", "kernel update"), (change.GetProperty("who").GetString(), change.GetProperty("why").GetString()));
        Assert.Contains("b1 is draining", $"{moved.GetProperty("rows")}");
        Assert.Contains("older flows at b1", $"{moved.GetProperty("rows")}");
    }

    [Theory]
    [InlineData("sctp")]
    [InlineData("132")]
    public async Task Lookup_of_an_association_speaks_of_inits(string protocol)
    {
        JsonElement said = await _node.RunAsync(
            "flow lookup", "protocol", protocol, "client", "198.51.100.7:40000", "vip", "192.0.2.1:3868");
        JsonElement data = said.GetProperty("data");
        Assert.Equal(("core", "sctp"), (data.GetProperty("service").GetString(), data.GetProperty("protocol").GetString()));
        Assert.Equal(
            ["syn", "segment"], data.GetProperty("packets").EnumerateArray().Select(packet => packet.GetProperty("packet").GetString()));
        Assert.Contains("An INIT goes", $"{said.GetProperty("rows")}");
        Assert.Contains("Other packets go", $"{said.GetProperty("rows")}");
        Assert.StartsWith("sctp 198.51.100.7:40000 → 192.0.2.1:3868 goes to m", said.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Lookup_says_where_the_kernel_differs_from_what_was_decided()
    {
        ServiceEntry dns = _node.Datapath.ReadServices().Single(service => service.Key.Port == 53).Value;
        for (int slot = 0; slot < dns.Slots; slot++)
        {
            _node.Datapath.Corrupt(dns.Table, slot, new Slot(0));
        }

        JsonElement said = await _node.RunAsync(
            "flow lookup", "protocol", "udp", "client", "[2001:db8:c::7]:40000", "vip", "[2001:db8::53]:53");
        string difference = Assert.Single(said.GetProperty("data").GetProperty("differences").EnumerateArray()).GetString()!;
        Assert.Contains("current backend of the slot is none in the kernel, udp [2001:db8:2::11]:53", difference);
        Assert.Contains("dropNoBackend", $"{said.GetProperty("rows")}");
    }

    [Theory]
    [InlineData("tcp", "198.51.100.7:1", "192.0.2.77:80", "is no VIP of this node")]
    [InlineData("tcp", "198.51.100.7:1", "192.0.2.1:81", "is no service of it")]
    [InlineData("udp", "198.51.100.7:1", "192.0.2.1:80", "is no service of it")]
    [InlineData("tcp", "10.0.2.11:80", "198.51.100.7:1", "this is a reply")]
    [InlineData("icmp", "198.51.100.7", "192.0.2.1", "has no flows here")]
    [InlineData("33", "198.51.100.7:1", "192.0.2.1:80", "has no flows here")]
    [InlineData("132", "198.51.100.7:1", "192.0.2.1:80", "sctp port 80 is no service of it")]
    public async Task What_has_no_service_is_answered(string protocol, string client, string vip, string answer) =>
        Assert.Contains(
            answer,
            (await _node.RunAsync("flow lookup", "protocol", protocol, "client", client, "vip", vip)).GetProperty("message").GetString());

    [Theory]
    [InlineData("tpc", "198.51.100.7:1", "192.0.2.1:80", "no protocol")]
    [InlineData("tcp", "198.51.100.7", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "198.51.100:1", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "198.51.100.7:0", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "198.51.100.7:70000", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "198.51.100.7:-1", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "client:80", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "198.51.100.7:1", "192.0.2.1", "no vip of a flow")]
    [InlineData("tcp", "2001:db8::7:1", "192.0.2.1:80", "no client of a flow")]
    [InlineData("tcp", "[2001:db8::7]:1", "192.0.2.1:80", "not of one family")]
    [InlineData("tcp", "[2001:db8::7%eth0]:1", "[2001:db8::1]:80", "no client of a flow")]
    [InlineData("tcp", "[198.51.100.7]:1", "192.0.2.1:80", "no client of a flow")]
    public async Task What_is_no_flow_is_refused_with_how_to_write_one(string protocol, string client, string vip, string problem)
    {
        foreach (string command in (string[])["flow lookup", "flow show"])
        {
            JsonElement refused = await _node.RefusedAsync(
                400, command, "protocol", protocol, "client", client, "vip", vip);
            Assert.Contains(problem, refused.GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("lookup")]
    [InlineData("show")]
    public async Task An_empty_vip_is_named(string command)
    {
        JsonElement refused = await _node.RefusedAsync(
            400, $"flow {command}", "protocol", "tcp", "client", "198.51.100.7:1", "vip", "");
        Assert.Equal($"vip of {command} is empty", refused.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Tracked_flows_are_listed_counted_and_shown()
    {
        Endpoint vip = new(IPAddress.Parse("192.0.2.1"), 80, TransportProtocol.Tcp);
        ServiceEntry web = _node.Datapath.ReadServices()[vip];
        uint b1 = _node.Datapath.ReadBackends().Single(b => b.Value.Address.Equals(IPAddress.Parse("10.0.2.11"))).Key;
        for (ushort port = 1; port <= 5; port++)
        {
            Flow flow = new(IPAddress.Parse("198.51.100.9"), port, vip.Address, vip.Port, vip.Protocol);
            _node.Datapath.AddFlow(new FlowRecord(flow, b1, web.Id, 7, TimeSpan.FromSeconds(3), Pending: port == 1));
        }

        JsonElement list = (await _node.RunAsync("flow list", "limit", "2")).GetProperty("data");
        Assert.Equal((5, 1, 2), (list.GetProperty("all").GetInt64(), list.GetProperty("pending").GetInt64(), list.GetProperty("flows").GetArrayLength()));
        JsonElement dns = (await _node.RunAsync("flow list", "service", "dns")).GetProperty("data");
        Assert.Equal((5, 0), (dns.GetProperty("all").GetInt64(), dns.GetProperty("matching").GetInt64()));
        string shown = $"{(await _node.RunAsync("flow show", "protocol", "tcp", "client", "198.51.100.9:1", "vip", "192.0.2.1:80")).GetProperty("rows")}";
        Assert.Contains("pending", shown);
        Assert.Contains("b1 (tcp 10.0.2.11:80)", shown);

        Assert.Contains("not tracked", Detail(await _node.RefusedAsync(409, "flow show", "protocol", "tcp", "client", "198.51.100.9:9", "vip", "192.0.2.1:80")));
        Assert.Contains("there is no service mail", Detail(await _node.RefusedAsync(409, "flow list", "service", "mail")));
        Assert.Contains("a limit of 0", Detail(await _node.RefusedAsync(400, "flow list", "limit", "0")));
        Assert.Contains("a limit of 10001", Detail(await _node.RefusedAsync(400, "flow list", "limit", "10001")));
        Assert.Contains("no whole number", Detail(await _node.RefusedAsync(400, "flow list", "limit", "many")));
    }

    [Fact]
    public async Task Kernel_check_finds_and_changes_nothing_and_repair_mends()
    {
        await _node.RunAsync("kernel check");
        _node.Datapath.Break(new SetupFault(SetupPart.Interface, "eth0", "the program was detached from eth0"));
        ServiceEntry dns = _node.Datapath.ReadServices().Single(service => service.Key.Port == 53).Value;
        _node.Datapath.Corrupt(dns.Table, 3, new Slot(0));
        int writes = _node.Datapath.Writes.Count;

        JsonElement drift = await _node.RefusedAsync(412, "kernel check");

        Assert.Equal("drift", drift.GetProperty("code").GetString());
        Assert.Equal(2, drift.GetProperty("reasons").GetArrayLength());
        Assert.Contains("as in slot 3", $"{drift.GetProperty("reasons")}");
        Assert.Equal(writes, _node.Datapath.Writes.Count);
        JsonElement repaired = (await _node.RunAsync("kernel repair")).GetProperty("data");
        Assert.Equal(2, repaired.GetProperty("repairs").GetArrayLength());
        await _node.RunAsync("kernel check");
        Assert.Contains("Nothing to repair", (await _node.RunAsync("kernel repair")).GetProperty("message").GetString());
        Assert.NotEqual(0, (await _node.RunAsync("kernel maps")).GetProperty("data").GetProperty("maps").GetArrayLength());
        Assert.Contains("takes no loudly", Detail(await _node.RefusedAsync(400, "kernel check", "loudly", "yes")));
    }

    [Fact]
    public async Task A_kernel_that_does_not_answer_is_said_to()
    {
        _node.Datapath.FailAll();
        foreach (string command in (string[])["kernel check", "kernel repair", "kernel maps", "flow list"])
        {
            Assert.Contains("the kernel cannot be asked", Detail(await _node.RefusedAsync(503, command)));
        }

        Assert.Contains("the kernel cannot be asked", Detail(await _node.RefusedAsync(
            503, "flow lookup", "protocol", "tcp", "client", "198.51.100.9:9", "vip", "192.0.2.1:80")));
    }

    private static string Detail(JsonElement problem) => problem.GetProperty("detail").GetString()!;
}
