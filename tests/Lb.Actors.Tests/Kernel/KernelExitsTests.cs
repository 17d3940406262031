using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel;

namespace Lb.Actors.Tests;

public class KernelExitsTests
{
    [Theory]
    [InlineData(true, new[] { 3, 7 })]
    [InlineData(false, new int[0])]
    public void Interfaces_without_the_program_are_found_where_it_matters(bool native, int[] unlisted)
    {
        KernelState held = new(
            new Dictionary<Endpoint, ServiceEntry>(),
            new Dictionary<uint, BackendEntry> { [1] = By(7), [2] = By(2), [3] = By(3), [4] = By(7), [5] = By(null) },
            new Dictionary<uint, Slot[]>(),
            new Dictionary<Endpoint, NatEntry>(),
            new HashSet<IPNetwork>());

        Assert.Equal(unlisted, KernelExits.Unlisted(held, [new Attachment("eth0", 2, native ? AttachedXdp.Native : AttachedXdp.Generic, null)]));
    }

    private static BackendEntry By(int? interfaceIndex) => new(
        1,
        Configs.Address(1),
        80,
        true,
        interfaceIndex is { } index
            ? new NextHop(index, PhysicalAddress.None, PhysicalAddress.None, IPAddress.Loopback, 1500)
            : null);
}
