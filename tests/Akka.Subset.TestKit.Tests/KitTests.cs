using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Xunit;
using Xunit.Abstractions;

namespace Akka.TestKit.Tests;

public sealed class KitTests
{
    [Fact]
    public void A_kit_ends_its_system_with_the_test()
    {
        var kit = new Kit("akka.test.timefactor = 2", null);
        var ended = kit.Sys.WhenTerminated;
        Assert.Equal("test", kit.Sys.Name);

        kit.Dispose();
        kit.Dispose();

        Assert.True(ended.IsCompletedSuccessfully);
        Assert.Equal(1, kit.Ends);
    }

    [Fact]
    public void A_kit_is_made_for_a_system_a_setup_or_a_configuration()
    {
        using var named = new Kit(Xunit2.TestKit.FullDebugConfig, "named");
        Assert.Equal("named", named.Sys.Name);
        Assert.Equal("DEBUG", named.Sys.Settings.LogLevel);

        using var setUp = new Kit(ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig("a = 1")), "setup");
        Assert.Equal(1, setUp.Sys.Settings.Config.GetInt("a"));

        using var shared = new Kit(named.Sys);
        Assert.Same(named.Sys, shared.Sys);
        Assert.NotEqual(named.TestActor, shared.TestActor);
    }

    [Fact]
    public void A_system_that_does_not_end_in_time_fails_with_the_actors_that_are_left()
    {
        using var kit = new Kit("", null);
        using var busy = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        kit.Sys.ActorOf(Props.Create<Stubborn>(busy, go), "stubborn").Tell("wait");
        Assert.True(busy.Wait(TimeSpan.FromSeconds(30)), "the actor does not get its message");

        var failure = Assert.Throws<TimeoutException>(
            () => kit.Shutdown(TimeSpan.FromMilliseconds(50), verifySystemShutdown: true));
        go.Set();

        Assert.Contains("stubborn", failure.Message);
    }

    [Fact]
    public void The_log_goes_to_the_output_of_the_test()
    {
        var output = new Output();
        using (var kit = new Kit("", output))
        {
            kit.EventFilter.Info("for the record").ExpectOne(() => kit.Log.Info("for the record"));
            kit.AwaitAssert(() => Assert.Contains("for the record", output.Text));
        }
    }

    [Fact]
    public void A_system_without_the_listener_cannot_expect_events()
    {
        using var kit = new Kit("akka { loggers = [], test.filter-leeway = 50ms }", null);

        var failure = Assert.Throws<InvalidOperationException>(() => kit.EventFilter.Info().ExpectOne(() => { }));

        Assert.Contains("akka.loggers", failure.Message);
    }

    private sealed class Kit : Xunit2.TestKit, INoImplicitSender
    {
        public Kit(string config, ITestOutputHelper? output)
            : base(config, output)
        {
        }

        public Kit(Configuration.Config config, string name)
            : base(config, name)
        {
        }

        public Kit(ActorSystemSetup setup, string name)
            : base(setup, name)
        {
        }

        public Kit(ActorSystem system)
            : base(system)
        {
        }

        public int Ends { get; private set; }

        protected override void AfterAll() => Ends++;
    }

    private sealed class Stubborn(ManualResetEventSlim busy, ManualResetEventSlim go) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            busy.Set();
            go.Wait(TimeSpan.FromSeconds(30));
        }
    }

    private sealed class Output : ITestOutputHelper
    {
        private readonly Lock _lock = new();
        private string _text = "";

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return _text;
                }
            }
        }

        public void WriteLine(string message)
        {
            lock (_lock)
            {
                _text += message + "\n";
            }
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}
