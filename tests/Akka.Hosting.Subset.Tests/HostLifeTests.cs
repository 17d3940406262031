using Akka.Actor;
using Akka.Hosting.Subset.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Subset.Tests;

public sealed class HostLifeTests
{
    [Fact]
    public async Task Host_that_has_started_has_its_actors()
    {
        await using TestHost host = await TestHost.StartAsync(
            akka => akka.WithActors((system, registry) => registry.Register<Echo>(system.ActorOf(Echo.Props, "echo"))));

        Assert.Equal("hello", await host.Registry.Get<Echo>().Ask<string>("hello", TestHost.Deadline));
        Assert.Equal("test", host.System.Name);
    }

    [Fact]
    public async Task Actors_start_in_the_order_they_were_added_and_startups_after_all_of_them()
    {
        List<string> order = [];
        await using TestHost host = await TestHost.StartAsync(akka => akka
            .AddStartup((_, registry) => order.Add($"startup 1 {registry.Any()}"))
            .WithActors(async (system, registry) =>
            {
                await Task.Yield();
                registry.Register<Echo>(system.ActorOf(Echo.Props));
                order.Add("actors 1");
            })
            .StartActors((_, _) => order.Add("actors 2"))
            .AddStartup(async (_, _) =>
            {
                await Task.Yield();
                order.Add("startup 2");
            })
            .WithActors((_, _) => order.Add("actors 3")));

        Assert.Equal(["actors 1", "actors 2", "actors 3", "startup 1 True", "startup 2"], order);
    }

    [Fact]
    public async Task Stop_of_the_host_runs_the_phases_of_the_coordinated_shutdown_in_their_order()
    {
        string[] phases =
        [
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        ];
        List<string> run = [];
        await using TestHost host = await TestHost.StartAsync(akka => akka.WithActors((system, _) =>
        {
            foreach (string phase in phases.Reverse())
            {
                CoordinatedShutdown.Get(system).AddTask(phase, "note", async () =>
                {
                    await Task.Yield();
                    run.Add($"{phase} {system.WhenTerminated.IsCompleted}");
                    return Done.Instance;
                });
            }
        }));
        ActorSystem system = host.System;

        await host.StopAsync();

        Assert.Equal(phases.Select(phase => $"{phase} False"), run);
        Assert.True(system.WhenTerminated.IsCompleted, "the actors outlive the host");
        Assert.IsType<CoordinatedShutdown.ClrExitReason>(CoordinatedShutdown.Get(system).ShutdownReason);
    }

    [Fact]
    public async Task System_that_ends_by_itself_stops_the_host()
    {
        await using TestHost host = await TestHost.StartAsync(akka => akka.WithActors((_, _) => { }));
        TaskCompletionSource stopping = new();
        using CancellationTokenRegistration registration = host.Stopping.Register(stopping.SetResult);

        await host.System.Terminate().WaitAsync(TestHost.Deadline);

        await stopping.Task.WaitAsync(TestHost.Deadline);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_of_actors_or_a_startup_fails_the_start_and_leaves_no_actors(bool ofActors)
    {
        ActorSystem? seen = null;
        Task Fail(ActorSystem system, IActorRegistry registry)
        {
            seen = system;
            throw new InvalidOperationException("no way");
        }

        await using TestHost host = new(akka => _ = ofActors ? akka.WithActors(Fail) : akka.AddStartup(Fail));

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);

        Assert.Equal("no way", failure.Message);
        Assert.True(seen!.WhenTerminated.IsCompleted, "the actors outlive the failure");
        Assert.Contains(host.Log.Entries, e => e.Level == LogLevel.Critical && e.Text.Contains("no way"));
    }

    [Fact]
    public async Task Configuration_that_cannot_be_used_fails_the_start()
    {
        await using TestHost host = new(
            akka => akka.AddHocon("akka.actor.ask-timeout = banana", HoconAddMode.Prepend));

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(host.StartAsync);

        Assert.Contains("banana", failure.Message);
    }

    [Fact]
    public async Task Builder_that_fails_fails_the_start()
    {
        await using TestHost host = new((_, _) => throw new InvalidOperationException("no way"));

        await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
    }
}
