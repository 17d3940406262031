using Lb.Testing;

namespace Lb.Netns.Tests.Units;

/// <summary>A fact that asks <c>systemd-analyze</c>: skipped where it is missing, failed there in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    private static readonly bool s_there = Environment.GetEnvironmentVariable("PATH")?
        .Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "systemd-analyze"))) == true;

    /// <summary>Decides whether the test runs.</summary>
    public SystemdFactAttribute() => Skip = s_there || Privileges.SkipsAreFailures ? null : "Needs systemd-analyze.";
}
