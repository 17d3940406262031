using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Xunit;

namespace Akka.Subset.Tests.Support;

/// <summary>A test with an actor system of its own that prints nothing and ends with the test.</summary>
public abstract class ActorTest : IAsyncLifetime
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private const string Quiet = "akka { loggers = [], log-dead-letters = off, loglevel = DEBUG }";

    protected ActorTest(string config = "")
    {
        Time = new FakeTime();
        var whole = ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString(Quiet));
        Sys = ActorSystem.Create(
            "test",
            ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(whole), new TimeProviderSetup(Time)));
    }

    protected FakeTime Time { get; }

    protected ActorSystem Sys { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        ((ExtendedActorSystem)Sys).Abort();
        await Sys.WhenTerminated.WaitAsync(Deadline);
    }

    /// <summary>Waits for a task with the deadline of all tests.</summary>
    protected static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Deadline);

    /// <summary>Waits for a task with the deadline of all tests.</summary>
    protected static Task Soon(Task task) => task.WaitAsync(Deadline);

    protected Probe NewProbe() => new(Sys);

    /// <summary>Creates an actor whose behaviour is a function.</summary>
    protected IActorRef Act(Action<IActorContext, object> receive, string? name = null) =>
        Sys.ActorOf(Props.Create(() => new LambdaActor(receive)), name);

    /// <summary>Stops an actor and waits for its end.</summary>
    protected async Task StopAndWait(IActorRef actor)
    {
        var end = actor.WatchAsync();
        Sys.Stop(actor);
        await Soon(end);
    }
}

/// <summary>An actor whose behaviour is a function.</summary>
public sealed class LambdaActor(Action<IActorContext, object> receive) : UntypedActor
{
    protected override void OnReceive(object message) => receive(Context, message);
}
