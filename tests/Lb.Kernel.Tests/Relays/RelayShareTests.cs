namespace Lb.Kernel.Tests.Relays;

public class RelayShareTests
{
    [Fact]
    public void Share_that_nobody_gave_is_nothing() => Assert.Equal(0, new RelayShares().Service.Most);

    [Fact]
    public void Share_holds_until_its_time_is_over_and_for_ever_without_one()
    {
        RelayShare share = new RelayShares().Service;

        share.Set(7, TimeSpan.FromHours(1));
        Assert.Equal(7, share.Most);
        share.Set(7, TimeSpan.Zero);
        Assert.Equal(0, share.Most);
        share.Set(9, null);
        Assert.Equal(9, share.Most);
    }

    [Fact]
    public void What_was_missed_is_said_once()
    {
        RelayShare share = new RelayShares().Service;
        Assert.False(share.TakeMissed());

        share.Miss();

        Assert.True(share.TakeMissed());
        Assert.False(share.TakeMissed());
    }

    [Fact]
    public void Relay_is_over_when_it_has_ended_and_where_there_never_was_one()
    {
        RelayShares shares = new();
        Assert.True(shares.IsOver);

        FakeRelay relay = new();
        shares.Use(relay);
        Assert.False(shares.IsOver);
        relay.IsOver = true;
        Assert.True(shares.IsOver);
    }

    [Fact]
    public void Backend_may_have_the_lesser_of_its_limit_and_its_share()
    {
        RelayShares shares = new();
        Endpoint socket = new(System.Net.IPAddress.Parse("10.0.0.1"), 80, TransportProtocol.Tcp);
        Kernel.Relays.RelayBackend backend = new(socket);
        Assert.Equal((int.MaxValue, 5), (backend.Most(0), backend.Most(5)));

        backend.Share = shares.Of(socket);
        Assert.True(backend.IsFull(5));
        Assert.False(backend.TryEnter(5));
        shares.Of(socket).Set(2, null);
        Assert.True(backend.TryEnter(5) && backend.TryEnter(5));
        Assert.False(backend.TryEnter(5));
        Assert.Equal(2, backend.Load.Open);
        shares.Of(socket).Set(50, null);
        Assert.Equal(5, backend.Most(5));
    }

    private sealed class FakeRelay : IRelayUse
    {
        public int Open => 0;

        public bool Waits => false;

        public bool IsOver { get; set; }

        public int OpenTo(Endpoint backend) => 0;

        public void OnRoom()
        {
        }
    }
}
