using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Frames that a driver has left no room in front of; at traffic control the kernel makes some.</summary>
public sealed class HeadroomTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Tunnels))]
    public void Frame_without_room_for_the_outer_header_is_dropped(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.SendWithoutHeadroom(scene.Packet(), Verdict.DropHeadroom);
    }
}
