using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>An actor system, a test actor and expectations about what it gets.</summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static int _lastTestActor;

    private readonly ITestKitAssertions _assertions;
    private readonly TestQueue _queue = new();
    private readonly ImplicitSender? _implicitSender;
    private MessageEnvelope _lastMessage = NullMessageEnvelope.Instance;
    private TimeSpan? _end;
    private bool _lastWasNoMessage;

    /// <summary>Creates a kit for a system, or one with a system of its own.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    /// <summary>Creates a kit with a system of its own.</summary>
    protected TestKitBase(
        ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null,
        string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    /// <summary>Creates a kit with a system of its own.</summary>
    protected TestKitBase(
        ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(
            assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName,
            testActorName)
    {
    }

    private protected TestKitBase(
        ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup setup, string? actorSystemName,
        string? testActorName)
    {
        ArgumentNullException.ThrowIfNull(assertions);
        _assertions = assertions;
        Sys = system ?? ActorSystem.Create(actorSystemName ?? "test", WithDefaults(setup));
        TestKitSettings = new TestKitSettings(Sys.Settings.Config);
        Log = Logging.GetLogger(Sys, GetType());
        EventFilter = new EventFilterFactory(this, Sys, []);
        TestActor = CreateTestActor(
            string.IsNullOrEmpty(testActorName)
                ? $"testActor{Interlocked.Increment(ref _lastTestActor)}"
                : testActorName);
        _implicitSender = this is TestProbe ? null : ImplicitSender.Start(this is INoImplicitSender ? null : TestActor);
    }

    /// <summary>What a test's system is configured with where the test says nothing.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
          test {
            timefactor = 1.0
            filter-leeway = 3s
            single-expect-default = 3s
            default-timeout = 5s
          }
        }
        """);

    /// <summary>A configuration that logs everything.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = DEBUG
          stdout-loglevel = DEBUG
          log-dead-letters = on
          log-dead-letters-during-shutdown = on
        }
        """);

    /// <summary>The actor system.</summary>
    public ActorSystem Sys { get; }

    /// <summary>The durations of the kit.</summary>
    public TestKitSettings TestKitSettings { get; }

    /// <summary>The actor whose messages the expectations are about.</summary>
    public IActorRef TestActor { get; }

    /// <summary>The log of the test.</summary>
    public ILoggingAdapter Log { get; }

    /// <summary>Expectations about log events.</summary>
    public EventFilterFactory EventFilter { get; }

    /// <summary>The message received last; null when the last wait was in vain.</summary>
    public object? LastMessage => _lastMessage.Message;

    /// <summary>The sender of the message received last.</summary>
    public IActorRef LastSender => _lastMessage.Sender!;

    /// <summary>Whether there is a message that was not received yet.</summary>
    public bool HasMessages => _queue.Count > 0;

    internal ITestKitAssertions TestAssertions => _assertions;

    private static TimeSpan Clock => Stopwatch.GetElapsedTime(0);

    /// <summary>Makes expectations about the log events of another system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system, []);

    /// <summary>Creates an actor that keeps what it gets as <see cref="TestActor"/> does.</summary>
    public IActorRef CreateTestActor(string name) =>
        ((ExtendedActorSystem)Sys).SystemActorOf(
            Props.Create<InternalTestActor>(_queue).OnCallersThread(), name);

    /// <summary>Creates a probe: a test actor with expectations of its own.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>Creates a probe in another system.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) =>
        new(system, _assertions, name);

    /// <summary>Creates a latch that opens when it was counted down that many times.</summary>
    public virtual TestLatch CreateTestLatch(int count = 1) => new(Dilated, count, TestKitSettings.DefaultTimeout);

    /// <summary>Ends the system and waits for its end.</summary>
    /// <exception cref="TimeoutException">
    /// It did not end in time, and <paramref name="verifySystemShutdown"/> asks for that.
    /// </exception>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>Ends a system and waits for its end.</summary>
    /// <exception cref="TimeoutException">
    /// It did not end in time, and <paramref name="verifySystemShutdown"/> asks for that.
    /// </exception>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        ArgumentNullException.ThrowIfNull(system);
        var longest = duration ?? Dilated(TimeSpan.FromSeconds(5));
        if (system.Terminate().Wait(longest))
        {
            return;
        }

        var text = $"The system [{system.Name}] did not end within {longest}; still there:{Environment.NewLine}"
            + ((ExtendedActorSystem)system).PrintTree();
        if (verifySystemShutdown)
        {
            throw new TimeoutException(text);
        }

        system.Log.Warning(text);
    }

    private protected void LeaveTest() => _implicitSender?.Stop();

    private static ActorSystemSetup WithDefaults(ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>() is { HasValue: true } given ? given.Value : BootstrapSetup.Create();
        return setup.WithSetup(bootstrap.WithConfigFallback(DefaultConfig));
    }
}
