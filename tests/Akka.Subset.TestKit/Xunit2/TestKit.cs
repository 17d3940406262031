using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>Base of xUnit tests of actors: a test kit with an actor system that ends with the test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Where the test's output goes, if anywhere.</summary>
    [SuppressMessage("Design", "CA1051", Justification = "The field is Akka.NET's API.")]
    protected readonly ITestOutputHelper? Output;

    private bool _disposed;

    /// <summary>Creates a kit for a system, or one with a system of its own.</summary>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>Creates a kit with a system of its own.</summary>
    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>Creates a kit with a system of its own.</summary>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>Creates a kit with a system of its own.</summary>
    public TestKit(string config, ITestOutputHelper? output = null)
        : base(Assertions, ConfigurationFactory.ParseString(config))
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>What a test's system is configured with where the test says nothing.</summary>
    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <summary>A configuration that logs everything.</summary>
    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    /// <summary>The assertions of xUnit.</summary>
    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Ends the system.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called before the system is ended.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Makes a system log to the test's output.</summary>
    protected void InitializeLogger(ActorSystem system)
    {
        if (Output is { } output)
        {
            var logger = ((ExtendedActorSystem)system).SystemActorOf(
                Props.Create<TestOutputLogger>(output), "log-test");
            logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TestKitSettings.DefaultTimeout)
                .GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends the system.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            Shutdown();
            LeaveTest();
        }
    }
}
