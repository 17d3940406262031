using System.Diagnostics;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Tc;

/// <summary>Packets that hosts have joined to large ones, through traffic control.</summary>
public sealed class TcBulkTests
{
    private const int Megabytes = 30;

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Large_download_through_nat_arrives_intact(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        topology.OffloadSenders();
        string file = Random(topology);
        string got = Path.Combine(topology.Folder, "got");
        Nginx.Start(topology, topology.Backends[0]);
        Lbd.Start(topology, Route.Of(name).TcpSite(topology, backends: 1).AtTc());

        topology.Client.Run("curl", "-sSf", "-m", "60", "-o", got, $"http://{Route.Of(name).EndPoint}/files/large");

        Command.Run("cmp", file, got);
    }

    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Large_upload_arrives_intact(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        topology.OffloadSenders();
        Backend backend = topology.Backends[0];
        string file = Random(topology);
        string got = Path.Combine(topology.Folder, "got");
        Route route = Route.Of(name);
        // socat takes one connection: a probe would use it up.
        Lbd.Start(topology, route.TcpSite(topology, backends: 1).ChangeAll(s => s with { Check = "none" }).AtTc());
        using Process sink = backend.Namespace.Start(
            "socat", "-u", $"TCP6-LISTEN:{Addresses.ServerPort},ipv6only=0", $"CREATE:{got}");
        backend.Namespace.WaitForListener(Addresses.ServerPort);

        topology.Client.Run("socat", "-u", $"OPEN:{file},rdonly", $"TCP:{route.EndPoint}");

        Wait.Until(() => sink.HasExited, "socat got the end of the stream");
        Command.Run("cmp", file, got);
    }

    private static string Random(Topology topology)
    {
        string file = Path.Combine(topology.Folder, "large");
        Command.Run("dd", "if=/dev/urandom", $"of={file}", "bs=1M", $"count={Megabytes}", "status=none");
        return file;
    }
}
