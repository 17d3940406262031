using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Leases: of which class they are and what they are told.</summary>
public sealed class LeaseTests() : ActorTest(
    """
    of-settings {
      lease-class = "Akka.Subset.Tests.LeaseOfSettings, Akka.Subset.Tests"
      heartbeat-timeout = 30s
      heartbeat-interval = 3s
      lease-operation-timeout = 1s
      table = leases
    }
    of-system { lease-class = "Akka.Subset.Tests.LeaseOfSystem, Akka.Subset.Tests" }
    derived {
      lease-class = "Akka.Subset.Tests.LeaseOfSettings, Akka.Subset.Tests"
      heartbeat-timeout = 80s
      heartbeat-interval = ""
    }
    too-slow {
      lease-class = "Akka.Subset.Tests.LeaseOfSettings, Akka.Subset.Tests"
      heartbeat-timeout = 10s
      heartbeat-interval = 5s
    }
    absent { lease-class = "Nowhere.NoLease, Nowhere" }
    other { lease-class = "Akka.Subset.Tests.LeaseTests, Akka.Subset.Tests" }
    """)
{
    [Fact]
    public async Task A_lease_is_of_the_class_that_is_configured_and_knows_its_settings()
    {
        var lease = Get("of-settings");

        Assert.IsType<LeaseOfSettings>(lease);
        Assert.Equal("name", lease.Settings.LeaseName);
        Assert.Equal("owner", lease.Settings.OwnerName);
        Assert.Equal("leases", lease.Settings.LeaseConfig.GetString("table"));
        Assert.Equal(TimeSpan.FromSeconds(30), lease.Settings.TimeoutSettings.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), lease.Settings.TimeoutSettings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), lease.Settings.TimeoutSettings.OperationTimeout);

        Exception? lost = null;
        Assert.True(await lease.Acquire(cause => lost = cause));
        Assert.True(lease.CheckLease());
        Assert.Equal("lost", lost?.Message);
        Assert.True(await lease.Release());
        Assert.False(lease.CheckLease());
    }

    [Fact]
    public void Times_that_are_not_configured_are_those_of_Akka_NET()
    {
        var times = Get("of-system").Settings.TimeoutSettings;

        Assert.Equal(TimeSpan.FromSeconds(120), times.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(12), times.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), times.OperationTimeout);
        Assert.Equal("12s", LeaseProvider.DefaultConfig().GetString("akka.coordination.lease.heartbeat-interval"));
    }

    [Fact]
    public void A_class_can_ask_for_the_system() =>
        Assert.Same(Sys, Assert.IsType<LeaseOfSystem>(Get("of-system")).System);

    [Fact]
    public void An_interval_that_is_left_empty_is_a_tenth_of_the_timeout() =>
        Assert.Equal(TimeSpan.FromSeconds(8), Get("derived").Settings.TimeoutSettings.HeartbeatInterval);

    [Fact]
    public void An_interval_that_leaves_no_time_for_a_second_try_is_refused()
    {
        var failure = Assert.Throws<ArgumentException>(() => Get("too-slow"));

        Assert.Contains("00:00:05", failure.Message);
        Assert.Contains("00:00:10", failure.Message);
    }

    [Fact]
    public void The_same_name_path_and_owner_is_the_same_lease()
    {
        var lease = Get("of-settings");

        Assert.Same(lease, Get("of-settings"));
        Assert.NotSame(lease, LeaseProvider.Get(Sys).GetLease("other", "of-settings", "owner"));
        Assert.NotSame(lease, LeaseProvider.Get(Sys).GetLease("name", "of-system", "owner"));
        Assert.NotSame(lease, LeaseProvider.Get(Sys).GetLease("name", "of-settings", "other"));
    }

    [Fact]
    public void A_class_that_cannot_be_found_is_named()
    {
        var failure = Assert.Throws<TypeLoadException>(() => Get("absent"));

        Assert.Contains("absent.lease-class", failure.Message);
        Assert.Contains("Nowhere.NoLease, Nowhere", failure.Message);
    }

    [Fact]
    public void A_lease_without_a_class_is_refused_with_its_place_in_the_configuration() =>
        Assert.Contains("missing.lease-class", Assert.Throws<ArgumentException>(() => Get("missing")).Message);

    [Fact]
    public async Task A_class_that_is_no_lease_is_refused_and_logged()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe<Error>(probe.Ref);

        Assert.ThrowsAny<Exception>(() => Get("other"));

        var text = (await probe.Expect<Error>()).Message.ToString();
        Assert.Contains("other.lease-class", text);
        Assert.Contains(nameof(LeaseTests), text);
    }

    [Fact]
    public void Settings_are_copied_with_other_times()
    {
        var times = new TimeoutSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3))
            .WithHeartbeatInterval(TimeSpan.FromSeconds(4))
            .WithHeartbeatTimeout(TimeSpan.FromSeconds(5))
            .withOperationTimeout(TimeSpan.FromSeconds(6));
        var settings = Get("of-settings").Settings.WithTimeoutSettings(times);

        Assert.Equal("LeaseSettings(name, owner, TimeoutSettings(00:00:04, 00:00:05, 00:00:06))", settings.ToString());
        Assert.Equal(
            "LeaseUsageSettings(of-settings, 00:00:05)",
            new LeaseUsageSettings("of-settings", TimeSpan.FromSeconds(5)).ToString());
        Assert.Throws<ConfigurationException>(() => LeaseSettings.Create(Config.Empty, "name", "owner"));
    }

    private Lease Get(string path) => LeaseProvider.Get(Sys).GetLease("name", path, "owner");
}

/// <summary>A lease that its only owner holds, and loses when it was taken with a callback.</summary>
public class LeaseOfSettings(LeaseSettings settings) : Lease(settings)
{
    private bool _held;

    public override Task<bool> Acquire() => Task.FromResult(_held = true);

    public override Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        leaseLostCallback(new LeaseException("lost"));
        return Acquire();
    }

    public override Task<bool> Release()
    {
        _held = false;
        return Task.FromResult(true);
    }

    public override bool CheckLease() => _held;
}

/// <summary>A lease that knows its system.</summary>
public sealed class LeaseOfSystem(LeaseSettings settings, ExtendedActorSystem system) : LeaseOfSettings(settings)
{
    public ExtendedActorSystem System { get; } = system;
}
