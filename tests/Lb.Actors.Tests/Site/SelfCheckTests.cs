using System.Net;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>The self-check, by its interval and by command.</summary>
public class SelfCheckTests
{
    private static readonly SetupFault Detached = new(SetupPart.Interface, "eth0", "the program was detached from eth0");

    [Fact]
    public async Task A_program_that_was_detached_is_put_back_and_told()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        Task<KernelDrifted> drift = NextDrift(node);
        node.Datapath.Break(Detached);
        KernelDrifted told = await drift.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Detached.What, Assert.Single(told.Differences));
        Assert.Equal("put the program on eth0", Assert.Single(told.Repairs));
        Assert.Empty(node.Datapath.CheckSetup());
    }

    [Fact]
    public void What_cannot_be_repaired_is_told_once_and_is_a_problem_until_it_can_be()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        int tries = 0;
        node.Datapath.Fail(call => call == "MendSetup" && Interlocked.Increment(ref tries) > 0
            ? new KernelException("bpf_link_create(eth0)", 16, "EBUSY", "Another XDP program is attached.")
            : null);
        node.Datapath.Break(Detached);
        node.WaitFor(() => Volatile.Read(ref tries) > 3, "several checks try");
        KernelSnapshot kernel = node.Snapshot().Kernel;
        Assert.Equal((KernelHealth.Failing, 1), (kernel.Health, kernel.Drifts));
        Assert.Contains("the program was detached from eth0: bpf_link_create(eth0) failed with EBUSY", kernel.Problem, StringComparison.Ordinal);
        var refused = (KernelChecked)node.Ask(new RepairKernel());
        Assert.Contains("Another XDP program", Assert.Single(refused.Unrepaired), StringComparison.Ordinal);

        node.Datapath.Fail(null);
        node.WaitFor(() => node.Snapshot().Kernel.Health == KernelHealth.Good, "it is repaired");
    }

    [Fact]
    public void Check_changes_nothing_and_repair_leaves_counters_alone()
    {
        ServiceConfig web = Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked();
        using Node node = new(Configs.Site(web) with { CheckInterval = TimeSpan.FromHours(1) });
        node.WaitFor(() => node.Snapshot().Services is [{ Written: > 0 }], "the service is written");
        node.Datapath.DeleteService(Configs.Vip);
        node.Datapath.DeleteVip(Configs.Vip.Address);
        node.Datapath.Break(Detached);
        int writes = node.Datapath.Writes.Count;

        var found = (KernelChecked)node.Ask(new CheckKernel());
        Assert.Equal([$"service {Configs.Vip} is gone", "the mark of 192.0.2.10 as a VIP is gone", Detached.What], found.Differences.AsEnumerable());
        Assert.Empty(found.Repairs);
        Assert.Equal(writes, node.Datapath.Writes.Count);

        var repaired = (KernelChecked)node.Ask(new RepairKernel());
        Assert.Equal([$"write service {Configs.Vip}", "put the program on eth0"], repaired.Repairs.AsEnumerable());
        Assert.Equal(["WriteService", "MendSetup"], node.Datapath.Writes.Skip(writes));
        Assert.Empty(((KernelChecked)node.Ask(new CheckKernel())).Differences);
    }

    [Fact]
    public void A_kernel_that_does_not_answer_is_told()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        node.Datapath.FailAll();
        Assert.IsType<KernelUnavailable>(node.Ask(new CheckKernel()));
        Assert.IsType<KernelUnavailable>(node.Ask(new RepairKernel()));
        Assert.IsType<KernelUnavailable>(node.Ask(new GetKernelMaps()));
        Assert.IsType<KernelUnavailable>(node.Ask(new ListFlows(null, 10)));
        Assert.IsType<KernelUnavailable>(node.Ask(new ExplainFlow(new Flow(
            IPAddress.Parse("198.51.100.7"), 1, Configs.Vip.Address, 80, TransportProtocol.Tcp))));
    }

    private static Task<KernelDrifted> NextDrift(Node node)
    {
        TaskCompletionSource<KernelDrifted> drift = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef listener = node.System.ActorOf(Props.Create(() => new Listener(drift)));
        node.System.EventStream.Subscribe(listener, typeof(KernelDrifted));
        return drift.Task;
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(TaskCompletionSource<KernelDrifted> drift) =>
            Receive<KernelDrifted>(drifted => drift.TrySetResult(drifted));
    }
}
