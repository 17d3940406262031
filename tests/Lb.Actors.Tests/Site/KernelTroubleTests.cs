using Akka.Actor;
using Akka.Event;
using Lb.Kernel;

namespace Lb.Actors.Tests;

public class KernelTroubleTests
{
    [Fact]
    public void A_datapath_that_fails_is_tried_again_until_it_holds_what_is_desired()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.Datapath.FailAll();
        node.Prober.Down(1);
        node.WaitFor(() => node.Web().Problem is not null, "the service shows the failure");
        Assert.Equal(KernelHealth.Failing, node.Snapshot().Kernel.Health);
        Assert.Contains("ENOMEM", node.Snapshot().Kernel.Problem);
        node.Datapath.Fail(null);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 has no slot");
        node.WaitFor(() => node.Snapshot().Kernel.Health == KernelHealth.Good, "the failure is over");
        node.WaitFor(() => node.Web().Problem is null, "the service has no problem");
    }

    [Fact]
    public void A_datapath_that_cannot_be_read_at_the_start_is_read_later()
    {
        using Node node = new(Configs.Site(Configs.Service(Configs.Backend(1))), prepare: datapath => datapath.FailAll());
        node.WaitFor(() => node.Snapshot().Kernel.Problem is not null, "the failure shows");
        node.Datapath.Fail(null);
        node.WaitFor(() => node.Table() is { Length: 251 }, "it forwards");
    }

    [Theory]
    [InlineData("WriteBackend")]
    [InlineData("WriteNat")]
    [InlineData("SwapTable")]
    [InlineData("WriteService")]
    public void A_write_that_fails_once_leaves_nothing_half_done(string call)
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        int failures = 0;
        node.Datapath.Fail(now => now == call && Interlocked.Increment(ref failures) == 1
            ? new KernelException(call, 28, "ENOSPC")
            : null);
        node.Change(_ => Configs.Service(Configs.Backend(2)) with { Slots = 509 });
        node.WaitFor(() => node.Table() is { Length: 509 } table && table.All(slot => slot.Current == 2), "it forwards");
        Assert.NotEqual(0, Volatile.Read(ref failures));
    }

    [Fact]
    public void An_index_that_a_table_still_names_is_not_given_out_while_the_table_cannot_be_written()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked());
        uint named = node.Index(1);
        uint web = node.Service(Configs.Vip)!.Id;
        int looks = 0;
        node.Datapath.Fail(call =>
        {
            Interlocked.Add(ref looks, call == "ReadFlows" ? 1 : 0);
            return call == "SwapTable" ? new KernelException(call, 12, "ENOMEM") : null;
        });
        node.Change(_ => (Configs.Service(Configs.Backend(2)) with { Tracking = Tracking.None }).Unchecked());
        node.WaitFor(() => !node.Datapath.ReadBackends()[named].Alive, "backend 1 is released");
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        int seen = Volatile.Read(ref looks);
        node.WaitFor(() => Volatile.Read(ref looks) > seen + 1, "the flows were looked through");

        // As many as there are indexes but for the one of backend 2.
        ServiceConfig big = Configs.Service(
            [.. Enumerable.Range(100, node.Datapath.BackendLimit - 2).Select(number => Configs.Backend(number))]);
        node.Apply(node.Config with
        {
            Services = node.Config.Services.Add("big", (big with { Slots = 4093 }).Unchecked().Named("big", "192.0.2.12")),
        });
        ServiceSnapshot? Big() => node.Snapshot().Services.SingleOrDefault(service => service.Name == "big");
        node.WaitFor(() => Big()?.Problem is not null, "the new service has a problem");
        Assert.Equal(web, node.Datapath.ReadBackends()[named].Service);

        node.Datapath.Fail(null);
        node.WaitFor(() => Big() is { Written: > 0, Problem: null }, "the index is free once the table is written");
    }

    [Fact]
    public void One_service_that_fails_does_not_hold_up_another()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.Datapath.Fail(call => call == "WriteService" ? new KernelException(call, 28, "ENOSPC") : null);
        node.Apply(node.Config with
        {
            Services = node.Config.Services.Add("mail", Configs.Service(Configs.Backend(5)).Named("mail", "192.0.2.11")),
        });
        node.WaitFor(() => node.Snapshot().Kernel.Health == KernelHealth.Failing, "the new service cannot be written");
        node.Prober.Down(1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 has no slot");
    }

    [Fact]
    public async Task A_corrupted_slot_is_found_reported_and_repaired()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        var before = node.Table();
        using CounterReader repairs = new("lb.kernel.repairs");
        TaskCompletionSource<KernelDrifted> drift = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef listener = node.System.ActorOf(Props.Create(() => new Listener<KernelDrifted>(drift)));
        node.System.EventStream.Subscribe(listener, typeof(KernelDrifted));
        node.Datapath.Corrupt(node.Service(Configs.Vip)!.Table, slot: 3, new Slot(99));
        KernelDrifted drifted = await drift.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Single(drifted.Repairs);
        node.WaitFor(() => node.Table().SequenceEqual(before), "the slot is as before");
        node.WaitFor(() => node.Snapshot().Kernel.Drifts == 1, "the drift is counted");
        // The meter is the process's: other tests' nodes repair too.
        Assert.True(repairs.Sum >= 1, "the repair is not counted");
    }

    [Fact]
    public void A_service_that_somebody_deleted_is_written_again()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        node.Datapath.DeleteService(Configs.Vip);
        node.WaitFor(() => node.Service(Configs.Vip) is { Slots: 251 }, "the service is back");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_actor_that_crashes_in_a_change_is_restarted_and_the_change_is_carried_out(int look)
    {
        // Without probes only the bridge and the table look at the clock: one of them crashes, the kernel goes on.
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked());
        node.Clock.CrashAt(look);
        node.Change(_ =>
            Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)).Unchecked());
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 3), "backend 3 is used");
        Assert.Contains(node.Table(), slot => slot.Current == 3 && slot.Previous != 0);
        Assert.True(node.Clock.HasCrashed, "nothing crashed");
        node.WaitFor(() => node.Web().Written == node.Web().Revision, "the kernel has the newest");

        node.Change(_ => Configs.Service(Configs.Backend(1)).Unchecked());
        node.WaitFor(() => node.Table().All(slot => slot.Current == 1), "changes go on");
        Assert.Contains(node.Table(), slot => slot.Previous is 2 or 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_service_that_is_made_anew_or_fails_has_the_config_of_now_and_writes_nothing(bool fails)
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)).Unchecked());
        node.Change(_ => Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked());
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 2), "backend 2 is used");
        node.WaitFor(() => node.Web().Written == node.Web().Revision, "the kernel has the newest");
        string digest = node.Web().Digest;
        int writes = node.Datapath.Writes.Count;

        IActorRef? before = null;
        node.WaitFor(() => (before = Find()) is not null, "the service is found");
        if (fails)
        {
            before!.Tell(new ConfigureService(null!, null!, 0, 0));
        }
        else
        {
            node.Site.Tell(new RepairService("web", LacksConfig: false));
        }

        node.WaitFor(() => Find() is { } now && !now.Equals(before), "the service has begun anew");
        node.WaitFor(() => node.Web() is { Slots: > 0 } web && web.Written == web.Revision, "it has a table");

        Assert.Equal(digest, node.Web().Digest);
        Assert.Equal(2, node.Web().Backends.Length);
        Assert.Empty(node.Datapath.Writes.Skip(writes));
        node.Change(_ => Configs.Service(Configs.Backend(2)).Unchecked());
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "changes go on");

        IActorRef? Find()
        {
            try
            {
                return node.System.ActorSelection("/user/site/services/web")
                    .Ask<ActorIdentity>(new Identify("web"), TimeSpan.FromMilliseconds(200)).GetAwaiter().GetResult().Subject;
            }
            catch (AskTimeoutException)
            {
                return null; // It was asked while it ended.
            }
        }
    }

    [Fact]
    public async Task A_crash_of_the_bridge_alone_rewrites_nothing()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked());
        int writes = node.Datapath.Writes.Count;
        var before = node.Table();
        TaskCompletionSource<Error> crash = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef listener = node.System.ActorOf(Props.Create(() => new Listener<Error>(crash)));
        node.System.EventStream.Subscribe(listener, typeof(Error));
        node.System.ActorSelection("/user/site/kernel").Tell(new ConfigureKernel(null!, [], TimeSpan.Zero, TimeSpan.Zero));
        Assert.EndsWith("/user/site/kernel", (await crash.Task.WaitAsync(TimeSpan.FromSeconds(30))).LogSource, StringComparison.Ordinal);
        node.Change(web => web with { Seed = 8 });
        node.WaitFor(() => node.Service(Configs.Vip)!.Seed == 8, "changes go on");
        Assert.Equal(before, node.Table());
        Assert.Equal(["WriteService"], node.Datapath.Writes.Skip(writes));
    }

    private sealed class Listener<T> : ReceiveActor
    {
        public Listener(TaskCompletionSource<T> heard) => Receive<T>(message => heard.TrySetResult(message));
    }
}
