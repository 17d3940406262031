using Lb.Kernel;

namespace Lb.Actors.Tests;

public class TableDigestTests
{
    private static readonly Dictionary<uint, Endpoint> Backends = new()
    {
        [1] = Configs.Socket(1),
        [2] = Configs.Socket(2),
    };

    [Fact]
    public void Numbers_of_backends_do_not_count()
    {
        Dictionary<uint, Endpoint> others = new() { [9] = Configs.Socket(1), [5] = Configs.Socket(2) };
        Assert.Equal(
            TableDigest.Of([new Slot(1), new Slot(2), new Slot(1)], Backends),
            TableDigest.Of([new Slot(9), new Slot(5), new Slot(9)], others));
    }

    [Fact]
    public void What_is_moved_does_not_count() => Assert.Equal(
        TableDigest.Of([new Slot(1), new Slot(2)], Backends),
        TableDigest.Of([new Slot(1, 2), new Slot(2, 1)], Backends));

    [Fact]
    public void Each_slot_counts() => Assert.NotEqual(
        TableDigest.Of([new Slot(1), new Slot(2)], Backends),
        TableDigest.Of([new Slot(2), new Slot(1)], Backends));

    [Fact]
    public void A_table_that_only_keeps_slots_for_older_flows_counts_as_none() => Assert.Equal(
        TableDigest.Of([], Backends),
        TableDigest.Of([new Slot(0, 2), new Slot(0, 1)], Backends));

    [Fact]
    public void Another_backend_counts() => Assert.NotEqual(
        TableDigest.Of([new Slot(1)], Backends),
        TableDigest.Of([new Slot(1)], new Dictionary<uint, Endpoint> { [1] = Configs.Socket(3) }));
}
