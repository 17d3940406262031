using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>What the self-check finds out about the room for flows.</summary>
public class FlowTableTests
{
    [Fact]
    public void Flows_that_the_kernel_gave_up_are_told_with_the_next_check_and_lately_only_once()
    {
        using Node node = new(Configs.Site(Configs.Service(Configs.Backend(1)).Unchecked()) with { CheckInterval = TimeSpan.FromSeconds(1) });
        node.WaitFor(() => Table(node) is { Use: { Room: 1024, Evicted: 0 }, Lately: 0 }, "the table is counted");

        node.Datapath.Evicted = 7;
        node.WaitFor(() => Table(node) is { Use.Evicted: 7, Lately: 7 }, "what was given up is told");
        node.WaitFor(() => Table(node) is { Use.Evicted: 7, Lately: 0 }, "it is over, and still counted");
    }

    [Fact]
    public void Tables_that_cannot_be_counted_are_counted_again()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)).Unchecked());
        int tries = 0;
        node.Datapath.Fail(call => call == "CountFlows" && Interlocked.Increment(ref tries) > 0
            ? new KernelException("bpf_map_lookup_batch(lb_flows4)", 12, "ENOMEM", "Out of memory.")
            : null);
        node.WaitFor(() => Volatile.Read(ref tries) > 1, "it is tried again");
        node.Datapath.Evicted = 3;
        node.Datapath.Fail(null);
        node.WaitFor(() => Table(node) is { Use.Evicted: 3 }, "it is counted");
        Assert.Equal(KernelHealth.Good, node.Snapshot().Kernel.Health);
    }

    [Fact]
    public void Clients_whose_time_is_over_are_forgotten_at_a_check_and_others_stay()
    {
        ServiceConfig sticky = Configs.Service(Configs.Backend(1)).Unchecked() with
        {
            Affinity = SourceAffinity.Default with { Timeout = TimeSpan.FromMinutes(1) },
            Tracking = Tracking.Full,
        };
        using Node node = new(Configs.Site(sticky) with { CheckInterval = TimeSpan.FromSeconds(1) });
        node.WaitFor(() => node.Datapath.ReadServices().Count == 1 && node.Datapath.ReadBackends().Count == 1, "the service is written");
        ServiceEntry entry = node.Datapath.ReadServices().Values.Single();
        uint backend = node.Datapath.ReadBackends().Keys.Single();
        Assert.Equal(56u, entry.AffinityTicks);
        KeptClient[] clients =
        [
            Client(1, idle: 56), Client(2, idle: 57), Client(3, idle: 0) with { Service = entry.Id + 1 },
        ];
        node.Datapath.Keep(clients);
        node.WaitFor(() => node.Datapath.ReadClients().Count == 1, "what is over is forgotten");
        Assert.Equal(clients[0], node.Datapath.ReadClients().Single());

        KeptClient Client(int number, uint idle) => new(entry.Id, IPAddress.Parse($"198.51.100.{number}"), backend, idle);
    }

    private static FlowTablePressure? Table(Node node) => node.Snapshot().Kernel.FlowTables
        .FirstOrDefault(table => table.Use is { Kind: FlowTableKind.Established, Family: AddressFamily.InterNetwork });
}
