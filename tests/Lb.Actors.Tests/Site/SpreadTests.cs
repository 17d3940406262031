using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>Packets that are spread over CPUs from a moment on.</summary>
public class SpreadTests
{
    [Fact]
    public void Wish_reaches_the_kernel_and_is_told()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)).Unchecked());
        Assert.Null(node.Snapshot().Kernel.Spread);

        Assert.IsType<PacketsSpread>(node.Ask(new SpreadPackets(SpreadWish.OverAll)));
        Assert.Equal(SpreadWish.OverAll, node.Snapshot().Kernel.Spread!.Use.Wish);

        Assert.IsType<PacketsSpread>(node.Ask(new SpreadPackets(SpreadWish.None)));
        Assert.Null(node.Snapshot().Kernel.Spread);
    }

    [Fact]
    public void Wish_that_the_kernel_refuses_is_refused_with_its_reason()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)).Unchecked());
        node.Datapath.Fail(call => call == "WriteSpread"
            ? new KernelException("bpf_map_update_elem(lb_cpus)", 12, "ENOMEM", "Out of memory.")
            : null);

        var refused = Assert.IsType<KernelUnavailable>(node.Ask(new SpreadPackets(SpreadWish.OverAll)));

        Assert.Contains("ENOMEM", refused.Reason, StringComparison.Ordinal);
        Assert.Null(node.Snapshot().Kernel.Spread);
    }
}
