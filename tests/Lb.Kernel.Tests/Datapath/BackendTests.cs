using System.Net;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class BackendTests : LoadedDatapathFixture
{
    private static readonly BackendEntry WithoutNextHop =
        new(8, IPAddress.Parse("2001:db8:2::11"), 53, Alive: false, NextHop: null);

    [RootFact]
    public void Backends_are_read_as_written()
    {
        Datapath.WriteBackend(1, Samples.Backend4);
        Datapath.WriteBackend((uint)Datapath.BackendLimit - 1, WithoutNextHop);

        Assert.Equal(
            new Dictionary<uint, BackendEntry>
            {
                [1] = Samples.Backend4,
                [(uint)Datapath.BackendLimit - 1] = WithoutNextHop,
            },
            Datapath.ReadBackends());
    }

    [RootFact]
    public void Deleted_backend_is_not_in_use()
    {
        Datapath.WriteBackend(1, Samples.Backend4);

        Datapath.DeleteBackend(1);

        Assert.Empty(Datapath.ReadBackends());
    }

    [RootFact]
    public void Index_0_and_indexes_beyond_the_limit_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Datapath.WriteBackend(0, Samples.Backend4));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Datapath.WriteBackend((uint)Datapath.BackendLimit, Samples.Backend4));
    }
}
