using System.Net;
using Lb.Kernel.Interception;

namespace Lb.Kernel.Tests.Datapath;

public class InterceptionRuleTests
{
    private static readonly Endpoint Tcp = new(IPAddress.Parse("192.0.2.10"), 80, TransportProtocol.Tcp);

    [Theory]
    [InlineData(InterceptBy.Tproxy)]
    [InlineData(InterceptBy.Tc)]
    public void What_is_asked_for_is_taken_whatever_speaks_against_it(InterceptBy wanted) =>
        Assert.Equal(wanted, Choose(new InterceptWish(Tcp, wanted, RelaySource.Client, [9]), "no BTF").By);

    [Fact]
    public void Auto_takes_traffic_control() =>
        Assert.Equal(InterceptBy.Tc, Choose(Auto(RelaySource.Client, 1, 2)).By);

    [Fact]
    public void Auto_takes_nftables_where_the_program_cannot_be_had()
    {
        InterceptionChoice choice = Choose(Auto(RelaySource.Client, 1), "bpf_object__load(lb_tc) failed");
        Assert.Equal(InterceptBy.Tproxy, choice.By);
        Assert.Contains("bpf_object__load(lb_tc) failed", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_nftables_where_replies_do_not_meet_the_program() =>
        Assert.Equal(InterceptBy.Tproxy, Choose(Auto(RelaySource.Client, 1, 3)).By);

    [Fact]
    public void Replies_to_the_node_need_no_program() =>
        Assert.Equal(InterceptBy.Tc, Choose(Auto(RelaySource.Node, 1, 3)).By);

    [Fact]
    public void Auto_takes_nftables_for_datagrams_which_may_be_fragments() => Assert.Equal(
        InterceptBy.Tproxy,
        Choose(Auto(RelaySource.Client, 1) with { Vip = Tcp with { Protocol = TransportProtocol.Udp } }).By);

    private static InterceptWish Auto(RelaySource source, params int[] backends) =>
        new(Tcp, InterceptBy.Auto, source, backends);

    private static InterceptionChoice Choose(InterceptWish wish, string? problem = null) =>
        InterceptionRule.Choose(wish, [1, 2], problem);
}
