using Lb.Actors;
using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

/// <summary>Keys on how a service uses its pool.</summary>
public sealed class PoolPolicyTests
{
    [Theory]
    [InlineData("panic-threshold = ▸101%", "panic-threshold", "1.01 is too large", "a share from 0 to 1", "write a share")]
    [InlineData("panic-threshold = ▸-0.1", "panic-threshold", "-0.1 is too small", "a share from 0 to 1", "write a share")]
    [InlineData("panic-threshold = ▸half", "panic-threshold", "\"half\" is no share", "a share from 0 to 1", "0.25 or 25%")]
    [InlineData("slow-start = ▸3s", "slow-start", "\"3s\" is too short", "off or a duration from 4s to 1h", "500ms, 2s or 15m")]
    [InlineData("slow-start = ▸2h", "slow-start", "\"2h\" is too long", "off or a duration from 4s to 1h", "500ms, 2s or 15m")]
    [InlineData("slow-start = 30s, slow-start-from = ▸0", "slow-start-from", "begin with nothing", "a share above 0", "10%")]
    [InlineData("drain.deadline = ▸0s", "drain.deadline", "\"0s\" is too short", "never or a duration from 1s to 30d", "500ms, 2s or 15m")]
    [InlineData("drain.deadline = ▸31d", "drain.deadline", "\"31d\" is too long", "never or a duration from 1s to 30d", "500ms, 2s or 15m")]
    [InlineData("drain.then = ▸cut", "drain.then", "\"cut\" is not known", "reset, keep", "write")]
    public void Value_that_cannot_be_is_refused(string line, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(line, "b1.address = 10.0.2.11"), $"lb.services.web.{key}", problem, expected, mend);

    [Fact]
    public void Keys_are_read_and_what_is_not_said_is_off()
    {
        ServiceConfig web = Read("panic-threshold = 40%", "b1.address = 10.0.2.11, b2 { address = 10.0.2.12, backup = true }");
        Assert.Equal(0.4, web.Pool.PanicThreshold);
        Assert.Equal([false, true], web.Backends.Values.Select(backend => backend.Backup));
        Assert.Equal(PoolPolicy.Default, Read("", "b1.address = 10.0.2.11").Pool);
    }

    [Fact]
    public void Pool_of_backups_alone_is_a_warning() => AssertWarning(
        """
        lb { interfaces = [eth0]
          services { ▸web { vip = 192.0.2.1, port = 80, backends.b1 { address = 10.0.2.11, backup = true } } } }
        """,
        "lb.services.web",
        "every backend is a last resort");

    [Fact]
    public void Slow_start_without_checks_is_a_warning() => AssertWarning(
        MarkedConfig.Service("slow-start = ▸30s, health.check = none", "b1.address = 10.0.2.11"),
        "lb.services.web.slow-start",
        "no backend comes up");

    [Fact]
    public void Slow_start_is_read()
    {
        PoolPolicy pool = Read("slow-start = 30s, slow-start-from = 25%", "b1.address = 10.0.2.11").Pool;
        Assert.Equal((TimeSpan.FromSeconds(30), 0.25), (pool.SlowStart, pool.SlowStartFrom));
    }

    [Fact]
    public void Deadline_without_tracking_is_a_warning() => AssertWarning(
        MarkedConfig.Service("tracking = none, drain.deadline = ▸5m", "b1.address = 10.0.2.11"),
        "lb.services.web.drain.deadline",
        "flows leave a backend as soon as it drains");

    [Fact]
    public void Deadlines_are_those_of_the_service_unless_a_backend_has_its_own()
    {
        ServiceConfig web = Read(
            "drain { deadline = 10m, then = keep }",
            "b1.address = 10.0.2.11, b2 { address = 10.0.2.12, drain-deadline = never }, b3 { address = 10.0.2.13, drain-deadline = 5m }");
        Assert.Equal((TimeSpan.FromMinutes(10), DrainThen.Keep), (web.Pool.DrainDeadline, web.Pool.DrainThen));
        Assert.Equal([null, TimeSpan.Zero, TimeSpan.FromMinutes(5)], web.Backends.Values.Select(backend => backend.DrainDeadline));
    }

    [Fact]
    public void Panic_threshold_without_checks_is_a_warning() => AssertWarning(
        MarkedConfig.Service("panic-threshold = ▸50%, health.check = none", "b1.address = 10.0.2.11"),
        "lb.services.web.panic-threshold",
        "no backend is ever down");

    private static ServiceConfig Read(string service, string backends) =>
        ConfigLoader.LoadText(MarkedConfig.Service(service, backends), "x").Config!.Site.Services["web"];

    private static void AssertWarning(string marked, string key, string problem)
    {
        ConfigIssue issue = MarkedConfig.Only(marked);
        Assert.Equal((Severity.Warning, key), (issue.Severity, issue.Key));
        Assert.Contains(problem, issue.Problem);
    }
}
