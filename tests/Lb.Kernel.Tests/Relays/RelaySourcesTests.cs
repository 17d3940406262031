using System.Net;
using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

public sealed class RelaySourcesTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Client_is_an_address_or_a_prefix_of_64_bits(string one, string other, bool same) =>
        Assert.Equal(same, Key(one) == Key(other));

    [Fact]
    public void Client_has_no_more_than_it_may_until_one_ends()
    {
        RelaySources sources = new();
        ulong client = Key("192.0.2.1");

        Assert.True(sources.TryTake(client, 2));
        Assert.True(sources.TryTake(client, 2));
        Assert.False(sources.TryTake(client, 2));
        Assert.True(sources.TryTake(Key("192.0.2.2"), 2));
        sources.Leave(client);
        Assert.True(sources.TryTake(client, 2));
    }

    [Fact]
    public void Threads_together_take_exactly_as_many_as_may_be()
    {
        RelaySources sources = new();
        int taken = 0;

        Parallel.For(0, 1000, _ =>
        {
            if (sources.TryTake(42, 100))
            {
                Interlocked.Increment(ref taken);
            }
        });

        Assert.Equal(100, taken);
    }

    private static ulong Key(string address) => RelaySources.Of(IPAddress.Parse(address).GetAddressBytes());
}
