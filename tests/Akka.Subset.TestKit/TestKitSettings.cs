using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The durations of a test kit, from <c>akka.test</c>.</summary>
public class TestKitSettings : IExtension
{
    /// <summary>Reads the settings.</summary>
    public TestKitSettings(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        DefaultTimeout = Finite(config, "akka.test.default-timeout", 5);
        SingleExpectDefault = Finite(config, "akka.test.single-expect-default", 3);
        TestEventFilterLeeway = Finite(config, "akka.test.filter-leeway", 3);
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 1);
        if (TestTimeFactor <= 0)
        {
            throw new ConfigurationException($"[akka.test.timefactor] is [{TestTimeFactor}] but must be above 0");
        }
    }

    /// <summary>How long a latch waits.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long an expectation waits that is given no time.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an event filter waits after its block.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>By what all times are multiplied, for slow machines.</summary>
    public double TestTimeFactor { get; }

    private static TimeSpan Finite(Config config, string path, int seconds) =>
        config.GetTimeSpan(path, TimeSpan.FromSeconds(seconds), allowInfinite: false);
}
