using Akka.Actor;
using Akka.Configuration;
using Xunit;
using Xunit.Sdk;

namespace Akka.TestKit.Tests.Support;

/// <summary>A test of the kit: what must come has time to come on a slow machine.</summary>
public abstract class KitTest(string config = "") : Xunit2.TestKit(
    ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString(Patient)))
{
    /// <summary>A time for what must not come.</summary>
    protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    private const string Patient =
        "akka.test { single-expect-default = 30s, filter-leeway = 30s, default-timeout = 30s }";

    /// <summary>Requires an expectation to fail with a text that has these parts.</summary>
    protected static void Fails(Action expectation, params string[] parts) =>
        Says(Assert.ThrowsAny<XunitException>(expectation), parts);

    /// <inheritdoc cref="Fails(Action, string[])"/>
    protected static async Task FailsAsync(Func<Task> expectation, params string[] parts) =>
        Says(await Assert.ThrowsAnyAsync<XunitException>(expectation), parts);

    /// <summary>Sends to the test actor.</summary>
    protected void Come(params object[] messages)
    {
        foreach (var message in messages)
        {
            TestActor.Tell(message, ActorRefs.NoSender);
        }
    }

    private static void Says(Exception failure, string[] parts)
    {
        foreach (var part in parts)
        {
            Assert.Contains(part, failure.Message);
        }
    }
}
