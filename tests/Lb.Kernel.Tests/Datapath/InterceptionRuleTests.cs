using System.Net;
using Lb.Kernel.Interception;

namespace Lb.Kernel.Tests.Datapath;

public class InterceptionRuleTests
{
    private static readonly Endpoint Tcp = new(IPAddress.Parse("192.0.2.10"), 80, TransportProtocol.Tcp);

    [Theory]
    [InlineData(InterceptBy.Tproxy)]
    [InlineData(InterceptBy.Tc)]
    [InlineData(InterceptBy.SkLookup)]
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

    [Fact]
    public void Auto_takes_sk_lookup_for_an_address_of_the_host()
    {
        InterceptionChoice choice = Choose(Auto(RelaySource.Node, 1), isLocal: true);
        Assert.Equal(InterceptBy.SkLookup, choice.By);
        Assert.Null(choice.Replies);
    }

    [Fact]
    public void Auto_takes_another_for_an_address_of_the_host_where_sk_lookup_cannot_be_had() => Assert.Equal(
        InterceptBy.Tc, Choose(Auto(RelaySource.Node, 1), isLocal: true, lookupProblem: "EPERM").By);

    [Theory]
    [InlineData(TransportProtocol.Tcp, 1, null, InterceptBy.Tc)]
    [InlineData(TransportProtocol.Tcp, 3, null, InterceptBy.Tproxy)]
    [InlineData(TransportProtocol.Tcp, 1, "no BTF", InterceptBy.Tproxy)]
    [InlineData(TransportProtocol.Udp, 1, null, InterceptBy.Tproxy)]
    public void Answers_to_clients_are_intercepted_as_they_would_be_without_sk_lookup(
        TransportProtocol protocol, int backend, string? problem, InterceptBy replies)
    {
        foreach (InterceptBy wanted in (InterceptBy[])[InterceptBy.Auto, InterceptBy.SkLookup])
        {
            InterceptWish wish = new(Tcp with { Protocol = protocol }, wanted, RelaySource.Client, [backend]);
            Assert.Equal(replies, Choose(wish, problem, isLocal: true).Replies);
        }
    }

    private static InterceptWish Auto(RelaySource source, params int[] backends) =>
        new(Tcp, InterceptBy.Auto, source, backends);

    private static InterceptionChoice Choose(
        InterceptWish wish, string? problem = null, bool isLocal = false, string? lookupProblem = null) =>
        InterceptionRule.Choose(wish, isLocal, new InterceptionMeans([1, 2], problem, lookupProblem));
}
