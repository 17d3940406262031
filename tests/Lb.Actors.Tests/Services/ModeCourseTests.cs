using Lb.Kernel;

namespace Lb.Actors.Tests;

public class ModeCourseTests
{
    private const long Now = 1000;

    [Fact]
    public void A_relay_that_does_not_listen_leaves_the_mode_as_it_is()
    {
        ModeCourse nat = ModeCourse.Start(ForwardingMode.Nat);
        Assert.Same(nat, nat.Turn(ForwardingMode.Tproxy, listens: false, Now));
    }

    [Theory]
    [InlineData(ForwardingMode.Nat)]
    [InlineData(ForwardingMode.DsrIpip)]
    [InlineData(ForwardingMode.DsrGue)]
    [InlineData(ForwardingMode.DsrL2)]
    public void A_relay_that_listens_gets_new_flows_and_older_ones_are_tracked(ForwardingMode mode)
    {
        ModeCourse moved = ModeCourse.Start(mode).Turn(ForwardingMode.Tproxy, listens: true, Now);
        Assert.Equal(new ModeCourse(ForwardingMode.Tproxy, mode, Now), moved);
        Assert.True(moved.TracksOlder);
        Assert.False(moved.DrainsRelay);
        Assert.Equal(Tracking.Full, moved.Track(Configs.Service() with { Tracking = Tracking.None }, Tracking.Minimal));
    }

    [Fact]
    public void The_way_back_drains_the_relay_at_once()
    {
        ModeCourse back = ModeCourse.Start(ForwardingMode.Tproxy).Turn(ForwardingMode.Nat, listens: false, Now);
        Assert.Equal(new ModeCourse(ForwardingMode.Nat, ForwardingMode.Tproxy, Now), back);
        Assert.True(back.DrainsRelay);
        Assert.Equal(Tracking.Minimal, back.Track(Configs.Service(), Tracking.None));
    }

    [Fact]
    public void Forth_and_back_and_forth_keeps_the_way_that_was_left_last()
    {
        ModeCourse course = ModeCourse.Start(ForwardingMode.Nat)
            .Turn(ForwardingMode.Tproxy, listens: true, 1)
            .Turn(ForwardingMode.Nat, listens: false, 2)
            .Turn(ForwardingMode.Tproxy, listens: true, 3);
        Assert.Equal(new ModeCourse(ForwardingMode.Tproxy, ForwardingMode.Nat, 3), course);
    }

    [Fact]
    public void Two_ways_of_the_kernel_are_not_kept_beside_each_other()
    {
        ModeCourse course = ModeCourse.Start(ForwardingMode.Nat).Turn(ForwardingMode.DsrIpip, listens: false, Now);
        Assert.Equal(ModeCourse.Start(ForwardingMode.DsrIpip), course);
    }

    [Fact]
    public void A_relay_that_drains_goes_on_draining_when_the_mode_changes_again()
    {
        ModeCourse course = ModeCourse.Start(ForwardingMode.Tproxy)
            .Turn(ForwardingMode.Nat, listens: false, Now)
            .Turn(ForwardingMode.DsrIpip, listens: false, Now + 1);
        Assert.Equal(new ModeCourse(ForwardingMode.DsrIpip, ForwardingMode.Tproxy, Now), course);
    }

    [Fact]
    public void While_the_relay_does_not_listen_flows_are_remembered_as_before()
    {
        ServiceConfig relayed = Configs.Service() with { Mode = ForwardingMode.Tproxy, Tracking = Tracking.None };
        Assert.Equal(Tracking.Minimal, ModeCourse.Start(ForwardingMode.Nat).Track(relayed, Tracking.Minimal));
    }

    [Theory]
    [InlineData(ForwardingMode.Nat)]
    [InlineData(ForwardingMode.DsrIpip)]
    [InlineData(ForwardingMode.DsrGue)]
    [InlineData(ForwardingMode.DsrL2)]
    public void Flows_of_full_nat_are_told_from_others_both_ways(ForwardingMode mode)
    {
        ModeCourse there = ModeCourse.Start(mode).Turn(ForwardingMode.FullNat, listens: false, Now);
        Assert.Equal(new ModeCourse(ForwardingMode.FullNat, mode, Now), there);
        ModeCourse back = there.Settle().Turn(mode, listens: false, Now);
        Assert.Equal(new ModeCourse(mode, ForwardingMode.FullNat, Now), back);
        Assert.All(
            (ModeCourse[])[there, back],
            course => Assert.Equal(Tracking.Full, course.Track(Configs.Service(), Tracking.Minimal)));
    }

    [Fact]
    public void A_relay_drains_beside_full_nat()
    {
        ModeCourse course = ModeCourse.Start(ForwardingMode.Tproxy).Turn(ForwardingMode.FullNat, listens: false, Now);
        Assert.Equal(new ModeCourse(ForwardingMode.FullNat, ForwardingMode.Tproxy, Now), course);
        Assert.True(course.DrainsRelay);
        Assert.False(course.TracksOlder);
    }

    [Fact]
    public void A_third_way_waits_until_the_first_has_no_flows()
    {
        ModeCourse moving = ModeCourse.Start(ForwardingMode.Nat).Turn(ForwardingMode.FullNat, listens: false, Now);

        Assert.Same(moving, moving.Turn(ForwardingMode.DsrL2, listens: false, Now + 1));
        Assert.Equal(
            new ModeCourse(ForwardingMode.Nat, ForwardingMode.FullNat, Now + 1),
            moving.Turn(ForwardingMode.Nat, listens: false, Now + 1));
        Assert.Equal(
            new ModeCourse(ForwardingMode.DsrL2, ForwardingMode.FullNat, Now + 2),
            moving.Settle().Turn(ForwardingMode.DsrL2, listens: false, Now + 2));
    }
}
