using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Actors.Tests.Announce;

/// <summary>What is put on interfaces and told, on a host in memory.</summary>
public sealed class VipKeeperTests
{
    private static readonly IPAddress Vip = IPAddress.Parse("10.0.0.100");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("203.0.113.1");
    private static readonly ImmutableHashSet<IPAddress> None = [];

    private readonly FakeVipAddresses _host = new();
    private readonly VipKeeper _keeper;
    private TimeSpan _now = TimeSpan.FromHours(1);

    public VipKeeperTests() => _keeper = new VipKeeper(
        _host,
        new AnnouncerSettings(
            AnnounceMode.Arp, ["eth0", "eth1"], TimeSpan.FromSeconds(4), Prefers: false, [], WithdrawEmpty: false, Follows: false),
        NullLogger.Instance);

    [Fact]
    public void A_vip_goes_where_its_network_is_and_one_of_no_network_on_the_first_interface()
    {
        Keep([Vip, Elsewhere, IPAddress.Parse("10.1.0.100")]);

        Assert.Equal([(1, Vip), (1, Elsewhere), (2, IPAddress.Parse("10.1.0.100"))], _host.Held.Order(new ByText()));
    }

    [Fact]
    public void It_is_told_of_a_few_times_and_then_seldom_and_renewed_well_before_its_end()
    {
        RunFor(TimeSpan.FromSeconds(20), [Vip]);

        Assert.Equal([0, 100, 300, 1000, 3000], _host.Told.Select(at => (int)at.TotalMilliseconds - 3_600_000).Take(5));
        Assert.Equal(5, _host.Told.Count);
        Assert.All(_host.Renewed.Zip(_host.Renewed.Skip(1), (one, next) => next - one), gap =>
            Assert.InRange(gap.TotalSeconds, 0.9, 1.1));
        RunFor(TimeSpan.FromSeconds(20), [Vip]);
        Assert.Equal(6, _host.Told.Count);
    }

    [Fact]
    public void One_that_is_not_held_any_more_is_taken_away_and_so_is_what_an_earlier_process_left()
    {
        Keep([Vip]);
        _host.Held.Add((2, Elsewhere));
        _now += TimeSpan.FromSeconds(2);
        Keep([]);

        Assert.Empty(_host.Held);
    }

    [Fact]
    public void What_an_earlier_process_left_of_another_site_is_not_touched()
    {
        IPAddress others = IPAddress.Parse("10.0.0.222");
        _host.Held.Add((1, others));

        Keep([]);

        Assert.Equal([(1, others)], _host.Held);
    }

    [Fact]
    public void An_address_that_is_the_host_s_own_is_told_of_and_never_put_or_taken()
    {
        _host.Own.Add((3, Vip));
        RunFor(TimeSpan.FromSeconds(5), [Vip]);

        Assert.Empty(_host.Renewed);
        Assert.NotEmpty(_host.Told);
        Assert.Contains("the host's own", _keeper.Describe(Vip).By, StringComparison.Ordinal);
        Keep([]);
        Assert.Empty(_host.Released);
    }

    [Fact]
    public void Nothing_is_put_or_renewed_while_it_may_not_answer_but_taken_away()
    {
        Keep([Vip]);
        int renewed = _host.Renewed.Count;
        _now += TimeSpan.FromSeconds(3);

        _keeper.Keep([Vip, Elsewhere], [Vip, Elsewhere], _now, renews: false);
        Assert.Equal(renewed, _host.Renewed.Count);
        _keeper.Keep(None, [Vip, Elsewhere], _now, renews: false);
        Assert.Empty(_host.Held);
    }

    [Fact]
    public void What_the_kernel_refuses_is_a_problem_until_it_does_not()
    {
        _host.Refuses = true;
        Keep([Vip]);
        Assert.Contains("no", _keeper.Describe(Vip).Problem, StringComparison.Ordinal);

        _host.Refuses = false;
        RunFor(TimeSpan.FromSeconds(2), [Vip]);
        Assert.Null(_keeper.Describe(Vip).Problem);
        Assert.Equal("eth0", _keeper.Describe(Vip).By);
    }

    [Fact]
    public void A_host_whose_interfaces_are_down_has_nowhere_to_put_them()
    {
        _keeper.Refresh(_now);
        Assert.True(_keeper.HasInterface);

        Assert.Empty(_keeper.Blocked([Vip, Elsewhere]));

        _host.IsUp = false;
        _keeper.Refresh(_now += TimeSpan.FromSeconds(2));
        Assert.False(_keeper.HasInterface);
        Assert.Equal([Vip, Elsewhere], _keeper.Blocked([Vip, Elsewhere]).Order(new AddressOrder()));
    }

    private void Keep(ImmutableHashSet<IPAddress> held)
    {
        _host.Now = _now;
        _keeper.Refresh(_now);
        _keeper.Keep(held, [Vip, Elsewhere, .. held], _now, renews: true);
    }

    private void RunFor(TimeSpan time, ImmutableHashSet<IPAddress> held)
    {
        for (TimeSpan end = _now + time; _now < end; _now += TimeSpan.FromMilliseconds(50))
        {
            Keep(held);
        }
    }

    private sealed class AddressOrder : IComparer<IPAddress>
    {
        public int Compare(IPAddress? x, IPAddress? y) => string.CompareOrdinal($"{x}", $"{y}");
    }

    private sealed class ByText : IComparer<(int Index, IPAddress Address)>
    {
        public int Compare((int Index, IPAddress Address) x, (int Index, IPAddress Address) y) =>
            string.CompareOrdinal($"{x}", $"{y}");
    }

    private sealed class FakeVipAddresses : IVipAddresses
    {
        public HashSet<(int Index, IPAddress Address)> Held { get; } = [];

        public HashSet<(int Index, IPAddress Address)> Own { get; } = [];

        public List<TimeSpan> Told { get; } = [];

        public List<TimeSpan> Renewed { get; } = [];

        public List<IPAddress> Released { get; } = [];

        public TimeSpan Now { get; set; }

        public bool IsUp { get; set; } = true;

        public bool Refuses { get; set; }

        public VipHost Read() => new(
            ImmutableDictionary<string, VipInterface>.Empty
                .Add("eth0", new VipInterface(1, "eth0", PhysicalAddress.None, IsUp))
                .Add("eth1", new VipInterface(2, "eth1", PhysicalAddress.None, IsUp)),
            [
                new VipAddress(1, IPNetwork.Parse("10.0.0.0/24"), IPAddress.Parse("10.0.0.1"), IsHeld: false),
                new VipAddress(2, IPNetwork.Parse("10.1.0.0/24"), IPAddress.Parse("10.1.0.1"), IsHeld: false),
                .. Held.Select(held => new VipAddress(held.Index, new IPNetwork(held.Address, 32), held.Address, IsHeld: true)),
                .. Own.Select(own => new VipAddress(own.Index, new IPNetwork(own.Address, 32), own.Address, IsHeld: false)),
            ]);

        public void Hold(int interfaceIndex, IPAddress vip, TimeSpan lifetime)
        {
            if (Refuses)
            {
                throw new KernelException("The kernel says no.", "Ask again.");
            }

            Held.Add((interfaceIndex, vip));
            Renewed.Add(Now);
        }

        public void Release(int interfaceIndex, IPAddress vip)
        {
            Held.Remove((interfaceIndex, vip));
            Released.Add(vip);
        }

        public void Announce(VipInterface at, IPAddress vip) => Told.Add(Now);

        public void Dispose()
        {
            // Holds nothing of the system.
        }
    }
}
